#include "hourglass/plot/lines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <sstream>

#include "script.hpp"

namespace hourglass {
namespace {

/// Where numbers stand on a decimal logarithmic axis: 1, 2 and 5 of each decade where there are few.
std::string decimal_tics(const std::vector<Line>& lines) {
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (const Line& line : lines) {
        for (const double x : line.x) {
            low = x > 0 ? std::min(low, x) : low;
            high = std::max(high, x);
        }
    }
    std::string tics;
    for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10) {
        for (const double step : {1.0, 2.0, 5.0}) {
            tics += step == 1 || high < 1000 * low ? (tics.empty() ? "" : ", ") + to_text(step * decade) : "";
        }
    }
    return "set xtics (" + tics + ")\n";
}

}  // namespace

Line distribution_line(const std::string& label, std::vector<double> values, bool is_reference) {
    std::ranges::sort(values);
    Line line{label, {}, {}, is_reference};
    for (std::size_t percent = 2; percent < 100; percent += 4) {
        line.x.push_back(values[values.size() * percent / 100]);
        line.y.push_back(static_cast<double>(percent));
    }
    return line;
}

void draw_lines(Pictures& pictures, const std::string& name, const LineChart& chart,
                const std::vector<Line>& all_lines) {
    std::vector<Line> lines;
    std::ranges::copy_if(all_lines, std::back_inserter(lines), [](const Line& line) {
        return std::ranges::any_of(line.y, [](double y) { return std::isfinite(y); });
    });
    if (lines.empty()) {
        return;
    }
    constexpr int width = 900, height = 560;
    std::vector<std::string> names;
    for (const Line& line : lines) {
        names.push_back(line.label);
    }
    const Key key = key_below(names, width, height);
    std::ostringstream data, commands;
    data.precision(9);
    commands
        << "set title " << gnuplot_string(chart.title) << " font ',14'\n"
        << "set xlabel " << gnuplot_string(chart.x_label) << "\n"
        << "set ylabel " << gnuplot_string(chart.y_label) << "\n"
        << "set format x '%g'\nset grid ytics xtics lc rgb '#dddddd' lw 1\nset border 3\nset tics "
           "nomirror\n"
        << key.commands << "set autoscale xfix\nset offsets graph 0.03, "
        << "graph 0.03, graph 0.03, 0\n";
    if (chart.log_x) {
        commands << "set logscale x " << chart.log_x << "\n" << (chart.log_x == 10 ? decimal_tics(lines) : "");
    }
    if (chart.y_max > 0) {
        commands << "set yrange " << range_text(0, chart.y_max) << "\n";
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
    constexpr std::array<int, 5> symbols = {7, 5, 9, 13, 11};  // lines that differ in gray too
    for (std::size_t l = 0; l < lines.size(); ++l) {
        const Line& line = lines[l];
        data << "# " << one_line(line.label) << ": x, y\n";
        for (std::size_t i = 0; i < line.x.size(); ++i) {
            data << line.x[i] << " " << line.y[i] << "\n";
        }
        data << "\n\n";
        commands << (l == 0 ? "plot " : ", \\\n     ") << "DATA index " << l << " using 1:2 with "
                 << (line.is_reference ? "lines lw 2 dt " + std::to_string(2 + l % 3)
                                       : "linespoints ps 1 lw 2 pt " +
                                             std::to_string(symbols[l % symbols.size()]))
                 << " lc rgb '" << curve_colour(paired ? l % (lines.size() / 2) : l) << "' title "
                 << gnuplot_string(line.label);
    }
    commands << "\n";
    pictures.draw(name, width, height + key.height, data.str(), commands.str());
}

}  // namespace hourglass
