#include "mirrored_layers.hpp"

#include <string>

#include "hourglass/core/error.hpp"
#include "hourglass/nn/layers/average_pool.hpp"
#include "hourglass/nn/layers/batch_norm.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/layers/dropout.hpp"
#include "hourglass/nn/layers/max_pool.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "hourglass/nn/layers/transposed_convolution.hpp"
#include "hourglass/nn/layers/upsample.hpp"

namespace hourglass {
namespace {

template <class Kind>
const Kind* as(const Layer& layer) {
    return dynamic_cast<const Kind*>(&layer);
}

[[noreturn]] void refuse(const Layer& layer, const std::string& why) {
    throw Error(layer.description() + " has no mirror in a decoder: " + why);
}

std::unique_ptr<Layer> mirror(const Convolution& layer) {
    const Window& w = layer.window;
    auto back = std::make_unique<TransposedConvolution>(layer.output(), w.image.channels, w.rows, w.cols,
                                                        w.stride, w.padding);
    if (back->window.image != w.image) {
        refuse(layer, "transposed, it gives " + back->window.image.text() + ", expected " + w.image.text());
    }
    return back;
}

/// Of a pooling, max or average.
std::unique_ptr<Layer> mirror(const Layer& layer, const Window& w) {
    if (w.rows != w.stride || w.cols != w.stride || w.image.height % w.stride != 0 ||
        w.image.width % w.stride != 0) {
        refuse(layer, "expected windows side by side that cover the image, such as 2x2,s2 on an even one");
    }
    return std::make_unique<Upsample>(ImageShape{w.places_down, w.places_across, w.image.channels}, w.stride);
}

/// @param in  what comes in on the way back
/// @returns null for a layer that is left out there
std::unique_ptr<Layer> mirror(const Layer& layer, std::size_t in) {
    if (as<Dense>(layer)) { return std::make_unique<Dense>(in, layer.in()); }
    if (const auto* convolution = as<Convolution>(layer)) { return mirror(*convolution); }
    if (const auto* pool = as<MaxPool>(layer)) { return mirror(layer, pool->window); }
    if (const auto* pool = as<AveragePool>(layer)) { return mirror(layer, pool->window); }
    if (as<BatchNorm>(layer) || as<Dropout>(layer) || as<Sampling>(layer)) { return nullptr; }
    refuse(layer, "expected dense, conv, max_pool, average_pool, batch_norm, dropout or sampling");
}

/// What the encoder does to the numbers that come into its layer l, counted from 0: the last activation there.
Activation activation_before(const std::vector<std::unique_ptr<Layer>>& encoder, std::size_t l) {
    while (l > 0 && encoder[l - 1]->activation == Activation{}) {
        --l;
    }
    return l > 0 ? encoder[l - 1]->activation : Activation{};
}

}  // namespace

std::vector<std::unique_ptr<Layer>> mirrored_layers(const std::vector<std::unique_ptr<Layer>>& encoder,
                                                    const Activation& output) {
    std::vector<std::unique_ptr<Layer>> decoder;
    for (std::size_t l = encoder.size(); l-- > 0;) {
        const std::size_t in = decoder.empty() ? encoder.back()->out() : decoder.back()->out();
        std::unique_ptr<Layer> layer = mirror(*encoder[l], in);
        if (layer != nullptr) {
            layer->activation = as<Upsample>(*layer) ? Activation{} : activation_before(encoder, l);
            decoder.push_back(std::move(layer));
        }
    }
    if (!decoder.empty()) { decoder.back()->activation = output; }
    return decoder;
}

}  // namespace hourglass
