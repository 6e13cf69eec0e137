#pragma once

#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// The angles between two subspaces of R^d, in radians, the largest first: 0 for all, if they are the same. They come of
/// their sines, for the cosine of a small angle is rounded to 1: the singular values of what is left of an orthonormal basis
/// of one when its projection on the other is taken away.
/// @param A, B  vectors (d) that span them, as many of each, linearly independent
/// @see  Bjorck & Golub 1973, "Numerical methods for computing angles between linear subspaces"
std::vector<double> principal_angles(std::vector<std::vector<double>> A, std::vector<std::vector<double>> B);

/// The columns of W (d, k), such as the weights of a linear decoder: what it can say is their span.
std::vector<std::vector<double>> columns_of(const Matrix& W);

}  // namespace hourglass
