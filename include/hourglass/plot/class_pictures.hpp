#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hourglass/plot/image_sheet.hpp"

// Images of classes that have names.

namespace hourglass {

/// Images of several matrices (n, d) below each other, a column for each class; so for the first, the second, ... of each
/// class.
/// @param rows    what each is called, and its images   @param labels  (n) their classes
/// @param sheet   its title and shape
/// @param of_each how many of each class; where a class has not so many, there is a gap
void draw_by_class(Pictures& pictures, const std::string& name, ImageSheet sheet,
                   const std::vector<std::pair<std::string, Matrix>>& rows, const std::vector<std::size_t>& labels,
                   const std::vector<std::string>& classes, std::size_t of_each);

/// wrong: the images that are most wrongly taken; nothing where all are right.
/// @param X  images (n, d)   @param Y  probabilities (n, classes)   @param labels  (n)
void draw_mistakes(Pictures& pictures, const Matrix& X, const Matrix& Y, const std::vector<std::size_t>& labels,
                   const std::vector<std::string>& classes, const PictureShape& shape);

}  // namespace hourglass
