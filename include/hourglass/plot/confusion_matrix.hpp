#pragma once

#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// A heat map of who is taken for whom: a row for each sample shown, a column for each it was taken for,
/// coloured by the share of the row. The diagonal is grey: what is right is not on the scale.
/// @param counts  (n, n), as confusion_counts   @param labels  (n)   @param note  a line below
/// @param sample  what a row is, in words
void draw_confusion(Pictures& pictures, const std::string& name, const std::string& title,
                    const Matrix& counts, const std::vector<std::string>& labels,
                    const std::string& note = "", const std::string& sample = "letter");

}  // namespace hourglass
