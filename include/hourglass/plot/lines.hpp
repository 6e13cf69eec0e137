#pragma once

#include <string>
#include <vector>

#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// One measured quantity over another.
struct Line {
    std::string label;
    std::vector<double> x;
    std::vector<double> y;
    bool is_reference = false;  // a baseline or a limit: dashed, and without dots
};

/// What share of some values, in percent, is below each: their distribution as a line.
Line distribution_line(const std::string& label, std::vector<double> values, bool is_reference = false);

struct LineChart {
    std::string title;
    std::string x_label;
    std::string y_label;
    int log_x = 0;  // the base of a logarithmic scale: 2, or 10; 0: a linear one
    bool log_y = false;
    double y_max = 0;  // where a linear axis that starts at 0 ends; 0: where it fits
};

/// Lines with a dot at each measured point, and their names below the chart; none for one without a finite y.
void draw_lines(Pictures& pictures, const std::string& name, const LineChart& chart,
                const std::vector<Line>& lines);

}  // namespace hourglass
