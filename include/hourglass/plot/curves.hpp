#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// A quantity over epochs.
struct Curve {
    std::string label;
    std::vector<double> values;  // values[e - 1] is that of epoch e
    std::vector<double> low;     // a band around it, if not empty: the same length
    std::vector<double> high;
    std::optional<double> marked_epoch;  // such as that at which a criterion was first met
};

/// The median of several curves of one length and, as its band, their quartiles; empty, if there are none.
Curve median_curve(const std::string& label, const std::vector<const std::vector<double>*>& curves);

/// The mean over each epoch and those before it, as many as make a hundredth of all: without the noise of draws.
std::vector<double> smoothed(const std::vector<double>& values);

/// What a chart of curves says besides the curves.
struct CurveChart {
    std::string title;
    std::string y_label;
    std::string mark_label;  // what marked_epoch stands for
    std::string band_label;  // what the band stands for
    bool log_scale = true;
    std::optional<double> y_max = {};  // of a linear scale; by default it fits the values
    bool from_zero = true;   // a linear scale begins there; otherwise it fits the values
    bool mark_lowest = true;           // a dot at the lowest point of each curve, with its value
};

/// All curves in one chart.
void draw_curves(Pictures& pictures, const std::string& name, const CurveChart& chart,
                 const std::vector<Curve>& curves);

/// Each curve in a panel of its own, all with the same axes.
void draw_curve_panels(Pictures& pictures, const std::string& name, const CurveChart& chart,
                       const std::vector<Curve>& curves);

/// Several charts one above the other over the same epochs, each with its own curves.
struct StackedChart {
    CurveChart chart;
    std::vector<Curve> curves;
};
void draw_stacked_curves(Pictures& pictures, const std::string& name, const std::string& title,
                         const std::vector<StackedChart>& charts);

}  // namespace hourglass
