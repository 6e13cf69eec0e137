#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hourglass/io/safetensors.hpp"
#include "hourglass/nn/network.hpp"

namespace hourglass {

using Metadata = decltype(Safetensors::metadata);

/// The layers of a model as the metadata of its file list them.
struct LayerList {
    struct Line {
        std::string name;         // "encoder.0"
        std::string description;  // "dense(35,25)"
        std::string activation;   // "tanh"
    };

    std::vector<Line> lines;
    std::size_t latent_layer = 0;  // of an autoencoder, counted from 1; 0: it is none
};

LayerList layer_list(const Network& network, std::size_t latent_layer);

/// Adds `version`, `layers`, `names` and, for an autoencoder, `latent_layer`.
void write_layer_list(Metadata& metadata, const LayerList& list);

/// @throws Error  if the metadata list no layers, in this version's way or the first's
LayerList read_layer_list(const Metadata& metadata);

/// The whole number, 0 or more, that the metadata have under `key`; 0 if there is none.
/// @throws Error  if it is something else
std::uint64_t whole_number(const Metadata& metadata, const std::string& key);

/// The layers, with their parameters at zero.
/// @throws Error  naming the layer, if a line is none, or is one that needs more than `content` has
std::vector<std::unique_ptr<Layer>> make_layers(const LayerList& list, const Safetensors& content);

}  // namespace hourglass
