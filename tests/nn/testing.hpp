#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "../testing.hpp"  // not this file itself
#include "hourglass/core/error.hpp"
#include "hourglass/nn/gradient_check.hpp"
#include "hourglass/nn/initialization.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/network.hpp"

namespace hourglass::testing {

using Kind = Activation::Kind;

inline const std::array<Activation, 6> all_activations = {{{Kind::identity},
                                                           {Kind::tanh},
                                                           {Kind::leaky_relu},
                                                           {Kind::relu},
                                                           {Kind::sigmoid},
                                                           {Kind::softmax}}};

/// An output layer: its activation and the loss it is trained on.
struct Output {
    Loss loss;
    Activation activation;
};

/// Every pair of a loss and an activation that fit together.
inline std::vector<Output> all_outputs() {
    std::vector<Output> result;
    for (const Activation& f : all_activations) {
        result.push_back({Loss::mean_squared_error, f});
        result.push_back({Loss::mean_absolute_error, f});
    }
    for (const Kind fused : {Kind::tanh, Kind::sigmoid, Kind::softmax}) {
        result.push_back({Loss::cross_entropy, {fused}});
    }
    return result;
}

/// Targets that suit the output: +-1 under tanh, in [0, 1] under sigmoid, rows that sum to 1 under
/// softmax, normal numbers elsewhere. Under the absolute error they are where no prediction comes
/// near, for its kink at y = t hides a gradient from the check.
inline Matrix random_targets(std::size_t n, std::size_t d, const Output& output, Rng& rng) {
    const bool far = output.loss == Loss::mean_absolute_error;
    Matrix T = random_matrix(n, d, rng);
    for (std::size_t i = 0; i < n; ++i) {
        Scalar sum = 0;
        for (Scalar& t : T.row(i)) {
            switch (output.activation.kind) {
                case Kind::tanh:
                    t = t > 0 ? Scalar{1} : Scalar{-1};
                    break;
                case Kind::sigmoid:
                case Kind::softmax:
                    t = static_cast<Scalar>(rng.uniform());
                    break;
                default:
                    t = far ? std::copysign(10 + std::abs(t), t) : t;
            }
            sum += t;
        }
        if (output.activation.kind == Kind::sigmoid && far) {
            std::ranges::transform(T.row(i), T.row(i).begin(),
                                   [](Scalar t) { return std::round(t); });
        }
        if (output.activation.kind == Kind::softmax) {
            const std::size_t hot = rng.below(d);
            for (std::size_t j = 0; j < d; ++j) {
                T(i, j) = far ? Scalar(j == hot) : T(i, j) / sum;
            }
        }
    }
    return T;
}

/// A network of these layers.
template <class... Kind>
Network network_of(const Kind&... layer) {
    std::vector<std::unique_ptr<Layer>> layers;
    (layers.push_back(layer.copy()), ...);
    return Network(std::move(layers));
}

/// Layers "layer.1", ... of these widths; all but the last have the activation `hidden`.
inline Network make_network(const std::vector<std::size_t>& widths, const Activation& hidden,
                            const Activation& output, Rng& rng) {
    std::vector<std::unique_ptr<Layer>> layers;
    for (std::size_t l = 1; l < widths.size(); ++l) {
        layers.push_back(std::make_unique<Dense>(widths[l - 1], widths[l],
                                                 "layer." + std::to_string(l),
                                                 l + 1 < widths.size() ? hidden : output));
    }
    Network network(std::move(layers));
    initialize(network, Initialization::layer_scaled, rng);
    return network;
}

/// Changes the parameters so that a gradient check sees something in every tensor of a deep network:
/// larger weights in hidden layers where f' is small (at most 1/4 for sigmoid, 1/2 for softmax), and
/// biases that keep z away from the kink of the ReLUs, every other neuron on the other side of it.
inline void make_checkable(Network& network) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        Dense& dense = network.as<Dense>(l);
        const Kind kind = network.layer(l).activation.kind;
        const bool kinked = kind == Kind::leaky_relu || kind == Kind::relu;
        const bool flat = kind == Kind::sigmoid || kind == Kind::softmax;
        const Scalar gain = kinked ? Scalar{0.75} : flat && l < network.depth() ? 4 : 1;
        for (Scalar& w : dense.W.flat()) {
            w *= gain;
        }
        for (std::size_t j = 0; j < dense.out(); ++j) {
            dense.b[j] += kinked ? (j % 2 == 0 ? Scalar{2} : Scalar{-2}) : Scalar{0};
        }
    }
}

/// Forward, loss and backward of `network` in the mode of `ws`.
inline void run_step(Network& network, Workspace& ws, const Matrix& X, const Matrix& T,
                     Loss loss = Loss::mean_squared_error) {
    network.forward(ws, X);
    network.loss(ws, T, loss);
    network.backward(ws);
    network.backward_input(ws);
}

/// A step of a deep network, for looking at the workspace afterwards.
struct Step {
    Rng rng{7};
    Output output;
    Network network = make_network({5, 4, 3, 4, 5}, {Kind::tanh}, output.activation, rng);
    Matrix X = random_matrix(6, 5, rng);
    Matrix T = random_targets(6, 5, output, rng);
    Workspace ws{network};

    explicit Step(const Output& o) : output(o) { run_step(network, ws, X, T, output.loss); }
};

/// Can a check be tested on this step? Where the library's own gradients are wrong, other tests say so, and say of what.
/// @param check  what checks the step with no mistake planted
template <class Check>
bool is_right(const Check& check) {
    std::string message;
    try {
        message = check().message();
    } catch (const ShapeError& error) {
        message = error.what();
    }
    WARN_MESSAGE(message.empty(), "not tested, for it is wrong without a mistake planted: ", message);
    return message.empty();
}

/// What a failing check prints to say which case it was.
inline std::string describe(const Activation& hidden, const Output& output, std::size_t depth) {
    return std::to_string(depth) + " layers, hidden " + name_of(hidden) + ", output " +
           name_of(output.activation) + " with " + std::string(name_of(output.loss));
}

}  // namespace hourglass::testing
