#include "hourglass/nn/autoencoder.hpp"

#include <algorithm>

#include "hourglass/core/error.hpp"

namespace hourglass {
namespace {

std::vector<Layer> mirrored_layers(std::span<const std::size_t> widths,
                                   const AutoencoderActivations& activations) {
    if (widths.size() < 2 || std::ranges::count(widths, std::size_t{0}) > 0) {
        throw Error("an encoder needs at least two widths, from the input to the latent layer, "
                    "and none of them zero");
    }
    const std::size_t half = widths.size() - 1;  // layers of the encoder, and of the decoder
    std::vector<Layer> layers;
    for (std::size_t l = 0; l < half; ++l) {
        layers.push_back({"encoder." + std::to_string(l), Dense(widths[l], widths[l + 1]),
                          l + 1 < half ? activations.hidden : activations.latent});
    }
    for (std::size_t l = 0; l < half; ++l) {
        layers.push_back({"decoder." + std::to_string(l),
                          Dense(widths[half - l], widths[half - l - 1]),
                          l + 1 < half ? activations.hidden : activations.output});
    }
    return layers;
}

}  // namespace

Autoencoder::Autoencoder(std::span<const std::size_t> widths,
                         const AutoencoderActivations& activations)
    : Network(mirrored_layers(widths, activations)) {}

Autoencoder::Autoencoder(std::span<const std::size_t> widths,
                         const AutoencoderActivations& activations, Initialization initialization,
                         Rng& rng)
    : Autoencoder(widths, activations) {
    initialize(*this, initialization, rng);
}

}  // namespace hourglass
