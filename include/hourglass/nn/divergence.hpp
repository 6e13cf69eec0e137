#pragma once

#include <optional>
#include <string>

#include "hourglass/nn/network.hpp"

namespace hourglass {

/// Where a training left the range of useful numbers.
struct Divergence {
    std::string layer;                  // "decoder.2"; empty for the input
    std::string tensor;                 // "Z", "dW"
    std::optional<std::size_t> sample;  // row of the batch, where the tensor has one row a sample
    double value = 0;                   // the number that was found: NaN, infinite, or too large
    bool of_step_before = false;        // found in the gradients of the step before, or in what they changed
    bool grew = false;                  // numbers grew until there were no larger ones; otherwise a
                                        // computation went wrong whose inputs were all right

    /// "Z of encoder.1 reached 2.3e+04", or "dW of decoder.2 is not a number while all that it was computed
    /// from is finite".
    std::string message() const;
};

/// Looks for it in what forward and loss have left in `ws`, and in the gradients of the step before. Without a
/// number that is NaN, infinite or too large among the pre-activations, the outputs and dZ of the last layer
/// there is none; where there is one, the
/// tensor is named that was the first to be so, in the order in which a step computes them. Too large is
/// beyond 10^4 in a hidden tanh, sigmoid or softmax, where no gradient is left to come back by (a tanh is
/// exactly 1 beyond |z| = 20, even in double), and beyond 10^12 elsewhere.
/// @param step  the workspace of training, which has those gradients' dZ and dA, where that is another
std::optional<Divergence> find_divergence(const Network& network, const Workspace& ws, const Workspace& step);
std::optional<Divergence> find_divergence(const Network& network, const Workspace& ws);

}  // namespace hourglass
