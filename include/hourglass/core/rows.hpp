#pragma once

#include <span>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

// What is done to whole rows of a matrix, or to one row at a time.

/// z_ij += b_j
/// @param Z  (n, m)   @param b  (m)
/// @throws ShapeError  if b is not as long as a row of Z
void add_to_rows(Matrix& Z, Given b);

/// s_j = sum_i v_ij, overwritten
/// @param V  (n, m)   @param s  (m)
/// @throws ShapeError  if s is not as long as a row of V
void sum_rows(Values s, const Matrix& V);

/// The same for images, whose pixels have their channels side by side: r runs over all pixels of all samples.
/// s_j = sum_r v_rj, overwritten
/// @param V  (n, pixels m)   @param s  (m)
/// @throws ShapeError  if a row of V is not a whole number of times as long as s
void sum_channels(Values s, const Matrix& V);

/// The rows of X named by `indices`, in that order: (indices.size(), X.cols()).
/// @pre  every index < X.rows()
void gather_rows(Matrix& result, const Matrix& X, std::span<const std::size_t> indices);
Matrix rows_of(const Matrix& X, std::span<const std::size_t> indices);

/// A hint to the processor that gather_rows will want these rows soon. @pre  every index < X.rows()
void prefetch_rows(const Matrix& X, std::span<const std::size_t> indices);

/// sum_i (a_i - b_i)^2, summed in double. @pre  a.size() == b.size()
double squared_distance(Given a, Given b);

/// max_i |v_i|, or NaN where a value is NaN.
double max_abs(Given v);

}  // namespace hourglass
