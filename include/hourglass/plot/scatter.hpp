#pragma once

#include <string>
#include <vector>

#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// What a chart of points says besides the points.
struct ScatterChart {
    std::string title;
    std::string x_label;
    std::string y_label;
    std::string note;        // a line under the title, such as a correlation
    bool log_y = false;      // values of 0 are drawn on a line of their own at the bottom
    bool mean_curve = true;  // the mean of y in each tenth of all points, ordered by x
};

/// Points of one colour.
struct ScatterGroup {
    std::string label;  // in the key, if there is more than one group
    std::vector<double> x;
    std::vector<double> y;  // (x.size())
};

/// Several of them side by side with the same y axis.
struct ScatterPanel {
    ScatterChart chart;
    std::vector<ScatterGroup> groups;
};
void draw_scatter_panels(Pictures& pictures, const std::string& name, const std::string& title,
                         const std::vector<ScatterPanel>& panels);

}  // namespace hourglass
