#include "hourglass/plot/point_panels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "hourglass/io/formatting.hpp"
#include "script.hpp"

namespace hourglass {
namespace {

constexpr std::size_t most_points = 70'000, most_classes = 50;  // ten colours, each with 5 symbols

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

/// A block of where each class has its mean, and its name, unless it would cover one before it.
std::string class_names(const Matrix& Y, const std::vector<std::size_t>& labels, const std::vector<std::string>& classes) {
    std::vector<double> x(classes.size()), y(classes.size()), count(classes.size());
    double left = INFINITY, right = -INFINITY, bottom = INFINITY, top = -INFINITY;
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        x[labels[i]] += static_cast<double>(Y(i, 0));
        y[labels[i]] += static_cast<double>(Y(i, 1));
        ++count[labels[i]];
        left = std::min(left, static_cast<double>(Y(i, 0))), right = std::max(right, static_cast<double>(Y(i, 0)));
        bottom = std::min(bottom, static_cast<double>(Y(i, 1))), top = std::max(top, static_cast<double>(Y(i, 1)));
    }
    std::string data = "# where a class has its mean, and its name\n";
    std::vector<std::size_t> named;
    for (std::size_t c = 0; c < classes.size(); ++c) {
        x[c] /= count[c];  // NaN where there is none
        y[c] /= count[c];
        const bool covers = std::ranges::any_of(named, [&](std::size_t other) {
            return std::abs(x[c] - x[other]) < 0.2 * (right - left) && std::abs(y[c] - y[other]) < 0.05 * (top - bottom);
        });
        if (count[c] > 0 && !covers) {
            data += text("%.4g %.4g ", x[c], y[c]) + gnuplot_data_string(classes[c]) + "\n";
            named.push_back(c);
        }
    }
    return data + "\n\n";
}

/// How the points of a class look: ten colours that are told apart, and symbols that differ in gray too.
std::string point_style(std::size_t c, double size) {
    constexpr std::array<int, 5> symbols = {7, 5, 9, 13, 11};
    constexpr std::array<const char*, 10> colours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
                                                     "#56B4E9", "#7f7f7f", "#8c564b", "#bcbd22", "#9467bd"};
    return text("points pt %d ps %g lc rgb '", symbols[(c + c / 10) % symbols.size()], size) + colours[c % 10] + "'";
}

}  // namespace

void draw_point_panels(Pictures& pictures, const std::string& name, const std::string& title,
                       const std::vector<PointPanel>& panels, const std::vector<std::size_t>& labels,
                       const std::vector<std::string>& classes) {
    const bool coloured = !labels.empty() && classes.size() <= most_classes;
    const std::vector<std::size_t> groups = coloured ? labels : std::vector<std::size_t>{};
    const std::vector<std::string> names = coloured ? classes : std::vector<std::string>{"rows"};
    const bool named = coloured && panels.size() == 1;
    const int width = named ? 1040 : static_cast<int>(panels.size()) * 560 + 20, height = named ? 720 : 560;
    const Key key = coloured ? key_below(names, width, height) : Key{"set key off\n", 0};
    const std::size_t n = panels.front().Y.rows();
    const double size = n <= 300 ? 1 : n <= 5000 ? 0.6 : n <= 20'000 ? 0.4 : 0.2;
    std::ostringstream commands;
    commands << "set multiplot layout 1," << panels.size() << " title " << gnuplot_string(title)
             << " font ',14'\nset border 3\nset tics nomirror\nset grid lc rgb '#dddddd' lw 1\n"
             << "set offsets graph 0.03, graph 0.03, graph 0.03, graph 0.03\n" << key.commands << "set style textbox opaque noborder margins 0.5,0.5\n";
    std::string data;
    for (std::size_t p = 0; p < panels.size(); ++p) {
        const PointPanel& panel = panels[p];
        data += panel_data(panel, groups, names);
        commands << "set title " << gnuplot_string(panel.title) << "\nset xlabel " << gnuplot_string(panel.x_label)
                 << "\nset ylabel " << gnuplot_string(panel.y_label) << "\n"
                 << (panel.x_label.empty() ? "unset tics\nunset grid\nunset border\nset size ratio -1\n" : "") << "plot ";
        for (std::size_t c = 0; c < names.size(); ++c) {
            commands << (c == 0 ? "" : ", \\\n     ") << "DATA index " << p * names.size() + c << " using 1:2 with "
                     << point_style(c, size) << " notitle";
            if (p == 0 && coloured) {
                commands << ", \\\n     NaN with " << point_style(c, 1.2) << " title " << gnuplot_string(names[c]);
            }
        }
        if (named) {
            data += class_names(panel.Y, groups, names);
            commands << ", \\\n     DATA index " << names.size()
                     << " using 1:2:3 with labels font 'DejaVu Sans Bold,13' boxed notitle";
        }
        commands << "\n";
    }
    pictures.draw(name, width, height + key.height, data, commands.str() + "unset multiplot\n");
}

}  // namespace hourglass
