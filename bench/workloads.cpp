#include "workloads.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "hourglass/core/error.hpp"
#include "hourglass/data/font.hpp"
#include "hourglass/data/idx.hpp"
#include "hourglass/data/image_folder.hpp"
#include "hourglass/data/noise.hpp"
#include "hourglass/nn/initialization.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/layers/transposed_convolution.hpp"
#include "hourglass/nn/make_layer.hpp"
#include "hourglass/nn/parse_layers.hpp"

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

/// Of a sample.
std::size_t forward_multiply_adds(const Layer& layer) {
    if (const auto* convolution = dynamic_cast<const Convolution*>(&layer)) {
        return convolution->window.places() * convolution->W.size();
    }
    if (const auto* transposed = dynamic_cast<const TransposedConvolution*>(&layer)) {
        return transposed->window.places() * transposed->W.size();
    }
    const auto* dense = dynamic_cast<const Dense*>(&layer);
    return dense != nullptr ? dense->W.size() : 0;
}

/// The first `samples` images of Fashion-MNIST: (samples, 784), pixels in [0, 1].
/// @see  Xiao, Rasul & Vollgraf 2017, "Fashion-MNIST"
Matrix first_images(const std::filesystem::path& path, std::size_t samples) {
    if (std::error_code unknown; !std::filesystem::exists(path, unknown)) {
        throw Error(path.string() +
                    ": is missing. It is in the Debian package dataset-fashion-mnist, which ./lab bench installs; "
                    "--fashion-mnist names another place, and --only W1,W2,W3 does without");
    }
    const Matrix all = read_idx_images(path).X;
    if (all.cols() != 28 * 28 || all.rows() < samples) {
        throw Error(path.string() + ": expected at least " + std::to_string(samples) +
                    " images of 28x28 pixels in IDX format");
    }
    Matrix first(samples, all.cols());
    std::ranges::copy(all.flat().first(first.size()), first.flat().begin());
    return first;
}

/// X: with gaussian noise of 0.2, clipped to [0, 1]. T: as X was, clean.
void add_noise_to_images(Matrix& X, Matrix& T) {
    T = X;
    Rng rng(2);
    add_noise(X, T, {Noise::Kind::gaussian, 0.2}, rng);
    clip(X, 0, 1);
    round_to_float(X.flat());
}

}  // namespace

std::vector<Specification> all_specifications() {
    return {
        {"W1", "letters", "dense(35,25) tanh, 15 tanh, 2 tanh, 15 tanh, 25 tanh, 35 tanh", 5},
        {"W2", "denoise", "dense(35,32) tanh, 16 tanh, 8 tanh, 16 tanh, 32 tanh, 35 tanh", 5},
        {"W3", "flowers", "dense(1024,256) tanh, 64 tanh, 6 tanh, 64 tanh, 256 tanh, 1024 tanh", 20},
        {"W4", "fashion", "dense(784,64) relu, 784 sigmoid", 256},
        {"W5", "deep",
         "dense(784,1000) tanh, 500 tanh, 250 tanh, 30 tanh, 250 tanh, 500 tanh, 1000 tanh, 784 sigmoid",
         128},
        {"W6", "conv",
         "conv(28x28x1,16,3x3,s2,same) relu, conv(8,3x3,s2,same) relu, conv_transposed(8,3x3,s2,same) relu, "
         "conv_transposed(16,3x3,s2,same) relu, conv(1,3x3,same) sigmoid",
         32},
        {"W7", "vae", "dense(784,400) relu, 40, sampling(20), 400 relu, 784 sigmoid", 128, 0.001,
         Loss::cross_entropy},
        {"W8", "conv_vae",
         "conv(28x28x1,32,3x3,s2) relu, conv(64,3x3,s2) relu, 4, sampling(2), 1568 relu, "
         "conv_transposed(7x7x32,64,3x3,s2,same) relu, conv_transposed(32,3x3,s2,same) relu, "
         "conv_transposed(1,3x3,same) sigmoid",
         32, 0.0001, Loss::cross_entropy}};
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
    } else {
        workload.X = first_images(fashion_mnist, specification.title == "fashion" ? 60'000 : 10'240);
        round_to_float(workload.X.flat());
    }
    if (specification.title == "conv") {
        add_noise_to_images(workload.X, workload.T);
    } else if (specification.title == "conv_vae") {
        binarize(workload.X);
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
    const std::string first = split_layers(specification.layers).front().description;
    Network network(parse_layers(specification.layers, plan_layer(first).in));
    Rng rng(1);
    initialize(network, Initialization::layer_scaled, rng);
    for (const Parameter& parameter : network.parameters()) {
        round_to_float(parameter.value);
    }
    return network;
}

std::size_t multiply_adds(const Network& network) {
    std::size_t total = 0;
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        total += (l == 1 ? 2 : 3) * forward_multiply_adds(network.layer(l));
    }
    return total;
}

}  // namespace hourglass::bench
