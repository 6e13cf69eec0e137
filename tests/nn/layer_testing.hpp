#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hourglass/nn/gradient_check.hpp"
#include "nn/testing.hpp"

namespace hourglass::testing {

/// Normal numbers for every tensor that is trained, of a size that leaves a gradient in each.
inline void randomize(Network& network, Rng& rng) {
    for (Parameter& p : network.parameters()) {
        for (Scalar& value : p.gradient.empty() ? std::span<Scalar>() : p.value) {
            value = static_cast<Scalar>(0.5 * rng.normal());
        }
    }
}

/// A step of `network` in the mode of `ws`, and the check of all its gradients.
inline GradientCheck check_step(Network& network, Workspace& ws, const Matrix& X, const Matrix& T,
                                Loss loss = Loss::mean_squared_error) {
    run_step(network, ws, X, T, loss);
    return check_gradients(network, ws, X, T, loss);
}

/// The gradients of one layer by itself, in training and where it evaluates.
inline void check_layer(const Layer& layer, std::size_t n, std::uint64_t seed) {
    CAPTURE(layer.description());
    CAPTURE(n);
    for (const bool trains : {true, false}) {
        CAPTURE(trains);
        Rng rng(seed);
        Network network = network_of(layer);
        randomize(network, rng);
        Workspace ws = trains ? Workspace(network, seed) : Workspace(network);
        const Matrix X = random_matrix(n, network.in(), rng), T = random_matrix(n, network.out(), rng);
        const GradientCheck check = check_step(network, ws, X, T);
        CHECK_MESSAGE(check.passed(), check.message());
    }
}

/// A copy with a name and an activation.
template <class Kind>
Kind named(Kind layer, std::string name, const Activation& f = {}) {
    layer.name = std::move(name);
    layer.activation = f;
    return layer;
}

/// Z of one layer for X, in the mode of `pass`.
inline Matrix forward(const Layer& layer, Pass& pass, const Matrix& X) {
    Matrix Z;
    layer.forward(Z, pass, X);
    return Z;
}

inline Matrix backward_input(const Layer& layer, const Matrix& dZ, Pass& pass, const Matrix& X) {
    Matrix dX;
    layer.backward_input(dX, dZ, pass, X);
    return dX;
}

/// One for training, that draws from `seed`.
inline Pass training_pass(const Layer& layer, std::uint64_t seed = 1) {
    Pass pass(layer);
    pass.mode = Pass::Mode::train;
    pass.rng = Rng(seed);
    return pass;
}

}  // namespace hourglass::testing
