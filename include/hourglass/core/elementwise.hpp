#pragma once

#include "hourglass/core/scalar.hpp"

// What a training step does to numbers one by one, besides its products. All spans of a call have one
// length; an output may be one of the inputs. A debug or teaching build runs the plain loops of reference.cpp; a release
// build takes a register full of numbers at a time, and large spans on all threads. exp, tanh and sigmoid
// are right to 2 units in the last place of a float there; in a build with doubles they are the reference's.
//
// All of them throw ShapeError where the lengths differ.

namespace hourglass::elementwise {

/// y_i = exp(x_i)
void exp(Values y, Given x);

/// a_i = tanh(z_i)
void tanh(Values a, Given z);

/// dz_i = da_i (1 - a_i^2), where a = tanh(z)
void tanh_backward(Values dz, Given da, Given a);

/// a_i = 1 / (1 + exp(-z_i))
void sigmoid(Values a, Given z);

/// dz_i = da_i a_i (1 - a_i), where a = sigmoid(z)
void sigmoid_backward(Values dz, Given da, Given a);

/// a_i = z_i > 0 ? z_i : alpha z_i
void leaky_relu(Values a, Given z, Scalar alpha);

/// dz_i = a_i > 0 ? da_i : alpha da_i, where a = leaky_relu(z) and so a > 0 just where z > 0
void leaky_relu_backward(Values dz, Given da, Given a, Scalar alpha);

/// dy_i = scale (y_i - t_i). @return  sum_i (y_i - t_i)^2, summed in double
double squared_error(Values dy, Given y, Given t, Scalar scale);

/// sum_i softplus(scale z_i) - (shift + t_i) z_i, summed in double, where softplus(x) = ln(1 + exp(x)):
/// what the cross-entropies of tanh and sigmoid come to.
double cross_entropy_sum(Given z, Given t, double scale, double shift);

}  // namespace hourglass::elementwise
