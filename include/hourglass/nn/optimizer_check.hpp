#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hourglass/nn/optimizer.hpp"

namespace hourglass {

/// What makes an optimizer of these parameters.
using OptimizerMaker =
    std::function<std::unique_ptr<Optimizer>(std::vector<Parameter>, const OptimizerOptions&)>;

/// The first steps of an optimizer beside its equations, worked out in double for each number by itself.
struct OptimizerCheck {
    double relative_error = 0;  // the largest, of the changes of the parameters
    bool passed = false;
    std::string
        message;  // `adam: step 1 fits "bias correction multiplied, where it should divide"`; empty if it passed
};

/// Takes two steps with two tensors, the second step at half the learning rate, and compares. Where they
/// differ, known mistakes are tried.
/// @throws Error  as make_optimizer
OptimizerCheck check_optimizer(const OptimizerOptions& options, const OptimizerMaker& make = make_optimizer);

}  // namespace hourglass
