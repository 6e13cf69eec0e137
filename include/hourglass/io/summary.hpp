#pragma once

#include <string>
#include <vector>

#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

/// "dense(784,64) relu" of each layer.
std::vector<std::string> layer_texts(const Network& network);

/// A table, a line a layer: its name, kind, sizes, activation and parameters; then all parameters, and their bytes.
std::string summary_of(Autoencoder model);

}  // namespace hourglass
