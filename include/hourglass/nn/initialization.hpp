#pragma once

#include <span>
#include <string_view>

#include "hourglass/core/random.hpp"
#include "hourglass/core/scalar.hpp"

namespace hourglass {

/// How the weights of a layer start. fan_in and fan_out are the inputs of a neuron and its outputs.
enum class Initialization {
    /// LeCun initialization with the bias counted: N(0, 1) / sqrt(fan_in + 1), weights and biases: the bias counts as one more input, always 1,
    /// so that a z starts with variance 1 when the inputs have it.
    /// @see  LeCun, Bottou, Orr & Mueller 1998, "Efficient BackProp", section 4.6
    layer_scaled,
    /// U(-r, r) with r = sqrt(6 / (fan_in + fan_out)), biases 0.
    /// @see  Glorot & Bengio 2010, equation 16
    xavier,
    /// N(0, 1) sqrt(2 / fan_in), biases 0: for ReLU, which passes half of the variance on.
    /// @see  He, Zhang, Ren & Sun 2015, equation 10
    he,
};

/// How many numbers a neuron takes in, and how many its output goes to.
struct Fans {
    std::size_t fan_in = 0;
    std::size_t fan_out = 0;
};

/// Overwrites the weights W and the biases b of one layer: what a layer's initialize calls.
void initialize_parameters(std::span<Scalar> W, std::span<Scalar> b, const Fans& fans,
                           Initialization initialization, Rng& rng);

/// "layer_scaled", "xavier" or "he"; the two are each other's inverse.
/// @throws Error  for an unknown name; the message lists those allowed
Initialization initialization_from_name(std::string_view name);
std::string_view name_of(Initialization initialization);

}  // namespace hourglass
