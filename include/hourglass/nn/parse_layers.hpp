#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/nn/layer.hpp"
#include "hourglass/nn/shape.hpp"

namespace hourglass {

/// One layer of a list, as it stands there.
struct LayerText {
    std::string description;  // "conv(16,3x3,s2)", or "25"
    std::string activation;   // "relu"; empty if none is said
};

/// The parts of a list such as "conv(16,3x3,s2) relu, dense(2)", which commas or semicolons outside of parentheses
/// separate. What is in them is for plan_layer and activation_from_name to judge.
/// @throws Error  "layer 2 of the list is empty: ..."
std::vector<LayerText> split_layers(std::string_view text);

/// The layers of a list, each with its activation and no name, for samples of shape `input`: "28x28x1, conv(16,3x3,s2)
/// relu, dense(2)" or "784, 400, 20". A number is a dense layer of so many units. The first item may say the input
/// instead, as a number or a shape by itself. A layer may leave out what comes in: the one before it says so.
/// @param otherwise  the activation of a plain number that says none; the other layers then have the identity
/// @throws Error  "layer 3 'conv(16,9x9)': ...", saying what does not fit, and what would
std::vector<std::unique_ptr<Layer>> parse_layers(std::string_view text, const ImageShape& input,
                                                 const Activation& otherwise = {});

}  // namespace hourglass
