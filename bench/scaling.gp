# gnuplot -e "folder='out/bench'" bench/scaling.gp
# Draws FOLDER/scaling.png from FOLDER/scaling.csv, as ./lab bench --scaling --out FOLDER leaves it: the
# time of a training step as one number of the net or the batch grows.
if (!exists("folder")) folder = "out/bench"
set datafile separator comma
set terminal pngcairo size 1500,560 font "sans,13"
set encoding utf8
set output folder."/scaling.png"
data = folder."/scaling.csv"
pick(sweep, threads) = sprintf("< awk -F, 'NR > 1 && $1 == \"%s\" && $5 == %d' %s", sweep, threads, data)

set multiplot layout 1,3 title "What a training step costs as it grows" font ",17"
set logscale xy 2
set logscale y 10
set grid lc rgb "#dddddd"
set ylabel "microseconds a step"
set key top left Left reverse
set format y "%g"
set pointsize 1.4
set lmargin 10
set bmargin 4

set title "width w of 784-w-784, batch 256"
set xlabel "hidden neurons"
set xrange [6:2800]
set xtics (8, 32, 128, 512, 2048)
plot pick("width", 1) using 2:(1e6 * $6) with linespoints lw 2 pt 7 lc rgb "#c0392b" title "1 thread", \
     pick("width", 2) using 2:(1e6 * $6) with linespoints lw 2 pt 6 lc rgb "#1f77b4" title "2 threads"

set title "batch of 784-64-784"
set xlabel "samples a batch"
set xrange [0.7:6000]
set xtics (1, 4, 16, 64, 256, "1k" 1024, "4k" 4096)
plot pick("batch", 1) using 2:(1e6 * $6) with linespoints lw 2 pt 7 lc rgb "#c0392b" title "1 thread", \
     pick("batch", 2) using 2:(1e6 * $6) with linespoints lw 2 pt 6 lc rgb "#1f77b4" title "2 threads"

set title "depth, all layers 128 wide, batch 32"
set xlabel "hidden layers"
set xrange [0.8:45]
set xtics (1, 2, 4, 8, 16, 32)
plot pick("depth", 1) using 2:(1e6 * $6) with linespoints lw 2 pt 7 lc rgb "#c0392b" title "1 thread", \
     pick("depth", 2) using 2:(1e6 * $6) with linespoints lw 2 pt 6 lc rgb "#1f77b4" title "2 threads"
unset multiplot
