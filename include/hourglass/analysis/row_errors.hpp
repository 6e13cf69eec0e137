#pragma once

#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// How far a reconstruction of rows is from them, row by row: what tells the unusual ones.
struct RowErrors {
    std::vector<double> error;       // (n) the mean squared difference of each row
    std::vector<std::size_t> worst;  // (n) the column that has most of it, the first of those equal
    std::vector<double> said;        // (n) what the reconstruction has there
};
/// @param Y  the reconstruction of X (n, d)
RowErrors compare_rows(const Matrix& Y, const Matrix& X);

/// The mean squared difference of each column (d), over the rows named. @pre  there is one
std::vector<double> column_errors(const Matrix& Y, const Matrix& X, std::span<const std::size_t> rows);

/// The values of the rows named, and their mean; NaN, if there is none.
std::vector<double> values_of(const std::vector<double>& values, std::span<const std::size_t> rows);
double mean_over(const std::vector<double>& values, std::span<const std::size_t> rows);

}  // namespace hourglass
