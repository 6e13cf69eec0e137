// The hidden tests of the layers that are not dense.

#include <cmath>

#include "hourglass/nn/layers/average_pool.hpp"
#include "hourglass/nn/layers/batch_norm.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "probe.hpp"

namespace hourglass::grading {
namespace {

/// A pass of a Sampling layer whose draws are made already.
Pass pass_of(const Sampling& layer, const Matrix& X, Rng& rng) {
    Pass pass(layer);
    pass.mode = Pass::Mode::replay;
    pass[Sampling::eps] = draw(X.rows(), layer.out(), rng);
    pass[Sampling::sigma] = Matrix(X.rows(), layer.out());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = 0; j < layer.out(); ++j) {
            pass[Sampling::sigma](i, j) = std::exp(X(i, layer.out() + j) / 2);
        }
    }
    return pass;
}

void add_sampling(std::vector<Case>& cases, std::size_t n, std::size_t size, double beta) {
    cases.push_back({"Sampling::forward", [=](Rng& rng, Findings& found) {
        const Sampling layer(size, beta);
        const Matrix X = draw(n, 2 * size, rng);
        Pass pass = pass_of(layer, X, rng);
        Matrix Z(1, 1, 9);
        layer.forward(Z, pass, X);
        found.add("Z", Z);
        found.add("the penalty", pass.penalty);
    }});
    cases.push_back({"Sampling::backward_input", [=](Rng& rng, Findings& found) {
        const Sampling layer(size, beta);
        const Matrix X = draw(n, 2 * size, rng);
        Pass pass = pass_of(layer, X, rng);
        Matrix dX(1, 1, 9);
        layer.backward_input(dX, draw(n, size, rng), pass, X);
        found.add("dX", dX);
    }});
}

void add_convolution(std::vector<Case>& cases, const Window& window, std::size_t channels, std::size_t n) {
    const auto layer_of = [=](Rng& rng) {
        Convolution layer(window, channels);
        layer.W = draw(channels, window.patch(), rng);
        layer.b = draw(channels, rng);
        layer.dW = draw(channels, window.patch(), rng);  // to be overwritten
        return layer;
    };
    cases.push_back({"Convolution::forward", [=](Rng& rng, Findings& found) {
        const Convolution layer = layer_of(rng);
        Matrix Z;
        Pass pass(layer);
        layer.forward(Z, pass, draw(n, layer.in(), rng));
        found.add("Z", Z);
    }});
    cases.push_back({"Convolution::backward",
                     [=](Rng& rng, Findings& found) {
                         Convolution layer = layer_of(rng);
                         const Matrix X = draw(n, layer.in(), rng), dZ = draw(n, layer.out(), rng);
                         Pass pass(layer);
                         layer.backward(dZ, pass, X);
                         found.add("dW", layer.dW);
                         found.add("db", layer.db);
                     },
                     {},
                     [=](Rng& rng, const Findings& found) {
                         const Convolution layer = layer_of(rng);
                         const Matrix X = draw(n, layer.in(), rng), dZ = draw(n, layer.out(), rng);
                         return equation_hint(layer, X, dZ, found);
                     }});
    cases.push_back({"Convolution::backward_input",
                     [=](Rng& rng, Findings& found) {
                         const Convolution layer = layer_of(rng);
                         const Matrix X = draw(n, layer.in(), rng), dZ = draw(n, layer.out(), rng);
                         Matrix dX;
                         Pass pass(layer);
                         layer.backward_input(dX, dZ, pass, X);
                         found.add("dX", dX);
                     },
                     {},
                     [=](Rng& rng, const Findings& found) {
                         const Convolution layer = layer_of(rng);
                         const Matrix X = draw(n, layer.in(), rng), dZ = draw(n, layer.out(), rng);
                         return equation_hint(layer, X, dZ, found);
                     }});
}

void add_others(std::vector<Case>& cases, std::size_t n) {
    const auto step = [=](Rng& rng, Findings& found, bool of_input) {
        BatchNorm layer({2, 1, 3});
        const Matrix X = draw(n, layer.in(), rng), dZ = draw(n, layer.in(), rng);
        Matrix Z, dX;
        Pass pass(layer);
        pass.mode = Pass::Mode::train;
        layer.forward(Z, pass, X);
        layer.backward(dZ, pass, X);
        layer.backward_input(dX, dZ, pass, X);
        of_input ? found.add("dX", dX) : found.add("the running variance", layer.running_variance);
    };
    cases.push_back({"BatchNorm::backward_input", [=](Rng& rng, Findings& found) { step(rng, found, true); }});
    cases.push_back({"BatchNorm::move_statistics", [=](Rng& rng, Findings& found) { step(rng, found, false); }});
    cases.push_back({"AveragePool::backward_input", [=](Rng& rng, Findings& found) {
        const AveragePool layer({{4, 4, 2}, 2, 2, 2});
        Matrix dX;
        Pass pass(layer);
        layer.backward_input(dX, draw(n, layer.out(), rng), pass, draw(n, layer.in(), rng));
        found.add("dX", dX);
    }});
}

}  // namespace

std::vector<Case> layer_cases() {
    std::vector<Case> cases;
    add_sampling(cases, 3, 2, 1);
    add_sampling(cases, 1, 5, 4);
    add_sampling(cases, 4, 1, 0.5);
    add_convolution(cases, Window({5, 4, 2}, 3, 2, 2, Window::Padding::same), 3, 2);
    add_convolution(cases, Window({4, 4, 1}, 3, 3), 2, 1);
    add_others(cases, 3);
    add_others(cases, 5);
    return cases;
}

}  // namespace hourglass::grading
