#include "hourglass/plot/lines.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace hourglass {

void draw_lines(Pictures& pictures, const std::string& name, const LineChart& chart,
                const std::vector<Line>& lines) {
    std::ostringstream data, commands;
    data.precision(9);
    commands
        << "set title " << gnuplot_string(chart.title) << " font ',14'\n"
        << "set xlabel " << gnuplot_string(chart.x_label) << "\n"
        << "set ylabel " << gnuplot_string(chart.y_label) << "\n"
        << "set format x '%g'\nset grid ytics xtics lc rgb '#dddddd' lw 1\nset border 3\nset tics "
           "nomirror\n"
        << "set key outside right top Left reverse samplen 3 font ',11'\nset offsets graph 0.03, "
        << "graph 0.03, graph 0.03, 0\n";
    if (chart.log_x) {
        commands << "set logscale x 2\n";
    }
    if (chart.y_max > 0) {
        commands << "set yrange [0:" << chart.y_max << "]\n";
    }
    commands << (chart.log_y ? "set logscale y\nset format y '%g'\n" : "");
    const auto whole = [](double x) { return x == std::floor(x); };
    if (!chart.log_x && std::ranges::all_of(lines, [&](const Line& line) {
            return std::ranges::all_of(line.x, whole);
        })) {
        commands << "set xtics 1\n";
    }
    // Where every line has a limit of its own, the two share a colour.
    const auto references = std::ranges::count_if(lines, &Line::is_reference);
    const bool paired = references > 0 && static_cast<std::size_t>(references) * 2 == lines.size();
    for (std::size_t l = 0; l < lines.size(); ++l) {
        const Line& line = lines[l];
        data << "# " << line.label << ": x, y\n";
        for (std::size_t i = 0; i < line.x.size(); ++i) {
            data << line.x[i] << " " << line.y[i] << "\n";
        }
        data << "\n\n";
        commands << (l == 0 ? "plot " : ", \\\n     ") << "DATA index " << l << " using 1:2 with "
                 << (line.is_reference ? "lines dt 2 lw 2" : "linespoints pt 7 ps 1 lw 2")
                 << " lc rgb '" << curve_colour(paired ? l % (lines.size() / 2) : l) << "' title "
                 << gnuplot_string(line.label);
    }
    commands << "\n";
    pictures.draw(name, 1050, 560, data.str(), commands.str());
}

}  // namespace hourglass
