#pragma once

#include <array>
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

/// The change of each parameter in each step that the check takes.
using OptimizerChanges = std::array<std::vector<double>, 2>;

/// Takes two steps with two tensors, the second step at half the learning rate.
/// @throws Error  as make_optimizer
OptimizerChanges trial_changes(const OptimizerOptions& options, const OptimizerMaker& make);

/// Compares what trial_changes() found, here or elsewhere. Where it differs, known mistakes are tried.
/// @pre  found: 6 numbers a step
OptimizerCheck check_changes(const OptimizerOptions& options, const OptimizerChanges& found);

/// Takes the steps and compares.
/// @throws Error  as make_optimizer
OptimizerCheck check_optimizer(const OptimizerOptions& options, const OptimizerMaker& make = make_optimizer);

}  // namespace hourglass
