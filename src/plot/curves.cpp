#include "hourglass/plot/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>

#include "envelope.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/axes.hpp"
#include "script.hpp"

namespace hourglass {
namespace {

constexpr const char* mark_colour = "#A03000";

std::string number(double value) {
    return to_text(value, 3);
}

std::size_t lowest(const Curve& curve) {
    return static_cast<std::size_t>(std::ranges::min_element(curve.values) - curve.values.begin());
}

/// One block of the data file: epoch, value, low, high. Of a long run those epochs that a screen can show.
std::string data_block(const Curve& curve) {
    constexpr std::size_t columns = 1000;
    std::set<std::size_t> epochs;
    for (const auto* values : {&curve.values, &curve.low, &curve.high}) {
        const std::vector<std::size_t> drawn = envelope(*values, columns);
        epochs.insert(drawn.begin(), drawn.end());
    }
    std::ostringstream block;
    block.precision(9);
    block << "# " << one_line(curve.label) << ": epoch, value"
          << (curve.low.empty() ? "" : ", low, high") << "\n";
    for (const std::size_t e : epochs) {
        block << e + 1 << " " << curve.values[e];
        if (!curve.low.empty()) {
            block << " " << curve.low[e] << " " << curve.high[e];
        }
        block << "\n";
    }
    return block.str() + "\n\n";
}

/// Numbers on a logarithmic axis: 1, 2 and 5 of each decade where there are few decades; all nine where that leaves
/// fewer than three, for with two nobody sees that it is one.
std::string log_tics(double low, double high) {
    if (high / low > 50) {
        return "set ytics autofreq\n";
    }
    std::vector<std::string> places;
    const std::vector<std::vector<double>> ways = {{1, 2, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9}};
    for (const std::vector<double>& steps : ways) {
        if (places.size() >= 3) {
            break;
        }
        places.clear();
        for (double decade = std::pow(10, std::floor(std::log10(low))); decade < high; decade *= 10) {
            for (const double step : steps) {
                if (step * decade >= low && step * decade <= high) {
                    places.push_back(to_text(step * decade));
                }
            }
        }
    }
    return places.empty() ? "set ytics autofreq\n" : "set ytics (" + listed(places) + ")\n";
}

/// The range of all values, a little wider, so that panels can share it and labels have room.
std::string y_range(const CurveChart& chart, const std::vector<Curve>& curves) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const Curve& curve : curves) {
        for (const auto* values : {&curve.values, &curve.low, &curve.high}) {
            for (const double value : *values) {
                if (std::isfinite(value) && (value > 0 || !chart.log_scale)) {
                    low = std::min(low, value);
                    high = std::max(high, value);
                }
            }
        }
    }
    if (!(low <= high)) {
        return "set autoscale y\nset ytics autofreq\n";
    }
    if (chart.log_scale) {  // below: room for the label of the lowest point
        const double room = std::max(1.3, std::pow(high / low, 0.2));
        return log_tics(low / room, high * 1.3) + "set yrange " +
               range_text(low / room, high * 1.3) + "\n";
    }
    if (!chart.from_zero) {
        const double margin = std::max(0.08 * (high - low), 1e-9 * std::abs(high));
        return "set ytics autofreq\nset yrange " + range_text(low - margin, high + margin) + "\n";
    }
    return "set ytics autofreq\nset yrange " +
           range_text(0, chart.y_max.value_or(std::max(high, 1.0) * 1.12)) + "\n";
}

std::size_t longest(const std::vector<Curve>& curves) {
    std::size_t epochs = 0;
    for (const Curve& curve : curves) {
        epochs = std::max(epochs, curve.values.size());
    }
    return epochs;
}

/// @param epochs  where the x axis ends   @param y_label  a gnuplot string
std::string axes(const CurveChart& chart, const std::vector<Curve>& curves, std::size_t epochs,
                 const std::string& y_label) {
    return std::string("set xlabel ") + gnuplot_string(axis::epoch) + "\nset ylabel " + y_label +
           "\nset format x '%.10g'\nset format y '%g'\nset xrange [0:" + std::to_string(epochs) +
           "]\nset grid ytics xtics lc rgb '#dddddd' lw 1\nset border 3\nset tics nomirror\n" +
           (chart.log_scale ? "set logscale y\n" : "unset logscale y\n") + y_range(chart, curves);
}

