#pragma once

#include <memory>
#include <string_view>

#include "hourglass/nn/layer.hpp"

namespace hourglass {

/// The layer that a description names, "dense(35,25)", with its parameters at zero, the identity as its
/// activation and no name: the inverse of Layer::description(). What kinds there are is known here alone.
/// @throws Error  saying what is wrong with the description, and what kinds there are
std::unique_ptr<Layer> make_layer(std::string_view description);

}  // namespace hourglass
