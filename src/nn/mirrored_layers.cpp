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

std::unique_ptr<Layer> mirror(const Convolution& layer, bool has_bias) {
    const Window& w = layer.window;
    auto back = std::make_unique<TransposedConvolution>(layer.output(), w.image.channels, w.rows, w.cols,
                                                        w.stride, w.padding);
    back->has_bias = has_bias;
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

/// @param in        what comes in on the way back
/// @param has_bias  none before a batch norm
/// @returns null for a layer that is left out there
std::unique_ptr<Layer> mirror(const Layer& layer, std::size_t in, bool has_bias) {
    if (as<Dense>(layer)) {
        auto back = std::make_unique<Dense>(in, layer.in());
        back->has_bias = has_bias;
        return back;
    }
    if (const auto* convolution = as<Convolution>(layer)) { return mirror(*convolution, has_bias); }
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

/// A batch norm for what comes into the encoder's layer l, if that was normed there, and perhaps pooled or thinned out by dropout after it.
std::unique_ptr<BatchNorm> norm_before(const std::vector<std::unique_ptr<Layer>>& encoder, std::size_t l) {
    while (l > 0 && as<Dropout>(*encoder[l - 1])) { --l; }
    if (l == 0) { return nullptr; }
    if (const auto* norm = as<BatchNorm>(*encoder[l - 1])) { return std::make_unique<BatchNorm>(norm->shape); }
    const auto* max = as<MaxPool>(*encoder[l - 1]);
    const auto* average = as<AveragePool>(*encoder[l - 1]);
    if ((max == nullptr && average == nullptr) || l == 1 || !as<BatchNorm>(*encoder[l - 2])) { return nullptr; }
    const Window& w = max ? max->window : average->window;
    return std::make_unique<BatchNorm>(ImageShape{w.places_down, w.places_across, w.image.channels});
}

}  // namespace

std::vector<std::unique_ptr<Layer>> mirrored_layers(const std::vector<std::unique_ptr<Layer>>& encoder,
                                                    const Activation& output) {
    std::vector<std::unique_ptr<Layer>> decoder;
    for (std::size_t l = encoder.size(); l-- > 0;) {
        const std::size_t in = decoder.empty() ? encoder.back()->out() : decoder.back()->out();
        std::unique_ptr<BatchNorm> norm = norm_before(encoder, l);
        std::unique_ptr<Layer> layer = mirror(*encoder[l], in, norm == nullptr);
        if (layer == nullptr) { continue; }
        const bool is_upsample = as<Upsample>(*layer) != nullptr;
        decoder.push_back(std::move(layer));
        if (norm != nullptr && !is_upsample) { decoder.push_back(std::move(norm)); }
        if (!is_upsample) { decoder.back()->activation = activation_before(encoder, l); }
    }
    if (!decoder.empty()) { decoder.back()->activation = output; }
    return decoder;
}

}  // namespace hourglass
