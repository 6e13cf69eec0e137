#pragma once

#include <string>
#include <vector>

#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "hourglass/nn/schedule.hpp"

namespace hourglass {

/// "dense(784,64) relu" of each layer.
std::vector<std::string> layer_texts(const Network& network);

/// A table, a line a layer: its name, kind, sizes, activation and parameters; then all parameters, and their bytes.
std::string summary_of(Autoencoder model);

/// "sgd, momentum 0.9, learning rate 0.001 cosine"; adam's betas where they are not the usual ones.
std::string optimizer_text(const OptimizerOptions& optimizer, const Schedule& schedule);

}  // namespace hourglass
