#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/nn/network.hpp"

namespace hourglass::bench {

/// What is trained, without its data. The optimizer is Adam.
struct Specification {
    std::string name;    // "W1"
    std::string title;   // "letters"
    std::string layers;  // for parse_layers; the first says what comes in: "dense(35,25) tanh, 35 tanh"
    std::size_t batch_size = 0;
    double learning_rate = 0.001;
    Loss loss = Loss::mean_squared_error;
};

/// A specification with its data and the order in which training takes them: all that a program needs
/// to train on the same samples as every other, but for the parameters to start from.
struct Workload : Specification {
    Matrix X;                        // inputs (samples, in)
    Matrix T;                        // targets (samples, out); empty: the inputs
    std::vector<std::size_t> order;  // the samples of each step, one batch after another

    std::size_t order_steps() const { return order.size() / batch_size; }

    /// The samples of a step, counted from 0. After the last batch of the order comes its first.
    std::span<const std::size_t> samples(std::size_t step) const {
        const std::size_t first = step % order_steps() * batch_size;
        return std::span(order).subspan(first, batch_size);
    }
};

/// W1 letters, W2 denoise, W3 flowers, W4 fashion, W5 deep, W6 conv, which denoises images by convolutions,
/// and two variational autoencoders, W7 vae of dense layers and W8 conv_vae of convolutions.
std::vector<Specification> all_specifications();

/// "W1,W2,...", for messages.
std::string all_names();

/// Those whose names a comma separates, as in "W1,W3"; all of them for "".
/// @throws Error  for another name; the message lists those allowed
std::vector<Specification> chosen_specifications(const std::string& names);

/// Where the Debian package dataset-fashion-mnist puts the images that W4 to W8 train on.
inline constexpr const char* default_fashion_mnist =
    "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz";

/// Reads or draws the data; the same for every call.
/// @throws Error  if a file of the data is missing or damaged
Workload make_workload(const Specification& specification,
                       const std::filesystem::path& fashion_mnist = default_fashion_mnist);

/// A random order of whole epochs, each of its full batches only, of at least 60 steps.
std::vector<std::size_t> make_order(std::size_t samples, std::size_t batch_size);

/// The network that training starts from; the same for every call.
Network make_network(const Specification& specification);

/// Those of a sample in a training step: for Z, dW and dX of each layer, but nobody needs dX of the first.
std::size_t multiply_adds(const Network& network);

// A workload directory is how programs in other languages get the same work: workload.json, and raw
// little-endian numbers, row after row, in X.f32, T.f32 (if there are targets), params.f32 (W, then b, of
// each layer), order.i32 and, of a variational autoencoder, eps.f32: what its latent layer draws in the first
// steps, whose losses have to be the same for all programs.

/// @throws Error  if it cannot be written
void write_workload(const std::filesystem::path& folder, const Workload& workload);

/// @throws Error  naming the file, if it is missing or not of the size that workload.json says
Workload read_workload(const std::filesystem::path& folder);
Network read_network(const std::filesystem::path& folder, const Specification& specification);

}  // namespace hourglass::bench
