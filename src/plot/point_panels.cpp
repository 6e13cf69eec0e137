#include "hourglass/plot/point_panels.hpp"

#include <array>
#include <sstream>

#include "hourglass/io/formatting.hpp"
#include "script.hpp"

namespace hourglass {
namespace {

constexpr std::size_t most_points = 20'000, most_classes = 40;  // 8 colours, each with 5 symbols

/// One block a class: the points of a panel.
std::string panel_data(const PointPanel& panel, const std::vector<std::size_t>& labels,
                       const std::vector<std::string>& classes) {
    const std::size_t n = panel.Y.rows(), stride = (n + most_points - 1) / most_points;
    std::vector<std::string> blocks;
    for (const std::string& name : classes) {
        blocks.push_back("# " + one_line(panel.title) + ", " + one_line(name) + ": x, y\n");
    }
    for (std::size_t i = 0; i < n; i += stride) {
        blocks[labels.empty() ? 0 : labels[i]] +=
            text("%.5g %.5g\n", static_cast<double>(panel.Y(i, 0)), static_cast<double>(panel.Y(i, 1)));
    }
    std::string data;
    for (const std::string& block : blocks) {
        data += block + "NaN NaN\n\n\n";  // an empty block would not count
    }
    return data;
}

/// How the points of a class look: filled symbols of eight colours.
std::string point_style(std::size_t c, double size) {
    constexpr std::array<int, 5> symbols = {7, 5, 9, 13, 11};
    return text("points pt %d ps %g lc rgb '", symbols[c / 8 % symbols.size()], size) + curve_colour(c % 8) + "'";
}

}  // namespace

void draw_point_panels(Pictures& pictures, const std::string& name, const std::string& title,
                       const std::vector<PointPanel>& panels, const std::vector<std::size_t>& labels,
                       const std::vector<std::string>& classes) {
    const bool coloured = !labels.empty() && classes.size() <= most_classes;
    const std::vector<std::size_t> groups = coloured ? labels : std::vector<std::size_t>{};
    const std::vector<std::string> names = coloured ? classes : std::vector<std::string>{"rows"};
    const int width = static_cast<int>(panels.size()) * 560 + 20, height = 560;
    const Key key = coloured ? key_below(names, width, height) : Key{"set key off\n", 0};
    const std::size_t n = panels.front().Y.rows();
    const double size = n <= 300 ? 1 : n <= 3000 ? 0.6 : 0.35;
    std::ostringstream commands;
    commands << "set multiplot layout 1," << panels.size() << " title " << gnuplot_string(title)
             << " font ',14'\nset border 3\nset tics nomirror\nset grid lc rgb '#dddddd' lw 1\n"
             << "set offsets graph 0.03, graph 0.03, graph 0.03, graph 0.03\n" << key.commands;
    std::string data;
    for (std::size_t p = 0; p < panels.size(); ++p) {
        const PointPanel& panel = panels[p];
        data += panel_data(panel, groups, names);
        commands << "set title " << gnuplot_string(panel.title) << "\nset xlabel " << gnuplot_string(panel.x_label)
                 << "\nset ylabel " << gnuplot_string(panel.y_label) << "\n"
                 << (panel.x_label.empty() ? "unset tics\nunset grid\n" : "") << "plot ";
        for (std::size_t c = 0; c < names.size(); ++c) {
            commands << (c == 0 ? "" : ", \\\n     ") << "DATA index " << p * names.size() + c << " using 1:2 with "
                     << point_style(c, size) << " notitle";
            if (p == 0 && coloured) {
                commands << ", \\\n     NaN with " << point_style(c, 1.2) << " title " << gnuplot_string(names[c]);
            }
        }
        commands << "\n";
    }
    pictures.draw(name, width, height + key.height, data, commands.str() + "unset multiplot\n");
}

}  // namespace hourglass
