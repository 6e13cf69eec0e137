#include "hourglass/nn/make_layer.hpp"

#include <array>
#include <string>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/layers/average_pool.hpp"
#include "hourglass/nn/layers/batch_norm.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/layers/dropout.hpp"
#include "hourglass/nn/layers/max_pool.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "hourglass/nn/layers/transposed_convolution.hpp"
#include "hourglass/nn/layers/upsample.hpp"
#include "layer_arguments.hpp"

namespace hourglass {
namespace {

LayerPlan plan_dense(Arguments& arguments) {
    const bool has_bias = !arguments.last_word("no_bias");
    const ImageShape in = arguments.shape(arguments.left() > 1);
    const std::size_t out = arguments.count("a number of units");
    return {.in = in,
            .out = row_of(out),
            .tensors = has_bias ? 2u : 1u,
            .values = product("its weights", in.size(), out) + (has_bias ? out : 0),
            .make = [=] {
                auto layer = std::make_unique<Dense>(in.size(), out);
                layer->has_bias = has_bias;
                return layer;
            }};
}

LayerPlan plan_convolution(Arguments& arguments) {
    const bool has_bias = !arguments.last_word("no_bias");
    const ImageShape image = arguments.image();
    const std::size_t filters = arguments.count("a number of filters");
    const WindowSize size = arguments.window();
    const Window window(image, size.rows, size.cols, size.stride, size.padding);
    product("what it gives", window.places(), filters);
    return {.in = image,
            .out = {window.places_down, window.places_across, filters},
            .tensors = has_bias ? 2u : 1u,
            .values = product("its weights", filters, window.patch()) + (has_bias ? filters : 0),
            .make = [=] {
                auto layer = std::make_unique<Convolution>(window, filters);
                layer->has_bias = has_bias;
                return layer;
            }};
}

LayerPlan plan_transposed_convolution(Arguments& arguments) {
    const bool has_bias = !arguments.last_word("no_bias");
    const ImageShape image = arguments.image();
    const std::size_t filters = arguments.count("a number of filters");
    const WindowSize size = arguments.window();
    const Window window =
        transposed_window(image, filters, size.rows, size.cols, size.stride, size.padding);
    product("what it gives", window.image.height * window.image.width, filters);
    return {.in = image,
            .out = window.image,
            .tensors = has_bias ? 2u : 1u,
            .values = product("its weights", image.channels, window.patch()) + (has_bias ? filters : 0),
            .make = [=] {
                auto layer = std::make_unique<TransposedConvolution>(image, filters, size.rows, size.cols, size.stride,
                                                                     size.padding);
                layer->has_bias = has_bias;
                return layer;
            }};
}

/// max_pool and average_pool.
template <class Pool>
LayerPlan plan_pool(Arguments& arguments) {
    const ImageShape image = arguments.image();
    const WindowSize size = arguments.window();
    const Window window(image, size.rows, size.cols, size.stride, size.padding);
    return {.in = window.image,
            .out = {window.places_down, window.places_across, window.image.channels},
            .make = [=] { return std::make_unique<Pool>(window); }};
}

LayerPlan plan_upsample(Arguments& arguments) {
    const ImageShape in = arguments.image();
    const std::size_t factor = arguments.count("how many times as large the image becomes, a whole number");
    product("what it gives", product("what it gives", in.size(), factor), factor);
    return {.in = in,
            .out = {in.height * factor, in.width * factor, in.channels},
            .make = [=] { return std::make_unique<Upsample>(in, factor); }};
}

LayerPlan plan_batch_norm(Arguments& arguments) {
    const ImageShape shape = arguments.shape(arguments.left() > 0);
    return {.in = shape,
            .out = shape,
            .tensors = 4,
            .values = 4 * shape.channels,
            .make = [=] { return std::make_unique<BatchNorm>(shape); }};
}

LayerPlan plan_dropout(Arguments& arguments) {
    const ImageShape shape = arguments.shape(arguments.left() > 1);
    const double p = arguments.number("a probability");
    if (!(p >= 0 && p < 1)) {
        throw Error("expected a probability of at least 0 and less than 1, got " + to_text(p));
    }
    return {.in = shape, .out = shape, .make = [=] { return std::make_unique<Dropout>(shape, p); }};
}

LayerPlan plan_sampling(Arguments& arguments) {
    const std::size_t latent_size = arguments.count("a number of latent units");
    const double beta = arguments.left() > 0 ? arguments.number("beta") : 1;
    if (!(beta >= 0)) {
        throw Error("expected a beta of at least 0, got " + to_text(beta));
    }
    const ImageShape in = row_of(product("what comes in", 2, latent_size));
    arguments.require_size(in);
    return {.in = in,
            .out = row_of(latent_size),
            .make = [=] { return std::make_unique<Sampling>(latent_size, beta); }};
}

struct Kind {
    std::string_view name;
    std::string_view usage;  // in brackets: what may be left out where it is known or has a default
    LayerPlan (*plan)(Arguments&);
};

constexpr std::array<Kind, 9> kinds = {{
    {"dense", "dense([in,]out[,no_bias])", plan_dense},
    {"conv", "conv([HxWxC,]filters,RxC[,sSTRIDE][,same][,no_bias])", plan_convolution},
    {"conv_transposed", "conv_transposed([HxWxC,]filters,RxC[,sSTRIDE][,same][,no_bias])",
     plan_transposed_convolution},
    {"max_pool", "max_pool([HxWxC,]RxC[,sSTRIDE][,same])", plan_pool<MaxPool>},
    {"average_pool", "average_pool([HxWxC,]RxC[,sSTRIDE][,same])", plan_pool<AveragePool>},
    {"upsample", "upsample([HxWxC,]factor)", plan_upsample},
    {"batch_norm", "batch_norm([HxWxC])", plan_batch_norm},
    {"dropout", "dropout([HxWxC,]probability)", plan_dropout},
    {"sampling", "sampling(latent[,beta])", plan_sampling},
}};

std::string all_usages() {
    std::string text;
    for (const Kind& kind : kinds) {
        text += (text.empty() ? "" : ", ") + std::string(kind.usage);
    }
    return text;
}

}  // namespace

LayerPlan plan_layer(std::string_view description, const ImageShape* before) {
    Arguments arguments(description, before);
    for (const Kind& kind : kinds) {
        if (kind.name != arguments.kind()) { continue; }
        arguments.usage = kind.usage;
        LayerPlan plan = kind.plan(arguments);
        arguments.end();
        return plan;
    }
    throw Error("there is no such kind of layer; expected one of " + all_usages());
}

std::unique_ptr<Layer> make_layer(std::string_view description) {
    try {
        return plan_layer(description).make();
    } catch (const Error& error) {
        throw Error("layer '" + one_line(description) + "': " + error.what());
    }
}

}  // namespace hourglass
