#pragma once

#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// One map of points.
struct PointPanel {
    std::string title;
    std::string x_label, y_label;  // without a scale where they are empty: t-SNE's axes have none
    Matrix Y;                      // (n, >= 2): the first two are drawn
};

/// Maps of the same points side by side, all drawn the same way: a colour and a symbol for each class, which are named below;
/// in a map that stands alone a class also has its name where its mean is, if there is room. Of more than 70,000 points, so many are drawn.
/// @param labels   (n), or none: all points are of one kind
/// @param classes  what they are called
void draw_point_panels(Pictures& pictures, const std::string& name, const std::string& title,
                       const std::vector<PointPanel>& panels, const std::vector<std::size_t>& labels,
                       const std::vector<std::string>& classes);

}  // namespace hourglass
