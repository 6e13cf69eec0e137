#include "hourglass/core/convolution.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "core/kernel_testing.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/reference.hpp"
#include "testing.hpp"
#include "windows.hpp"

namespace hourglass {

using testing::first_difference;
using testing::random_matrix;
using testing::same;
using testing::same_bits;

namespace {

/// What the plain loops and the plain names make of the same random factors.
struct Convolved {
    Matrix Z, X, W;  // of convolve, convolve_transposed and convolve_weights
};

struct Factors {
    Window window;
    Matrix Z, X, W;
    Vector b, b_of_X;  // the biases, or none

    Factors(const testing::WindowCase& c, std::size_t n, Rng& rng)
        : window(c.window),
          Z(random_matrix(n, window.places() * c.channels, rng)),
          X(random_matrix(n, window.image.size(), rng)),
          W(random_matrix(c.channels, window.patch(), rng)) {
        if (n % 2 == 1) {
            b = testing::normal_values(c.channels, rng);
            b_of_X = testing::normal_values(window.image.channels, rng);
        }
    }

    Convolved by_loops() const {
        Convolved result{Matrix(Z.rows(), Z.cols()), Matrix(X.rows(), X.cols()), Matrix(W.rows(), W.cols())};
        const Matrix none(X.rows() * window.places(), window.patch());
        Matrix P = none;
        reference::convolve(result.Z, P, X, W, b, window);
        P = none;
        reference::convolve_transposed(result.X, P, Z, W, b_of_X, window);
        reference::convolve_weights(result.W, P, Z, X, window);
        return result;
    }

