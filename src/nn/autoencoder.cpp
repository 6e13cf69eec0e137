#include "hourglass/nn/autoencoder.hpp"

#include <algorithm>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/nn/layers/dense.hpp"

namespace hourglass {

Autoencoder::Autoencoder(std::vector<std::unique_ptr<Layer>> layers, std::size_t latent_layer)
    : Network(std::move(layers)), latent_layer_(latent_layer) {
    if (latent_layer < 1 || latent_layer >= depth()) {
        throw ShapeError("the latent layer of an autoencoder of " + std::to_string(depth()) +
                         " layers is one of them, and not the last; got " +
                         std::to_string(latent_layer));
    }
}

Autoencoder mirrored_autoencoder(std::span<const std::size_t> widths,
                                 const AutoencoderActivations& activations) {
    if (widths.size() < 2 || std::ranges::count(widths, std::size_t{0}) > 0) {
        throw Error("an encoder needs at least two widths, from the input to the latent layer, "
                    "and none of them zero");
    }
    const std::size_t half = widths.size() - 1;  // layers of the encoder, and of the decoder
    std::vector<std::unique_ptr<Layer>> layers;
    for (std::size_t l = 0; l < half; ++l) {
        layers.push_back(std::make_unique<Dense>(
            widths[l], widths[l + 1], "encoder." + std::to_string(l),
            l + 1 < half ? activations.hidden : activations.latent));
    }
    for (std::size_t l = 0; l < half; ++l) {
        layers.push_back(std::make_unique<Dense>(
            widths[half - l], widths[half - l - 1], "decoder." + std::to_string(l),
            l + 1 < half ? activations.hidden : activations.output));
    }
    return Autoencoder(std::move(layers), half);
}

Autoencoder mirrored_autoencoder(std::span<const std::size_t> widths,
                                 const AutoencoderActivations& activations,
                                 Initialization initialization, Rng& rng) {
    Autoencoder model = mirrored_autoencoder(widths, activations);
    initialize(model, initialization, rng);
    return model;
}

}  // namespace hourglass
