// The hidden tests of the loops in src/core/reference.cpp.

#include "hourglass/core/reference.hpp"
#include "probe.hpp"

namespace hourglass::grading {
namespace {

constexpr Scalar alpha = Scalar(0.125);

void add_activations(std::vector<Case>& cases, std::size_t size) {
    cases.push_back({"reference::sigmoid", [size](Rng& rng, Findings& found) {
        Vector a(size, 9);
        reference::sigmoid(a, draw(size, rng, 20));
        found.add("a", a);
    }});
    cases.push_back({"reference::leaky_relu", [size](Rng& rng, Findings& found) {
        Vector a(size, 9);
        reference::leaky_relu(a, draw(size, rng), alpha);
        found.add("a", a);
    }});
    cases.push_back({"reference::tanh_backward", [size](Rng& rng, Findings& found) {
        Vector dz(size, 9);
        reference::tanh_backward(dz, draw(size, rng), draw_between(size, rng, -1, 1));
        found.add("dz", dz);
    }});
    cases.push_back({"reference::sigmoid_backward", [size](Rng& rng, Findings& found) {
        Vector dz(size, 9);
        reference::sigmoid_backward(dz, draw(size, rng), draw_between(size, rng, 0, 1));
        found.add("dz", dz);
    }});
    cases.push_back({"reference::leaky_relu_backward", [size](Rng& rng, Findings& found) {
        Vector dz(size, 9);
        reference::leaky_relu_backward(dz, draw(size, rng), draw_between(size, rng, -1, 1), alpha);
        found.add("dz", dz);
    }});
}

void add_losses(std::vector<Case>& cases, std::size_t size) {
    cases.push_back({"reference::squared_error", [size](Rng& rng, Findings& found) {
        Vector dy(size, 9);
        const double sum = reference::squared_error(dy, draw(size, rng), draw(size, rng), Scalar(0.375));
        found.add("dy", dy);
        found.add("the sum", sum);
    }});
    cases.push_back({"reference::cross_entropy_sum", [size](Rng& rng, Findings& found) {
        found.add("the sum", reference::cross_entropy_sum(draw(size, rng, 3), draw_between(size, rng, -1, 1), 2, 1));
        found.add("the sum for large z", reference::cross_entropy_sum(draw(size, rng, 900), draw(size, rng), 1, 0));
    }});
}

void add_products(std::vector<Case>& cases, std::size_t n, std::size_t m, std::size_t depth) {
    cases.push_back({"reference::matmul_tn", [=](Rng& rng, Findings& found) {
        Matrix C(n, m);
        reference::matmul_tn(C, draw(depth, n, rng), draw(depth, m, rng));
        found.add("C", C);
    }});
    cases.push_back({"reference::matmul_nn", [=](Rng& rng, Findings& found) {
        Matrix C(n, m);
        reference::matmul_nn(C, draw(n, depth, rng), draw(depth, m, rng));
        found.add("C", C);
    }});
    cases.push_back({"reference::sum_rows", [=](Rng& rng, Findings& found) {
        Vector s(m, 9);
        reference::sum_rows(s, draw(n, m, rng));
        found.add("s", s);
    }});
}

void add_convolutions(std::vector<Case>& cases, const Window& window, std::size_t out) {
    constexpr std::size_t n = 2;
    const std::size_t in = window.image.size(), places = window.places(), patch = window.patch();
    cases.push_back({"reference::gather_patches", [=](Rng& rng, Findings& found) {
        Matrix P(n * places, patch);
        reference::gather_patches(P, draw(n, in, rng), window);
        found.add("P", P);
    }});
    cases.push_back({"reference::sum_patches", [=](Rng& rng, Findings& found) {
        Matrix X(n, in);
        reference::sum_patches(X, draw(n * places, patch, rng), window);
        found.add("X", X);
    }});
    cases.push_back({"reference::sum_channels", [=](Rng& rng, Findings& found) {
        Vector s(out, 9);
        reference::sum_channels(s, draw(n, places * out, rng));
        found.add("s", s);
    }});
    cases.push_back({"reference::convolve", [=](Rng& rng, Findings& found) {
        Matrix Z(n, places * out), P(n * places, patch);
        reference::convolve(Z, P, draw(n, in, rng), draw(out, patch, rng), draw(out, rng), window);
        found.add("Z", Z);
    }});
    cases.push_back({"reference::convolve_transposed", [=](Rng& rng, Findings& found) {
        Matrix X(n, in), P(n * places, patch);
        reference::convolve_transposed(X, P, draw(n, places * out, rng), draw(out, patch, rng),
                                       draw(window.image.channels, rng), window);
        found.add("X", X);
    }});
    cases.push_back({"reference::convolve_weights", [=](Rng& rng, Findings& found) {
        Matrix W(out, patch), P(n * places, patch);
        reference::convolve_weights(W, P, draw(n, places * out, rng), draw(n, in, rng), window);
        found.add("W", W);
    }});
}

}  // namespace

std::vector<Case> core_cases() {
    std::vector<Case> cases;
    for (const std::size_t size : {1u, 7u, 60u}) {
        add_activations(cases, size);
        add_losses(cases, size);
    }
    add_products(cases, 4, 3, 5);
    add_products(cases, 1, 6, 1);
    add_convolutions(cases, Window({5, 4, 2}, 3, 2, 2, Window::Padding::same), 3);
    add_convolutions(cases, Window({4, 4, 1}, 3, 3), 1);
    add_convolutions(cases, Window({3, 6, 3}, 2, 3, 1, Window::Padding::same), 2);
    return cases;
}

}  // namespace hourglass::grading
