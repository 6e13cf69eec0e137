#pragma once

#include <span>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// z_ij += b_j: adds b (cols) to every row of Z (rows, cols).
void add_to_rows(Matrix& Z, std::span<const Scalar> b);

/// s_j = sum_i v_ij: the sum of the rows of V (rows, cols) into s (cols).
void sum_rows(std::span<Scalar> s, const Matrix& V);

/// y_i = tanh(x_i). @pre  y.size() == x.size(); y may be x
void tanh(std::span<Scalar> y, std::span<const Scalar> x);

/// y_i = 1 / (1 + exp(-x_i)). @pre  y.size() == x.size(); y may be x
void sigmoid(std::span<Scalar> y, std::span<const Scalar> x);

/// y_i = exp(x_i). @pre  y.size() == x.size(); y may be x
void exp(std::span<Scalar> y, std::span<const Scalar> x);

/// sum_i (a_i - b_i)^2, summed in double. @pre  a.size() == b.size()
double squared_distance(std::span<const Scalar> a, std::span<const Scalar> b);

/// max_i |v_i|, or NaN where a value is NaN.
double max_abs(std::span<const Scalar> v);

}  // namespace hourglass
