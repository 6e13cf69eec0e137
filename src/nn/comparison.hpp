#pragma once

#include <span>
#include <string>
#include <vector>

#include "hourglass/nn/central_differences.hpp"
#include "hourglass/nn/gradient_check.hpp"

// What the checks of gradients and of equations share.

namespace hourglass {

/// A tensor as backward left it, and as it should be, at the positions that were compared.
struct Comparison {
    std::vector<std::size_t> positions;
    std::vector<double> found;
    std::vector<double> right;
    std::size_t skipped = 0;
};

/// @param derivatives  of numbers whose sum `found` is the gradient of
Comparison compare(std::span<const Scalar> found, const Derivatives& derivatives);

/// Whether they agree, and where they agree least. @param tensor  its name and shape
TensorCheck judge(const Comparison& comparison, const Parameter& tensor, const GradientCheckOptions& options);

/// The largest size of a value; NaN where there is one.
double largest_magnitude(std::span<const double> values);

/// "encoder.1: dW" of "encoder.1.W", "dX" of "X"
std::string gradient_name(const std::string& tensor);

}  // namespace hourglass
