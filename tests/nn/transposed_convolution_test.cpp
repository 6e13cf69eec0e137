#include "hourglass/nn/layers/transposed_convolution.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "hourglass/core/convolution.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "nn/convolution_reference.hpp"
#include "nn/layer_check.hpp"
#include "windows.hpp"

namespace hourglass {

using testing::first_difference;
using testing::LayerCheck;
using testing::same;

namespace {

/// One whose input has the images of an awkward window.
TransposedConvolution transposed(const testing::WindowCase& c) {
    const Window& w = c.window;
    return {w.image, c.channels, w.rows, w.cols, w.stride, w.padding};
}

}  // namespace

TEST_CASE("TransposedConvolution: a new one has its shapes and is zero") {
    TransposedConvolution layer({7, 5, 8}, 4, 3, 2, 2, same);
    CHECK(layer.in() == 7 * 5 * 8);
    CHECK(layer.input() == ImageShape{7, 5, 8});
    CHECK(layer.out() == 14 * 10 * 4);
    CHECK(layer.description() == "conv_transposed(7x5x8,4,3x2,s2,same)");
    CHECK(layer.W == Matrix(8, 3 * 2 * 4));
    CHECK(layer.dW == Matrix(8, 3 * 2 * 4));
    CHECK(layer.b == Vector(4));
    CHECK(layer.db == Vector(4));
    layer.name = "decoder.1";
    const std::vector<Parameter> parameters = layer.parameters();
    REQUIRE(parameters.size() == 2);
    CHECK(parameters[0].element_name(24 + 3 + 4 * (1 + 2 * 2)) == "decoder.1.W[1,2,1,3]");
    CHECK(TransposedConvolution({7, 7, 8}, 8, 3, 3, 2).out() == 15 * 15 * 8);
    CHECK_THROWS_AS(TransposedConvolution({7, 7, 8}, 8, 3, 3, 0), Error);
}

TEST_CASE("TransposedConvolution: each pixel paints its patch, and what overlaps adds up") {
    TransposedConvolution layer({1, 2, 1}, 1, 2, 2);
    layer.W = {{1, 2, 3, 4}};
    layer.b = {100};
    Matrix Z(7, 7, 9);
    Pass pass(layer);
    layer.forward(Z, pass, {{1, 10}});
    CHECK(Z == Matrix{{101, 112, 120, 103, 134, 140}});
}

TEST_CASE("TransposedConvolution: is the transpose of the convolution with its window") {
    Rng rng(1);
    for (const testing::WindowCase& c : testing::awkward_windows()) {
        TransposedConvolution layer = transposed(c);
        CAPTURE(layer.description());
        Convolution there(layer.window, c.window.image.channels);
        layer.initialize(Initialization::he, rng);
        there.W = layer.W;
        const Matrix X = testing::random_matrix(2, layer.in(), rng),
                     V = testing::random_matrix(2, layer.out(), rng);
        Matrix Z, U;
        Pass pass(layer);
        layer.forward(Z, pass, X);  // Z = T X
        there.forward(U, pass, V);  // U = T^T V, and so <Z, V> = <X, U>
        double left = 0, right = 0;
        for (std::size_t p = 0; p < Z.size(); ++p) {
            left += static_cast<double>(Z.flat()[p]) * static_cast<double>(V.flat()[p]);
        }
        for (std::size_t p = 0; p < X.size(); ++p) {
            right += static_cast<double>(X.flat()[p]) * static_cast<double>(U.flat()[p]);
        }
        CHECK(std::abs(left - right) <= 100 * testing::rounding);
    }
}

TEST_CASE("TransposedConvolution: equals PyTorch over awkward windows") {
    for (const testing::WindowCase& c : testing::awkward_windows()) {
        TransposedConvolution layer = transposed(c);
        CAPTURE(layer.description());
        CHECK(testing::difference_from_reference(layer) == "");
    }
}

TEST_CASE("TransposedConvolution: backward matches central differences over awkward windows") {
    Rng rng(2);
    std::size_t n = 1;
    for (const testing::WindowCase& c : testing::awkward_windows()) {
        TransposedConvolution layer = transposed(c);
        CAPTURE(layer.description());
        const GradientCheck check = LayerCheck(layer, n, rng).check();
        CHECK_MESSAGE(check.passed(), check.message());
        n = 3 - n;  // 1, 2, 1, ...
    }
}

TEST_CASE("TransposedConvolution: the check names each mistake that one can make") {
    Rng rng(3);
    TransposedConvolution layer({3, 2, 3}, 2, 3, 3, 2, same);
    const auto message = [&](const auto& spoil) {
        LayerCheck check(layer, 2, rng);
        REQUIRE(check.check().passed());
        spoil(check);
        return check.check().message();
    };
    Matrix P;
    Window moved = layer.window;
    moved.top = moved.left = 1;  // where this one has its border below and on the right

    CHECK(
        message([&](LayerCheck& c) { convolve_weights(layer.dW, P, c.X, c.dZ, moved); }).starts_with(".W["));
    CHECK(message([&](LayerCheck&) {
              for (std::size_t j = 0; j < layer.W.rows(); ++j) {
                  std::ranges::reverse(layer.dW.row(j));
              }
          }).starts_with(".W["));
    CHECK(message([&](LayerCheck& c) { convolve(c.dX, P, c.dZ, layer.W, {}, moved); }).starts_with("X["));
    CHECK(message([&](LayerCheck& c) {
              Matrix turned = layer.W;
              for (std::size_t j = 0; j < layer.W.rows(); ++j) {
                  std::ranges::reverse(turned.row(j));
              }
              convolve(c.dX, P, c.dZ, turned, {}, layer.window);
          }).starts_with("X["));
    // A sum over the pixels that come in where those that go out belong: a quarter of them.
    const std::string quarter = message([&](LayerCheck&) {
        for (Scalar& db : layer.db) {
            db /= 4;
        }
    });
    CHECK(quarter.starts_with(".b["));
    CHECK(testing::contains(quarter, "fits \"0.25 times what it should be\""));
}

TEST_CASE("TransposedConvolution: evaluating and training give the same bits") {
    Rng rng(4);
    TransposedConvolution layer({3, 3, 2}, 3, 3, 2, 2, same);
    layer.initialize(Initialization::he, rng);
    const Matrix X = testing::random_matrix(3, layer.in(), rng);
    Matrix Z, Z_train;
    Pass pass(layer), train(layer);
    train.mode = Pass::Mode::train;
    layer.forward(Z, pass, X);
    layer.forward(Z_train, train, X);
    CHECK(testing::same_bits(Z.flat(), Z_train.flat()));
    CHECK(train.rng.bits() == pass.rng.bits());
}

}  // namespace hourglass
