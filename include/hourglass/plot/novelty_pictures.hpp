#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "hourglass/analysis/novelty.hpp"
#include "hourglass/plot/image_sheet.hpp"

// Whether new images belong to a set, as pictures.

namespace hourglass {

/// Adds the first new images, so many a row, and below each the sample of X (n, d) that is nearest.
/// @param label    of the new ones, such as the net that made them
/// @param caption  what is said below image i
void add_new_images(ImageSheet& sheet, const std::string& label, const Matrix& images, const Matrix& X,
                    const NearestRows& neighbours, std::size_t rows, std::size_t columns,
                    const std::function<std::string(std::size_t i)>& caption);

/// How far several sorts of new images are from the set X (n, d), and its own images from each other.
/// @param sorts  their names and neighbours; of those that are null there are none
void draw_distances(Pictures& pictures, const std::string& name, const Matrix& X,
                    const std::vector<std::pair<std::string, const NearestRows*>>& sorts);

}  // namespace hourglass