/// The elements of a plot command for one curve; `block` is its index in the data file.
/// `key` says how the curve is named in the key, or that it is not.
std::string elements(const CurveChart& chart, const Curve& curve, std::size_t block,
                     std::size_t colour, const std::string& dash, const std::string& key) {
    std::ostringstream plot;
    const std::string rgb = " lc rgb '" + curve_colour(colour) + "'";
    if (!curve.low.empty()) {
        plot << "DATA index " << block << " using 1:3:4 with filledcurves fs transparent solid 0.2 "
             << "noborder" << rgb << " "
             << (chart.band_label.empty() ? "notitle" : "title " + gnuplot_string(chart.band_label))
             << ", ";
    }
    plot << "DATA index " << block << " using 1:2 with lines lw 2" << dash << rgb << " " << key;
    if (chart.mark_lowest && !curve.values.empty()) {
        const std::size_t e = lowest(curve);
        plot << ", '+' using (" << e + 1 << "):(" << to_exact_text(curve.values[e])
             << ") every ::::0 with points pt 7 ps 1.3" << rgb << " notitle";
    }
    return plot.str();
}

/// A label at the lowest point: its value and its epoch.
std::string lowest_label(const CurveChart& chart, const Curve& curve, std::size_t colour) {
    if (!chart.mark_lowest || curve.values.empty()) {
        return "";
    }
    const std::size_t e = lowest(curve);
    const double value = curve.values[e];
    const bool right_half = (e + 1) * 2 > curve.values.size();
    return "set label " +
           gnuplot_string("lowest: " + number(value) + " at epoch " + std::to_string(e + 1)) +
           " at " + std::to_string(e + 1) + ", " +
           (value > 0 || !chart.log_scale ? to_exact_text(value) : "graph 0.1") +
           (right_half ? " right" : " left") + " offset 0,-1 tc rgb '" + curve_colour(colour) +
           "'\n";
}

/// A vertical line at the marked epoch and what it stands for, or that it was never reached.
std::string mark(const CurveChart& chart, const Curve& curve, std::size_t epochs) {
    const std::string colour = " tc rgb '" + std::string(mark_colour) + "'\n";
    if (chart.mark_label.empty()) {
        return "";
    }
    if (!curve.marked_epoch) {
        return "set label " + gnuplot_string("never met: " + chart.mark_label) +
               " at graph 0.99, graph 0.96 right" + colour;
    }
    const std::string at = to_exact_text(*curve.marked_epoch);
    const bool right_half = *curve.marked_epoch * 2 > static_cast<double>(epochs);
    return "set arrow from " + at + ", graph 0 to " + at + ", graph 1 nohead lw 1.5 dt 2 lc rgb '" +
           mark_colour + "'\nset label " +
           gnuplot_string(chart.mark_label + ": epoch " + number(*curve.marked_epoch)) + " at " +
           at + ", graph 0.96" + (right_half ? " right offset -0.7,0" : " left offset 0.7,0") +
           colour;
}

std::string key_name(const CurveChart& chart, const Curve& curve) {
    return chart.mark_lowest && !curve.values.empty()
               ? curve.label + " (lowest " + number(curve.values[lowest(curve)]) + ")"
               : curve.label;
}

/// The commands that draw one chart of so many screen pixels, whose curves begin with `block` in the data file.
std::string chart_commands(const CurveChart& chart, const std::vector<Curve>& curves, int height,
                           std::size_t epochs, std::size_t block) {
    std::string commands = "unset label\nunset arrow\nset title " + gnuplot_string(chart.title) +
                           "\n" + axes(chart, curves, epochs, axis_label(chart.y_label, height));
    std::string plot = "plot ";
    for (std::size_t c = 0; c < curves.size(); ++c) {
        plot += (c == 0 ? "" : ", \\\n     ") +
                elements(chart, curves[c], block + c, c, curve_dash(c),
                         "title " + gnuplot_string(key_name(chart, curves[c])));
    }
    if (curves.size() == 1) {
        commands += mark(chart, curves[0], epochs) + lowest_label(chart, curves[0], 0);
    }
    return commands + plot + "\n";
}

std::vector<std::string> key_names(const CurveChart& chart, const std::vector<Curve>& curves) {
    std::vector<std::string> names;
    for (const Curve& curve : curves) {
        names.push_back(key_name(chart, curve));
    }
    return names;
}

}  // namespace

