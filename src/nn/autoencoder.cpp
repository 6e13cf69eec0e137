#include "hourglass/nn/autoencoder.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "mirrored_layers.hpp"

namespace hourglass {

Autoencoder::Autoencoder(std::vector<std::unique_ptr<Layer>> layers, std::size_t latent_layer)
    : Network(std::move(layers)), latent_layer_(latent_layer) {
    if (latent_layer < 1 || latent_layer >= depth()) {
        throw ShapeError("the latent layer of an autoencoder of " + std::to_string(depth()) +
                         " layers is one of them, and not the last; got " +
                         std::to_string(latent_layer));
    }
}

namespace {

void require_widths(std::span<const std::size_t> widths) {
    if (widths.size() < 2 || std::ranges::count(widths, std::size_t{0}) > 0) {
        throw Error("an encoder needs at least two widths, from the input to the latent layer, "
                    "and none of them zero");
    }
}

}  // namespace

Autoencoder mirrored_autoencoder(std::span<const std::size_t> widths,
                                 const AutoencoderActivations& activations) {
    require_widths(widths);
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

Autoencoder variational_autoencoder(std::span<const std::size_t> widths, double beta,
                                    const AutoencoderActivations& activations) {
    require_widths(widths);
    const std::size_t latent_size = widths.back();
    std::vector<std::unique_ptr<Layer>> encoder;
    for (std::size_t l = 0; l + 2 < widths.size(); ++l) {
        encoder.push_back(std::make_unique<Dense>(widths[l], widths[l + 1], "", activations.hidden));
    }
    encoder.push_back(std::make_unique<Dense>(widths[widths.size() - 2], 2 * latent_size, "", activations.latent));
    encoder.push_back(std::make_unique<Sampling>(latent_size, beta));
    return mirrored_autoencoder(std::move(encoder), activations.output);
}

Autoencoder mirrored_autoencoder(std::vector<std::unique_ptr<Layer>> encoder, const Activation& output) {
    const std::size_t latent_layer = encoder.size();
    for (std::unique_ptr<Layer>& layer : mirrored_layers(encoder, output)) {
        encoder.push_back(std::move(layer));
    }
    return autoencoder_of(std::move(encoder), latent_layer);
}

Autoencoder autoencoder_of(std::vector<std::unique_ptr<Layer>> layers, std::size_t latent_layer) {
    for (std::size_t l = 0; l < layers.size(); ++l) {
        layers[l]->name = l < latent_layer ? "encoder." + std::to_string(l)
                                           : "decoder." + std::to_string(l - latent_layer);
    }
    return Autoencoder(std::move(layers), latent_layer);
}

}  // namespace hourglass
