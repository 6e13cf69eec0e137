#include "hourglass/plot/confusion_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

namespace hourglass {

void draw_confusion(Pictures& pictures, const std::string& name, const std::string& title,
                    const Matrix& counts, const std::vector<std::string>& labels,
                    const std::string& note, const std::string& sample) {
    const std::size_t n = counts.rows();
    std::size_t longest = 0;
    for (const std::string& label : labels) {
        longest = std::max(longest, label.size());
    }
    const bool few = n <= 16;  // so that there is room for larger numbers
    // A bold character of 11 points is some 9 pixels wide; columns share 900 of them.
    const std::string name_font = 9 * longest * (n + 3) <= 900 || !few ? "11" : "8";
    std::ostringstream cells, diagonal, texts, names;
    cells << "# column, row, share of the row in percent\n-99 -99 0\n";
    diagonal << "# diagonal: place, share that was right in percent\n";
    texts << "# column, row, what the cell says, 1: on a dark cell\n-99 -99 \"\" 0\n";
    names << "# place, name\n";
    double largest = 0;
    Matrix shares(n, n);
    for (std::size_t i = 0; i < n; ++i) {
        const auto row = counts.row(i);
        const double shown = std::accumulate(row.begin(), row.end(), 0.0);
        for (std::size_t j = 0; j < n; ++j) {
            shares(i, j) =
                static_cast<Scalar>(shown > 0 ? 100 * static_cast<double>(row[j]) / shown : 0);
            largest = i == j ? largest : std::max(largest, static_cast<double>(shares(i, j)));
        }
    }
    largest = largest > 0 ? largest : 1;
    for (std::size_t i = 0; i < n; ++i) {
        names << i << " " << gnuplot_data_string(labels[i]) << "\n";
        diagonal << i << " " << shares(i, i) << "\n";
        for (std::size_t j = 0; j < n; ++j) {
            const double share = static_cast<double>(shares(i, j));
            if (i != j && share > 0) {
                cells << j << " " << i << " " << share << "\n";
            }
            if (i == j || share >= 0.95) {
                texts << j << " " << i << " \"" << std::lround(share) << "\" "
                      << (i != j && share > 0.5 * largest) << "\n";
            }
        }
    }
    const auto last = std::to_string(n) + "-0.5";
    std::ostringstream commands;
    commands
        << "set label 1 " << gnuplot_string(title) << " at screen 0.46, 0.975 center font ',14'\n"
        << "set label 2 " << gnuplot_string(note)
        << " at screen 0.46, 0.018 center font ',11' tc rgb '#444444'\n"
        << "set label 3 " << gnuplot_string("the " + sample + " shown") << " at screen 0.018, 0.5 center rotate by 90\n"
        << "set label 4 'taken for (in % of the times that the row was shown; grey: right)' "
        << "at screen 0.46, 0.05 center\n"
        << "set lmargin at screen 0.04\nset rmargin at screen 0.89\n"
        << "set tmargin at screen 0.95\nset bmargin at screen 0.07\n"
        << "unset tics\nunset border\nset key off\n"
        << "set xrange [-1.9:" << last << "+1.0]\nset yrange [" << last << "+1.0:-1.5]\n"
        << "set palette defined (0 '#ffffff', 0.15 '#fde0c5', 0.5 '#eb7f54', 1 '#7a1f3d')\n"
        << "set cbrange [0:" << largest << "]\nset cbtics font ',10' format '%g %%'\n"
        << "set colorbox user origin screen 0.905, 0.25 size screen 0.022, 0.5\n"
        << "set style fill solid 1.0 noborder\n"
        << "do for [k=0:" << n << "] {\n"
        << "    set arrow from k-0.5, -0.5 to k-0.5, " << last
        << " nohead front lw 0.5 lc rgb '#dddddd'\n"
        << "    set arrow from -0.5, k-0.5 to " << last
        << ", k-0.5 nohead front lw 0.5 lc rgb '#dddddd'\n"
        << "}\n"
        << "plot DATA index 0 using 1:2:(0.5):(0.5):3 with boxxyerror lc palette, \\\n"
        << "     DATA index 1 using 1:1:(0.5):(0.5) with boxxyerror lc rgb '#c8c8c8', \\\n"
        << "     DATA index 2 using 1:2:3:($4 == 1 ? 0xffffff : 0x333333) with labels center "
        << "font '," << (few ? 12 : 8) << "' tc rgb variable, \\\n"
        << "     DATA index 3 using (-0.75):1:2 with labels right font 'DejaVu Sans Bold," << (few ? "10" : "11") << "', \\\n"
        << "     DATA index 3 using 1:(-1):2 with labels center font 'DejaVu Sans Bold," << name_font << "', \\\n"
        << "     DATA index 3 using 1:(" << last << "+0.5):2 with labels center font "
        << "'DejaVu Sans Bold," << name_font << "'\n";
    pictures.draw(
        name, 1080, 1000,
        cells.str() + "\n\n" + diagonal.str() + "\n\n" + texts.str() + "\n\n" + names.str(),
        commands.str());
}

}  // namespace hourglass
