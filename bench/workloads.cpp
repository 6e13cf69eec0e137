#include "workloads.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "fashion_mnist.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/data/font.hpp"
#include "hourglass/data/image_folder.hpp"
#include "hourglass/data/noise.hpp"
#include "hourglass/nn/initialization.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/layers/transposed_convolution.hpp"

namespace hourglass::bench {
namespace {

/// Rounds to what the files of a workload directory hold, so that a build in double starts from the
/// same numbers.
void round_to_float(std::span<Scalar> values) {
    std::ranges::transform(values, values.begin(), [](Scalar value) {
        return static_cast<Scalar>(static_cast<float>(value));
    });
}

Matrix letters() {
    return read_font(HOURGLASS_DATA_DIR "/fonts/font3.txt").pixels();
}

/// X: 320 copies of each letter with a tenth of their pixels flipped. T: the same letters, clean.
void make_noisy_letters(Matrix& X, Matrix& T) {
    const Matrix clean = letters();
    T.resize(10'240, clean.cols());
    for (std::size_t i = 0; i < T.rows(); ++i) {
        std::ranges::copy(clean.row(i % clean.rows()), T.row(i).begin());
    }
    Rng rng(2);
    add_noise(X, T, {Noise::Kind::flip, 0.1}, rng);
}

/// X: the images with gaussian noise of 0.2, clipped to [0, 1]. T: clean.
void make_noisy_images(Matrix& X, Matrix& T, const std::filesystem::path& fashion_mnist) {
    T = read_fashion_mnist(fashion_mnist, 10'240);
    round_to_float(T.flat());
    X = T;
    Rng rng(2);
    for (Scalar& x : X.flat()) {
        x = std::clamp(x + static_cast<Scalar>(0.2 * rng.normal()), Scalar{0}, Scalar{1});
    }
    round_to_float(X.flat());
}

using Layers = std::vector<std::unique_ptr<Layer>>;

template <class Kind>
void add(Layers& layers, Kind layer, const Activation& f) {
    layer.name = "layer." + std::to_string(layers.size() + 1);
    layer.activation = f;
    layers.push_back(std::make_unique<Kind>(std::move(layer)));
}

Layers dense_layers(const Specification& s) {
    Layers layers;
    for (std::size_t l = 1; l < s.widths.size(); ++l) {
        add(layers, Dense(s.widths[l - 1], s.widths[l]), l + 1 < s.widths.size() ? s.hidden : s.output);
    }
    return layers;
}

/// Two convolutions, as many transposed ones, and one that mixes their channels.
Layers denoising_layers(const Specification& s) {
    constexpr auto same = Window::Padding::same;
    Layers layers;
    add(layers, Convolution({{28, 28, 1}, 3, 3, 2, same}, 16), s.hidden);
    add(layers, Convolution({{14, 14, 16}, 3, 3, 2, same}, 8), s.hidden);
    add(layers, TransposedConvolution({7, 7, 8}, 8, 3, 3, 2, same), s.hidden);
    add(layers, TransposedConvolution({14, 14, 8}, 16, 3, 3, 2, same), s.hidden);
    add(layers, Convolution({{28, 28, 16}, 3, 3, 1, same}, 1), s.output);
    return layers;
}

}  // namespace

std::vector<Specification> all_specifications() {
    const Activation tanh = {Activation::Kind::tanh};
    const Activation relu = {Activation::Kind::relu};
    const Activation sigmoid = {Activation::Kind::sigmoid};
    return {{"W1", "letters", {35, 25, 15, 2, 15, 25, 35}, tanh, tanh, 5},
            {"W2", "denoise", {35, 32, 16, 8, 16, 32, 35}, tanh, tanh, 5},
            {"W3", "flowers", {1024, 256, 64, 6, 64, 256, 1024}, tanh, tanh, 20},
            {"W4", "fashion", {784, 64, 784}, relu, sigmoid, 256},
            {"W5", "deep", {784, 1000, 500, 250, 30, 250, 500, 1000, 784}, tanh, sigmoid, 128},
            {"W6", "conv", {784, 3136, 392, 1568, 12544, 784}, relu, sigmoid, 32, 0.001, true}};
}

std::string all_names() {
    std::string names;
    for (const Specification& specification : all_specifications()) {
        names += (names.empty() ? "" : ",") + specification.name;
    }
    return names;
}

std::vector<Specification> chosen_specifications(const std::string& names) {
    std::vector<Specification> all = all_specifications();
    if (names.empty()) {
        return all;
    }
    std::vector<Specification> chosen;
    std::istringstream parts(names);
    for (std::string name; std::getline(parts, name, ',');) {
        const auto found = std::ranges::find(all, name, &Specification::name);
        if (found == all.end()) {
            throw Error("--only: expected some of " + all_names() + ", got '" + names + "'");
        }
        chosen.push_back(*found);
    }
    return chosen;
}

Workload make_workload(const Specification& specification,
                       const std::filesystem::path& fashion_mnist) {
    Workload workload;
    static_cast<Specification&>(workload) = specification;
    if (specification.title == "letters") {
        workload.X = letters();
    } else if (specification.title == "denoise") {
        make_noisy_letters(workload.X, workload.T);
    } else if (specification.title == "flowers") {
        workload.X = read_image_folder(HOURGLASS_DATA_DIR "/flowers", 32).X;
        round_to_float(workload.X.flat());
    } else if (specification.convolutional) {
        make_noisy_images(workload.X, workload.T, fashion_mnist);
    } else {
        const std::size_t samples = specification.title == "deep" ? 10'240 : 60'000;
        workload.X = read_fashion_mnist(fashion_mnist, samples);
        round_to_float(workload.X.flat());
    }
    workload.order = make_order(workload.X.rows(), workload.batch_size);
    return workload;
}

std::vector<std::size_t> make_order(std::size_t samples, std::size_t batch_size) {
    constexpr std::size_t least_steps = 60;
    const std::size_t in_full_batches = samples / batch_size * batch_size;
    std::vector<std::size_t> epoch(samples);
    std::iota(epoch.begin(), epoch.end(), std::size_t{0});
    std::vector<std::size_t> order;
    Rng rng(3);
    while (order.size() < least_steps * batch_size) {
        rng.shuffle(std::span(epoch));
        order.insert(order.end(), epoch.begin(),
                     epoch.begin() + static_cast<std::ptrdiff_t>(in_full_batches));
    }
    order.shrink_to_fit();
    return order;
}

Network make_network(const Specification& specification) {
    Network network(specification.convolutional ? denoising_layers(specification)
                                                : dense_layers(specification));
    Rng rng(1);
    initialize(network, Initialization::layer_scaled, rng);
    for (const Parameter& parameter : network.parameters()) {
        round_to_float(parameter.value);
    }
    return network;
}

}  // namespace hourglass::bench
