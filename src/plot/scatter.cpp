#include "hourglass/plot/scatter.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <sstream>

#include "hourglass/core/text.hpp"
#include "script.hpp"

namespace hourglass {
namespace {

using Points = std::vector<std::pair<double, double>>;

/// All points of a panel, by x.
Points sorted_points(const std::vector<ScatterGroup>& groups) {
    Points points;
    for (const ScatterGroup& group : groups) {
        assert(group.x.size() == group.y.size());
        for (std::size_t i = 0; i < group.x.size(); ++i) {
            points.emplace_back(group.x[i], group.y[i]);
        }
    }
    std::ranges::sort(points);
    return points;
}

/// The mean x and the mean y of each tenth of the points, or about that: points of one x stay together,
/// for among them the order is that of y.
Points mean_curve(const ScatterPanel& panel) {
    constexpr std::size_t parts = 10;
    const Points points = sorted_points(panel.groups);
    Points means;
    if (!panel.chart.mean_curve || points.size() < parts) {
        return means;
    }
    for (std::size_t begin = 0, end = 0; begin < points.size(); begin = end) {
        end = (means.size() + 1) * points.size() / parts;
        end = std::max(end, begin + 1);
        while (end < points.size() && points[end].first == points[end - 1].first) {
            ++end;
        }
        double x = 0, y = 0;
        for (std::size_t i = begin; i < end; ++i) {
            x += points[i].first / static_cast<double>(end - begin);
            y += points[i].second / static_cast<double>(end - begin);
        }
        means.emplace_back(x, y);
    }
    return means;
}

/// What all panels share: the range of y, and where a value of 0 stands on a logarithmic scale.
struct ScatterRange {
    double x_max = 0;
    double y_min = std::numeric_limits<double>::infinity();  // the smallest above 0
    double y_max = 0;

    explicit ScatterRange(const std::vector<ScatterPanel>& panels) {
        for (const ScatterPanel& panel : panels) {
            for (const Points& points : {sorted_points(panel.groups), mean_curve(panel)}) {
                for (const auto& [x, y] : points) {
                    x_max = std::max(x_max, x);
                    y_min = y > 0 ? std::min(y_min, y) : y_min;
                    y_max = std::max(y_max, y);
                }
            }
        }
        if (!(y_min <= y_max)) {
            y_min = y_max = 1;
        }
    }
    double zero() const { return y_min / 3; }
};

std::string scatter_axes(const ScatterPanel& panel, const ScatterRange& shared) {
    const ScatterRange own({panel});
    const double room =
        0.04 + 0.06 * static_cast<double>(panel.groups.size());  // for the key, at the top
    std::ostringstream commands;
    commands.precision(17);
    commands << "set title " << two_lines(panel.chart.title, panel.chart.note) << "\n"
             << "set xlabel " << gnuplot_string(panel.chart.x_label) << "\n"
             << "set ylabel " << gnuplot_string(panel.chart.y_label) << "\n"
             << "set xrange " << range_text(0, own.x_max > 0 ? own.x_max * 1.04 : 1) << "\n";
    if (panel.chart.log_y) {
        const double decade = std::pow(10, std::ceil(std::log10(shared.y_min)));
        commands << "set logscale y\nset ytics " << decade << ", 10, " << shared.y_max * 10
                 << "\nunset mytics\nset format y '%g'\n"
                 << "set yrange [" << shared.zero() / 1.6 << ":"
                 << shared.y_max * std::pow(shared.y_max / shared.zero(), room) << "]\n"
                 << "set ytics add ('none' " << shared.zero() << ")\n"
                 << "set arrow 1 from graph 0, first " << shared.y_min / 1.7
                 << " to graph 1, first " << shared.y_min / 1.7
                 << " nohead dt 3 lc rgb '#aaaaaa'\n";
    } else {
        commands << "unset logscale y\nset ytics auto\nset yrange [0:" << shared.y_max * (1 + room)
                 << "]\n";
    }
    return commands.str();
}

/// The plot command of a panel; its blocks begin with `block` in the data file.
std::string scatter_plot(const ScatterPanel& panel, const ScatterRange& range, std::size_t block) {
    const std::string y =
        panel.chart.log_y ? "($2 > 0 ? $2 : " + to_exact_text(range.zero()) + ")" : "2";
    std::ostringstream plot;
    plot << "plot ";
    for (std::size_t g = 0; g < panel.groups.size(); ++g) {
        plot << "DATA index " << block + g << " using 1:" << y
             << " with points pt 7 ps 0.7 lc rgb '#80" << curve_colour(g).substr(1) << "' "
             << (panel.groups.size() > 1 ? "title " + gnuplot_string(panel.groups[g].label)
                                         : std::string("notitle"))
             << ", \\\n     ";
    }
    const std::size_t mean = block + panel.groups.size();
    if (!mean_curve(panel).empty()) {
        plot << "DATA index " << mean << " using 1:" << y << " with linespoints pt 7 ps 0.9 lw 2.5 "
             << "lc rgb 'black' title 'mean of about a tenth of the points each'\n";
    } else {
        plot << "NaN notitle\n";
    }
    return plot.str();
}

}  // namespace

void draw_scatter_panels(Pictures& pictures, const std::string& name, const std::string& title,
                         const std::vector<ScatterPanel>& panels) {
    const ScatterRange range(panels);
    const bool titled = !title.empty();
    std::ostringstream data;
    data.precision(9);
    std::string commands = "set multiplot layout 1," + std::to_string(panels.size()) +
                           (titled ? " title " + gnuplot_string(title) + " font ',14'" : "") +
                           "\nset border 3\nset tics nomirror\nset grid lc rgb '#dddddd' lw 1\n" +
                           "set key top right samplen 2 font ',10'\n";
    std::size_t block = 0;
    for (const ScatterPanel& panel : panels) {
        for (const ScatterGroup& group : panel.groups) {
            data << "# " << one_line(group.label) << ": x, y\n";
            for (std::size_t i = 0; i < group.x.size(); ++i) {
                data << group.x[i] << " " << group.y[i] << "\n";
            }
            data << "\n\n";
        }
        data << "# mean x, mean y of about a tenth of the points\n-1e9 0\n";
        for (const auto& [x, y] : mean_curve(panel)) {
            data << x << " " << y << "\n";
        }
        data << "\n\n";
        commands += scatter_axes(panel, range) + scatter_plot(panel, range, block);
        block += panel.groups.size() + 1;
    }
    pictures.draw(name, static_cast<int>(panels.size()) * 560 + 20, 560, data.str(),
                  commands + "unset multiplot\n");
}

}  // namespace hourglass
