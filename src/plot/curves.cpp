#include "hourglass/plot/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

std::string number(double value) {
    return to_text(value, 3);
}

std::size_t lowest(const Curve& curve) {
    return static_cast<std::size_t>(std::ranges::min_element(curve.values) - curve.values.begin());
}

/// One block of the data file: epoch, value, low, high. Of a long run, about 2000 of its epochs and
/// the lowest one.
std::string data_block(const Curve& curve) {
    std::ostringstream block;
    block.precision(9);
    block << "# " << curve.label << ": epoch, value" << (curve.low.empty() ? "" : ", low, high")
          << "\n";
    const std::size_t stride = curve.values.size() / 2000 + 1;
    for (std::size_t e = 0; e < curve.values.size(); ++e) {
        if (e % stride == 0 || e + 1 == curve.values.size() || e == lowest(curve)) {
            block << e + 1 << " " << curve.values[e];
            if (!curve.low.empty()) {
                block << " " << curve.low[e] << " " << curve.high[e];
            }
            block << "\n";
        }
    }
    return block.str() + "\n\n";
}

/// The range of all values, a little wider, so that panels can share it and labels have room.
std::string y_range(const CurveChart& chart, const std::vector<Curve>& curves) {
    double low = std::numeric_limits<double>::infinity();
    double high = 0;
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
        return "";
    }
    std::ostringstream range;
    range << "set yrange [";
    if (chart.log_scale) {
        range << low / 4 << ":" << high * 1.6;  // below: room for the label of the lowest point
    } else {
        range << "0:" << chart.y_max.value_or(std::max(high, 1.0) * 1.12);
    }
    range << "]\n";
    return range.str();
}

std::string axes(const CurveChart& chart, const std::vector<Curve>& curves) {
    std::string commands = "set xlabel 'epoch'\nset ylabel " + gnuplot_string(chart.y_label) + "\n";
    commands +=
        "set format x '%g'\nset grid ytics xtics lc rgb '#dddddd' lw 1\nset border 3\nset tics "
        "nomirror\n";
    if (chart.log_scale) {
        commands += "set logscale y\nset format y '%g'\n";
    } else {
        commands += "unset logscale y\nset format y '%g'\n";
    }
    return commands + y_range(chart, curves);
}

/// Few enough ticks for a narrow panel.
std::string x_tics(const std::vector<Curve>& curves) {
    std::size_t longest = 0;
    for (const Curve& curve : curves) {
        longest = std::max(longest, curve.values.size());
    }
    return longest < 4 ? "" : "set xtics " + std::to_string(longest / 4) + "\n";
}

/// The elements of a plot command for one curve; `block` is its index in the data file.
/// `key` says how the curve is named in the key, or that it is not.
std::string elements(const CurveChart& chart, const Curve& curve, std::size_t block,
                     std::size_t colour, const std::string& key) {
    std::ostringstream plot;
    const std::string rgb = " lc rgb '" + curve_colour(colour) + "'";
    if (!curve.low.empty()) {
        plot << "DATA index " << block << " using 1:3:4 with filledcurves fs transparent solid 0.2 "
             << "noborder" << rgb << " "
             << (chart.band_label.empty() ? "notitle" : "title " + gnuplot_string(chart.band_label))
             << ", ";
    }
    plot << "DATA index " << block << " using 1:2 with lines lw 2" << rgb << " " << key;
    if (chart.mark_lowest && !curve.values.empty()) {
        const std::size_t e = lowest(curve);
        plot << ", '+' using (" << e + 1 << "):(" << curve.values[e]
             << ") every ::::0 with points pt 7 ps 1.3" << rgb << " notitle";
    }
    return plot.str();
}

/// A label at the lowest point: its value and its epoch.
std::string lowest_label(const Curve& curve, std::size_t colour, bool with_epoch) {
    const std::size_t e = lowest(curve);
    std::string text = number(curve.values[e]);
    if (with_epoch) {
        text = "lowest: " + text + " at epoch " + std::to_string(e + 1);
    }
    const bool right_half = e * 2 > curve.values.size();
    return "set label " + gnuplot_string(text) + " at " + std::to_string(e + 1) + "," +
           number(curve.values[e]) + (right_half ? " right" : " left") + " offset 0,-1 tc rgb '" +
           curve_colour(colour) + "'\n";
}

