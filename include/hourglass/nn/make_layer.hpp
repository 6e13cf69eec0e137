#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "hourglass/nn/layer.hpp"
#include "hourglass/nn/shape.hpp"

namespace hourglass {

/// What a description of a layer comes to, before any memory is taken for it.
struct LayerPlan {
    ImageShape in, out;            // of a sample
    std::size_t tensors = 0;  // how many the layer holds, running statistics included
    std::size_t values = 0;   // how many numbers are in them; no more than a size can count
    std::function<std::unique_ptr<Layer>()> make;
};

/// The plan of the layer that a description names: "dense(35,25)", or, where it is known what comes in,
/// "dense(25)". docs/model_files.md lists all kinds; they are known in make_layer.cpp alone.
/// @param before  what the layer before gives, or null
/// @throws Error  saying what is wrong with the description, or with what comes in, and what fits
LayerPlan plan_layer(std::string_view description, const ImageShape* before = nullptr);

/// The layer that a full description names, with its parameters as they are before they are initialized, the
/// identity as its activation and no name: the inverse of Layer::description().
/// @throws Error  "layer 'dense(35)': ...", as plan_layer
std::unique_ptr<Layer> make_layer(std::string_view description);

}  // namespace hourglass