    Convolved by_names() const {
        Convolved result{{}, {}, Matrix(W.rows(), W.cols(), 7)};
        Matrix P;
        convolve(result.Z, P, X, W, b, window);
        convolve_transposed(result.X, P, Z, W, b_of_X, window);
        convolve_weights(result.W, P, Z, X, window);
        return result;
    }
};

void compare(const testing::WindowCase& c, std::size_t n, Rng& rng) {
    CAPTURE(c.window.image.text());
    CAPTURE(c.window.text());
    CAPTURE(c.channels);
    CAPTURE(n);
    const Factors factors(c, n, rng);
    const Convolved loops = factors.by_loops(), names = factors.by_names();
    const double tolerance = 20 * testing::rounding;  // sums of hundreds of normal numbers
    CHECK(first_difference("Z = patches(X) W^T: Z", names.Z, loops.Z, tolerance) == "");
    CHECK(first_difference("X = sum of the patches Z W: X", names.X, loops.X, tolerance) == "");
    CHECK(first_difference("W = Z^T patches(X): W", names.W, loops.W, tolerance) == "");
}

}  // namespace

TEST_CASE("patches: row r is what lies under the window at place r") {
    const Matrix X = {{1, 2, 3, 4, 5, 6}, {10, 20, 30, 40, 50, 60}};  // two images of 2x3
    CHECK(first_difference("P", patches(X, Window({2, 3, 1}, 2, 2)),
                           {{1, 2, 4, 5}, {2, 3, 5, 6}, {10, 20, 40, 50}, {20, 30, 50, 60}}) == "");
    CHECK(first_difference("with a border, P", patches(X, Window({2, 3, 1}, 2, 2, 2, same)),
                           {{1, 2, 4, 5}, {3, 0, 6, 0}, {10, 20, 40, 50}, {30, 0, 60, 0}}) == "");
    // Two channels side by side, in images of 1x3.
    CHECK(first_difference("of two channels, P", patches(X, Window({1, 3, 2}, 1, 2)),
                           {{1, 2, 3, 4}, {3, 4, 5, 6}, {10, 20, 30, 40}, {30, 40, 50, 60}}) == "");
    CHECK_THROWS_WITH_AS(patches(X, Window({2, 2, 1}, 1, 1)), "gather_patches: expected X (n, 4), got (2, 6)",
                         ShapeError);
}

TEST_CASE("sum_patches: adds up what lies over a pixel, and leaves out the border") {
    Matrix X(9, 9, 7);
    sum_patches(X, {{1, 2, 3, 4}, {10, 20, 30, 40}}, Window({2, 3, 1}, 2, 2));
    CHECK(first_difference("X", X, {{1, 12, 20, 3, 34, 40}}) == "");
    sum_patches(X, {{1, 2, 3, 4}, {10, 20, 30, 40}}, Window({2, 3, 1}, 2, 2, 2, same));
    CHECK(first_difference("with a border, X", X, {{1, 2, 10, 3, 4, 30}}) == "");
    CHECK_THROWS_AS(sum_patches(X, Matrix(3, 4), Window({2, 3, 1}, 2, 2)), ShapeError);
}

TEST_CASE("sum_patches: is the transpose of patches") {
    Rng rng(1);
    for (const testing::WindowCase& c : testing::awkward_windows()) {
        CAPTURE(c.window.text());
        const Matrix X = random_matrix(2, c.window.image.size(), rng);
        const Matrix P = random_matrix(2 * c.window.places(), c.window.patch(), rng);
        const Matrix P_of_X = patches(X, c.window);
        Matrix X_of_P;
        sum_patches(X_of_P, P, c.window);
        double by_patches = 0, by_pixels = 0;  // <patches(X), P> = <X, sum_patches(P)>
        for (std::size_t i = 0; i < P.size(); ++i) {
            by_patches += static_cast<double>(P_of_X.flat()[i]) * static_cast<double>(P.flat()[i]);
        }
        for (std::size_t i = 0; i < X.size(); ++i) {
            by_pixels += static_cast<double>(X.flat()[i]) * static_cast<double>(X_of_P.flat()[i]);
        }
        CHECK(std::abs(by_patches - by_pixels) <= 100 * testing::rounding);
    }
}

TEST_CASE("convolve: is the sum under the window, + b") {
    Matrix Z, P;
    convolve(Z, P, {{1, 2, 3, 4, 5, 6}}, {{1, 0, 0, 0}, {1, 2, 3, 4}}, Vector{100, 0}, Window({2, 3, 1}, 2, 2));
    CHECK(first_difference("Z = P W^T + b: Z", Z, {{101, 1 + 4 + 12 + 20, 102, 2 + 6 + 15 + 24}}) == "");
    convolve(Z, P, {{1, 2, 3, 4, 5, 6}}, {{1, 0, 0, 0}}, {}, Window({2, 3, 1}, 2, 2));
    CHECK(first_difference("without a bias (b is empty), Z", Z, {{1, 2}}) == "");
}

TEST_CASE("convolve_transposed: each pixel paints its patch, what overlaps adds up, + b") {
    Matrix X, P;
    convolve_transposed(X, P, {{1, 10, 2, 20}}, {{1, 0, 0, 0}, {1, 2, 3, 4}}, Vector{5}, Window({2, 3, 1}, 2, 2));
    // P = {11, 20, 30, 40} and {22, 40, 60, 80}
    CHECK(first_difference("P = Z W, X = each pixel's sum + b: X", X, {{16, 20 + 22 + 5, 45, 35, 40 + 60 + 5, 85}}) == "");
    convolve_transposed(X, P, {{1, 2}}, {{1, 2, 3, 4}}, {}, Window({2, 3, 1}, 2, 2));
    CHECK(first_difference("without a bias (b is empty), X", X, {{1, 2 + 2, 4, 3, 4 + 6, 8}}) == "");
}

TEST_CASE("convolve_weights: each weight meets what lies under it at each place") {
    Matrix W(2, 4, 9), P;  // to be overwritten
    convolve_weights(W, P, {{1, 10, 2, 20}}, {{1, 2, 3, 4, 5, 6}}, Window({2, 3, 1}, 2, 2));
    CHECK(first_difference("W = Z^T P: W", W, {{1 + 4, 2 + 6, 4 + 10, 5 + 12}, {50, 80, 140, 170}}) == "");
}

TEST_CASE("convolutions: equal the plain loops over awkward windows") {
    Rng rng(2);
    for (const testing::WindowCase& c : testing::awkward_windows()) {
        for (const std::size_t n : {1u, 2u, 3u}) {
            compare(c, n, rng);
        }
    }
}

// Several strips, groups and parts; all kinds of channels that the kernels tell apart.
TEST_CASE("convolutions: equal the plain loops over images of several strips") {
    Rng rng(3);
    if (reference_kernels) {
        return compare({{{9, 8, 3}, 3, 2, 2, same}, 4}, 9,
                       rng);  // the loops against themselves: once will do
    }
    for (const std::size_t channels : {1u, 5u, 16u, 33u}) {
        compare({{{28, 27, 16}, 3, 3, 1, same}, channels}, 3, rng);
        compare({{{28, 29, 1}, 3, 3, 2, same}, channels}, 17, rng);
        compare({{{9, 9, 70}, 5, 4, 2}, channels}, 2, rng);
    }
    for (int i = 0; i < 40; ++i) {
        const std::size_t height = 1 + rng.below(12), width = 1 + rng.below(12);
        compare({{{height, width, 1 + rng.below(20)},
                  1 + rng.below(height),
                  1 + rng.below(width),
                  1 + rng.below(4),
                  rng.below(2) == 0 ? same : Window::Padding::valid},
                 1 + rng.below(20)},
                1 + rng.below(11), rng);
    }
}

TEST_CASE("convolutions: give the same bits with any number of threads") {
    Rng rng(4);
    const std::size_t n = reference_kernels ? 2 : 13;
    for (const std::size_t channels : {1u, 8u, 32u}) {
        const ImageShape image = reference_kernels ? ImageShape{5, 4, 1} : ImageShape{28, 27, 16};
        const Factors factors({{image, 3, 3, 1, same}, channels}, n, rng);
        const testing::WithThreads one(1);
        const Convolved expected = factors.by_names();
        for (const int threads : {2, 3, 7}) {
            CAPTURE(threads);
            const testing::WithThreads some(threads);
            const Convolved found = factors.by_names();
            CHECK(same_bits(found.Z.flat(), expected.Z.flat()));
            CHECK(same_bits(found.X.flat(), expected.X.flat()));
            CHECK(same_bits(found.W.flat(), expected.W.flat()));
        }
    }
}

TEST_CASE("convolutions: no samples give no images and weights of zero") {
    Rng rng(5);
    const Factors factors({{{3, 3, 2}, 2, 2}, 3}, 0, rng);
    const Convolved none = factors.by_names();
    CHECK(none.Z.empty());
    CHECK(none.X.empty());
    CHECK(none.W == Matrix(3, 8));
}

TEST_CASE("convolutions: refuse factors of other shapes") {
    const Window window({3, 3, 2}, 2, 2);
    Matrix P, V, W(5, 8);
    CHECK_THROWS_WITH_AS(convolve(V, P, Matrix(4, 17), W, {}, window),
                         "convolve: expected X (n, 18), got (4, 17)", ShapeError);
    CHECK_THROWS_WITH_AS(convolve(V, P, Matrix(4, 18), Matrix(5, 9), {}, window),
                         "convolve: expected W (n, 8), got (5, 9)", ShapeError);
    CHECK_THROWS_WITH_AS(convolve_transposed(V, P, Matrix(4, 19), W, {}, window),
                         "convolve_transposed: expected Z (n, 20), got (4, 19)", ShapeError);
    CHECK_THROWS_AS(convolve_transposed(V, P, Matrix(4, 20), Matrix(5, 9), {}, window), ShapeError);
    CHECK_THROWS_WITH_AS(convolve(V, P, Matrix(4, 18), W, Vector(4), window),
                         "convolve: expected a bias for 5 channels, got 4", ShapeError);
    CHECK_THROWS_AS(convolve_transposed(V, P, Matrix(4, 20), W, Vector(5), window), ShapeError);
    CHECK_THROWS_AS(convolve_weights(W, P, Matrix(4, 20), Matrix(3, 18), window), ShapeError);
    CHECK_THROWS_AS(convolve_weights(W, P, Matrix(4, 19), Matrix(4, 18), window), ShapeError);
}

}  // namespace hourglass
