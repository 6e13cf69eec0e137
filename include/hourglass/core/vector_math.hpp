#pragma once

#include <span>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

// What a training step does to numbers one by one, besides its products. All spans of a call have one
// length; an output may be one of the inputs. Every function stands here three times: under its plain
// name, which a build points at one of the other two; as the reference; and as the fast one.

/// y_i = exp(x_i)
void exp(std::span<Scalar> y, std::span<const Scalar> x);

/// a_i = tanh(z_i)
void tanh(std::span<Scalar> a, std::span<const Scalar> z);

/// dz_i = da_i (1 - a_i^2), where a = tanh(z)
void tanh_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a);

/// a_i = 1 / (1 + exp(-z_i))
void sigmoid(std::span<Scalar> a, std::span<const Scalar> z);

/// dz_i = da_i a_i (1 - a_i), where a = sigmoid(z)
void sigmoid_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a);

/// a_i = z_i > 0 ? z_i : alpha z_i
void leaky_relu(std::span<Scalar> a, std::span<const Scalar> z, Scalar alpha);

/// dz_i = a_i > 0 ? da_i : alpha da_i, where a = leaky_relu(z) and so a > 0 just where z > 0
void leaky_relu_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a,
                         Scalar alpha);

/// d_i = scale (y_i - t_i). @return  sum_i (y_i - t_i)^2, summed in double
double difference(std::span<Scalar> d, std::span<const Scalar> y, std::span<const Scalar> t,
                  Scalar scale);

/// z_ij += b_j: adds b (cols) to every row of Z (rows, cols).
void add_to_rows(Matrix& Z, std::span<const Scalar> b);

/// s_j = sum_i v_ij: the sum of the rows of V (rows, cols) into s (cols).
void sum_rows(std::span<Scalar> s, const Matrix& V);

/// One number after another, as in the equation, with the standard library's functions: what a debug
/// build runs, and what the fast ones are tested against.
namespace reference {
void exp(std::span<Scalar> y, std::span<const Scalar> x);
void tanh(std::span<Scalar> a, std::span<const Scalar> z);
void tanh_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a);
void sigmoid(std::span<Scalar> a, std::span<const Scalar> z);
void sigmoid_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a);
void leaky_relu(std::span<Scalar> a, std::span<const Scalar> z, Scalar alpha);
void leaky_relu_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a,
                         Scalar alpha);
double difference(std::span<Scalar> d, std::span<const Scalar> y, std::span<const Scalar> t,
                  Scalar scale);
void add_to_rows(Matrix& Z, std::span<const Scalar> b);
void sum_rows(std::span<Scalar> s, const Matrix& V);
}  // namespace reference

/// A register full of numbers at a time, and large spans on all threads: what a release build runs. exp,
/// tanh and sigmoid are right to 2 units in the last place of a float; in a build with doubles they are
/// the reference's.
namespace fast {
void exp(std::span<Scalar> y, std::span<const Scalar> x);
void tanh(std::span<Scalar> a, std::span<const Scalar> z);
void tanh_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a);
void sigmoid(std::span<Scalar> a, std::span<const Scalar> z);
void sigmoid_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a);
void leaky_relu(std::span<Scalar> a, std::span<const Scalar> z, Scalar alpha);
void leaky_relu_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a,
                         Scalar alpha);
double difference(std::span<Scalar> d, std::span<const Scalar> y, std::span<const Scalar> t,
                  Scalar scale);
void add_to_rows(Matrix& Z, std::span<const Scalar> b);
void sum_rows(std::span<Scalar> s, const Matrix& V);
}  // namespace fast

/// sum_i (a_i - b_i)^2, summed in double. @pre  a.size() == b.size()
double squared_distance(std::span<const Scalar> a, std::span<const Scalar> b);

/// max_i |v_i|, or NaN where a value is NaN.
double max_abs(std::span<const Scalar> v);

}  // namespace hourglass