std::vector<double> smoothed(const std::vector<double>& values) {
    const std::size_t width = values.size() / 100 + 1;
    std::vector<double> means;
    double sum = 0;
    for (std::size_t e = 0; e < values.size(); ++e) {
        sum += values[e] - (e < width ? 0 : values[e - width]);
        means.push_back(sum / static_cast<double>(std::min(e + 1, width)));
    }
    return means;
}

Curve median_curve(const std::string& label, const std::vector<const std::vector<double>*>& curves) {
    Curve result{label, {}, {}, {}, {}};
    for (std::size_t e = 0; !curves.empty() && e < curves.front()->size(); ++e) {
        std::vector<double> of_epoch;
        for (const std::vector<double>* curve : curves) {
            of_epoch.push_back((*curve)[e]);
        }
        result.values.push_back(median(of_epoch));
        result.low.push_back(quantile(of_epoch, 0.25));
        result.high.push_back(quantile(of_epoch, 0.75));
    }
    return result;
}

void draw_curves(Pictures& pictures, const std::string& name, const CurveChart& chart,
                 const std::vector<Curve>& curves) {
    constexpr int width = 900, height = 560;
    const bool without_key = curves.size() == 1 && curves[0].low.empty();
    const Key key =
        without_key ? Key{"set key off\n", 0} : key_below(key_names(chart, curves), width, height);
    std::string data;
    for (const Curve& curve : curves) {
        data += data_block(curve);
    }
    pictures.draw(name, width, height + key.height, data,
                  key.commands + chart_commands(chart, curves, height, longest(curves), 0));
}

void draw_curve_panels(Pictures& pictures, const std::string& name, const CurveChart& chart,
                       const std::vector<Curve>& curves) {
    const std::size_t columns = curves.size() > 3 ? (curves.size() + 1) / 2 : curves.size();
    const std::size_t rows = (curves.size() + columns - 1) / columns;
    const std::size_t epochs = longest(curves);
    const int height = static_cast<int>(rows) * 330 + 60;
    std::string data;
    std::string commands = "set multiplot layout " + std::to_string(rows) + "," + std::to_string(columns) + " title " +
                           gnuplot_string(chart.title) + " font ',14'\n" + axes(chart, curves, epochs, "''") +
                           "set key off\nset lmargin 11\n" +
                           (epochs < 4 ? "" : "set xtics " + std::to_string(epochs / 4) + "\n");
    for (std::size_t c = 0; c < curves.size(); ++c) {
        data += data_block(curves[c]);
        commands += "unset label\nunset arrow\nset title " + gnuplot_string(curves[c].label) + "\n" +
                    lowest_label(chart, curves[c], c);
        if (c == 0) {  // one for all
            commands += "set label " + axis_label(chart.y_label, height) + " at screen 0.012, screen 0.5 center rotate\n";
        }
        commands += "plot " + elements(chart, curves[c], c, c, "", "notitle") + "\n";
    }
    pictures.draw(name, static_cast<int>(columns) * 360 + 40, height, data, commands + "unset multiplot\n");
}

void draw_stacked_curves(Pictures& pictures, const std::string& name, const std::string& title,
                         const std::vector<StackedChart>& charts) {
    constexpr int width = 900, height = 330;  // of each
    std::size_t epochs = 0;  // one x axis for all, so that what happens at one time is on one line
    for (const StackedChart& stacked : charts) {
        epochs = std::max(epochs, longest(stacked.curves));
    }
    std::string data;
    std::size_t block = 0;
    std::string commands = "set multiplot layout " + std::to_string(charts.size()) + ",1 title " +
                           gnuplot_string(title) + " font ',14'\nset lmargin 11\nset rmargin 4\n";
    for (const StackedChart& stacked : charts) {
        for (const Curve& curve : stacked.curves) {
            data += data_block(curve);
        }
        const std::vector<double>& first = stacked.curves.front().values;
        const bool rises = !first.empty() && first.back() > first.front();
        commands += std::string(stacked.curves.size() == 1 ? "set key off\n"
                                : rises                    ? "set key bottom right\n"
                                                           : "set key top right\n") +
                    chart_commands(stacked.chart, stacked.curves, height, epochs, block);
        block += stacked.curves.size();
    }
    pictures.draw(name, width, static_cast<int>(charts.size()) * height + 60, data,
                  commands + "unset multiplot\n");
}

}  // namespace hourglass
