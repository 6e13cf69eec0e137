#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hourglass/plot/image_sheet.hpp"

// What there is to see in the reconstruction errors of rows and columns.

namespace hourglass {

/// Errors of some rows; those of another method, to compare with, are dashed.
struct ErrorGroup {
    std::string label;
    std::vector<double> errors;
    bool is_reference = false;
};

/// row_errors: which share of the rows has an error below each value; of groups of 25 rows or more.
void draw_row_errors(Pictures& pictures, const std::string& unit, const std::vector<ErrorGroup>& groups);

/// columns: the 16 columns of the largest error by the first group, with those of the others beside them.
/// @param names  (d); each group has as many errors   @param of  of which rows, in words
void draw_column_errors(Pictures& pictures, const std::string& of, const std::string& unit,
                        const std::vector<std::string>& names, const std::vector<ErrorGroup>& groups);

/// unusual: images (n, d) above what a net makes of them.
void draw_unusual_images(Pictures& pictures, const Matrix& X, const Matrix& Y, const PictureShape& shape);

}  // namespace hourglass