/// A vertical line at the marked epoch, and what it stands for.
std::string mark(const CurveChart& chart, const Curve& curve) {
    if (!curve.marked_epoch) {
        return "";
    }
    std::ostringstream commands;
    commands << "set arrow from " << *curve.marked_epoch << ", graph 0 to " << *curve.marked_epoch
             << ", graph 1 nohead lw 1.5 dt 2 lc rgb '#D55E00'\n"
             << "set label "
             << gnuplot_string(chart.mark_label + ": epoch " + number(*curve.marked_epoch))
             << " at " << *curve.marked_epoch << ", graph 0.96 offset 0.7,0 tc rgb '#D55E00'\n";
    return commands.str();
}

}  // namespace

void draw_curves(Pictures& pictures, const std::string& name, const CurveChart& chart,
                 const std::vector<Curve>& curves) {
    const bool single = curves.size() == 1;
    std::string data, plot;
    std::string commands = "set title " + gnuplot_string(chart.title) + "\n" + axes(chart, curves) +
                           (single && curves[0].low.empty()
                                ? "set key off\n"
                                : "set key outside right top Left reverse samplen 2 font ',10'\n");
    for (std::size_t c = 0; c < curves.size(); ++c) {
        data += data_block(curves[c]);
        std::string key = curves[c].label;
        if (chart.mark_lowest && !single) {
            key += " (lowest " + number(curves[c].values[lowest(curves[c])]) + ")";
        }
        plot += (c == 0 ? "plot " : ", \\\n     ") +
                elements(chart, curves[c], c, c, "title " + gnuplot_string(key));
    }
    if (single) {
        commands += mark(chart, curves[0]);
        if (chart.mark_lowest) {
            commands += lowest_label(curves[0], 0, true);
        }
    }
    pictures.draw(name, single ? 900 : 1150, 560, data, commands + plot + "\n");
}

void draw_curve_panels(Pictures& pictures, const std::string& name, const CurveChart& chart,
                       const std::vector<Curve>& curves) {
    const std::size_t columns = curves.size() > 3 ? (curves.size() + 1) / 2 : curves.size();
    const std::size_t rows = (curves.size() + columns - 1) / columns;
    std::string data;
    std::string commands = "set multiplot layout " + std::to_string(rows) + "," +
                           std::to_string(columns) + " title " + gnuplot_string(chart.title) +
                           " font ',14'\n" + axes(chart, curves) + "set key off\n" + x_tics(curves);
    for (std::size_t c = 0; c < curves.size(); ++c) {
        data += data_block(curves[c]);
        commands += "unset label\nunset arrow\nset title " + gnuplot_string(curves[c].label) +
                    "\n" + lowest_label(curves[c], c, true) + "plot " +
                    elements(chart, curves[c], c, c, "notitle") + "\n";
    }
    pictures.draw(name, static_cast<int>(columns) * 360 + 40, static_cast<int>(rows) * 330 + 60,
                  data, commands + "unset multiplot\n");
}

void draw_stacked_curves(Pictures& pictures, const std::string& name, const std::string& title,
                         const std::vector<StackedChart>& charts) {
    std::string data;
    std::size_t block = 0;
    std::string commands = "set multiplot layout " + std::to_string(charts.size()) + ",1 title " +
                           gnuplot_string(title) + " font ',14'\nset lmargin 11\nset rmargin 4\n";
    for (const StackedChart& stacked : charts) {
        std::string plot;
        for (std::size_t c = 0; c < stacked.curves.size(); ++c) {
            data += data_block(stacked.curves[c]);
            plot += (c == 0 ? "plot " : ", \\\n     ") +
                    elements(stacked.chart, stacked.curves[c], block++, c,
                             "title " + gnuplot_string(stacked.curves[c].label));
        }
        commands += axes(stacked.chart, stacked.curves) + "set key top right\nset title " +
                    gnuplot_string(stacked.chart.title) + "\n" + plot + "\n";
    }
    pictures.draw(name, 900, static_cast<int>(charts.size()) * 330 + 60, data,
                  commands + "unset multiplot\n");
}

}  // namespace hourglass
