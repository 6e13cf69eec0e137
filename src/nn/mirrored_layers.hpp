// The decoder that mirrors an encoder, for autoencoder.cpp alone.
#pragma once

#include <memory>
#include <vector>

#include "hourglass/nn/layer.hpp"

namespace hourglass {

/// From the latent layer back to the input; without names.
/// @param output  the activation of the last one
/// @throws Error  naming a layer that has no mirror
std::vector<std::unique_ptr<Layer>> mirrored_layers(const std::vector<std::unique_ptr<Layer>>& encoder,
                                                    const Activation& output);

}  // namespace hourglass
