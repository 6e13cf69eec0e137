#include "hourglass/nn/layers/convolution.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "hourglass/core/convolution.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/reference.hpp"
#include "nn/convolution_reference.hpp"
#include "nn/layer_check.hpp"
#include "windows.hpp"

namespace hourglass {

using testing::first_difference;
using testing::LayerCheck;
using testing::same;

TEST_CASE("Convolution: a new one has its shapes and is zero") {
    Convolution layer({{28, 14, 3}, 3, 5, 2, same}, 16);
    CHECK(layer.in() == 28 * 14 * 3);
    CHECK(layer.out() == 14 * 7 * 16);
    CHECK(layer.output() == ImageShape{14, 7, 16});
    CHECK(layer.description() == "conv(28x14x3,16,3x5,s2,same)");
    CHECK(layer.W == Matrix(16, 3 * 5 * 3));
    CHECK(layer.dW == Matrix(16, 3 * 5 * 3));
    CHECK(layer.b == Vector(16));
    CHECK(layer.db == Vector(16));
    layer.name = "encoder.0";
    const std::vector<Parameter> parameters = layer.parameters();
    REQUIRE(parameters.size() == 2);
    CHECK(parameters[0].element_name(1 + 3 * (4 + 5 * 2)) == "encoder.0.W[0,2,4,1]");
    CHECK(parameters[1].element_name(7) == "encoder.0.b[7]");
}

TEST_CASE("Convolution: forward is the sum under the window, + b") {
    Convolution layer({{2, 3, 1}, 2, 2}, 2);
    layer.W = {{1, 0, 0, 0}, {1, 2, 3, 4}};
    layer.b = {100, 0};
    Matrix Z(7, 7, 9);
    Pass pass(layer);
    layer.forward(Z, pass, {{1, 2, 3, 4, 5, 6}});
    CHECK(Z == Matrix{{101, 1 + 4 + 12 + 20, 102, 2 + 6 + 15 + 24}});
}

TEST_CASE("Convolution: backward is the sum over all places") {
    Convolution layer({{2, 3, 1}, 2, 2}, 2);
    layer.dW = Matrix(2, 4, 9);  // to be overwritten
    layer.db = {9, 9};
    Pass pass(layer);
    layer.backward({{1, 10, 2, 20}}, pass, {{1, 2, 3, 4, 5, 6}});
    CHECK(first_difference("dW = dZ^T P: dW", layer.dW, {{1 + 4, 2 + 6, 4 + 10, 5 + 12}, {50, 80, 140, 170}}) == "");
    CHECK(first_difference("db = sum_r dZ_r: db", layer.db, Vector{3, 30}) == "");
}

TEST_SUITE_BEGIN("several layers");

TEST_CASE("Convolution: with a window as large as the image it is a dense layer") {
    Rng rng(1);
    Convolution layer({{3, 2, 4}, 3, 2}, 5);
    Dense dense(24, 5);
    layer.initialize(Initialization::layer_scaled, rng);
    dense.W = layer.W;
    dense.b = layer.b;
    const Matrix X = testing::random_matrix(4, 24, rng), dZ = testing::random_matrix(4, 5, rng);
    Matrix Z, Z_dense, dX, dX_dense;
    Pass pass(layer);
    layer.forward(Z, pass, X);
    dense.forward(Z_dense, pass, X);
    layer.backward(dZ, pass, X);
    dense.backward(dZ, pass, X);
    layer.backward_input(dX, dZ, pass, X);
    dense.backward_input(dX_dense, dZ, pass, X);
    CHECK(first_difference("Z", Z, Z_dense) == "");
    CHECK(first_difference("dW", layer.dW, dense.dW) == "");
    CHECK(first_difference("db", layer.db, dense.db) == "");
    CHECK(first_difference("dX", dX, dX_dense) == "");
}

TEST_SUITE_END();

TEST_CASE("Convolution: equals PyTorch over awkward windows") {
    for (const testing::WindowCase& c : testing::awkward_windows()) {
        Convolution layer(c.window, c.channels);
        CAPTURE(layer.description());
        CHECK(testing::difference_from_reference(layer) == "");
    }
}

TEST_CASE("Convolution: backward matches central differences over awkward windows") {
    Rng rng(2);
    std::size_t n = 1;
    for (const testing::WindowCase& c : testing::awkward_windows()) {
        Convolution layer(c.window, c.channels);
        CAPTURE(layer.description());
        const GradientCheck check = LayerCheck(layer, n, rng).check();
        CHECK_MESSAGE(check.passed(), check.message());
        n = 3 - n;  // 1, 2, 1, ...
    }
}

TEST_CASE("Convolution: the check names each mistake that one can make") {
    Rng rng(3);
    const Window window({3, 4, 1}, 3, 3, 1, same);
    Convolution layer(window, 2);
    const auto message = [&](const auto& spoil) {
        LayerCheck check(layer, 2, rng);
        REQUIRE(check.check().passed());
        spoil(check);
        return check.check().message();
    };
    Matrix P;
    Window moved = window;
    moved.top = moved.left = 0;

    // The gradient of filters without their border, and with the window turned around.
    CHECK(
        message([&](LayerCheck& c) { convolve_weights(layer.dW, P, c.dZ, c.X, moved); }).starts_with(".W["));
    CHECK(message([&](LayerCheck&) {
              for (std::size_t j = 0; j < layer.W.rows(); ++j) {
                  std::ranges::reverse(layer.dW.row(j));
              }
          }).starts_with(".W["));
    // Filters not turned around on the way back; the border forgotten there.
    CHECK(message([&](LayerCheck& c) {
              Matrix turned = layer.W;
              for (std::size_t j = 0; j < layer.W.rows(); ++j) {
                  std::ranges::reverse(turned.row(j));
              }
              convolve_transposed(c.dX, P, c.dZ, turned, {}, window);
          }).starts_with("X["));
    CHECK(message([&](LayerCheck& c) {
              convolve_transposed(c.dX, P, c.dZ, layer.W, {}, moved);
          }).starts_with("X["));
    // A mean over the places where the sum belongs.
    const std::string mean = message([&](LayerCheck&) {
        for (Scalar& db : layer.db) {
            db /= 12;
        }
    });
    CHECK(mean.starts_with(".b["));
    CHECK(testing::contains(mean, "fits \"0.08333 times what it should be\""));
    CHECK(message([&](LayerCheck&) { std::ranges::fill(layer.db, Scalar{0}); }).starts_with(".b["));
}

TEST_CASE("Convolution: evaluating and training give the same bits") {
    Rng rng(4);
    Convolution layer({{6, 5, 2}, 3, 2, 2, same}, 3);
    layer.initialize(Initialization::he, rng);
    const Matrix X = testing::random_matrix(3, layer.in(), rng);
    Matrix Z, Z_train;
    Pass pass(layer), train(layer);
    train.mode = Pass::Mode::train;
    layer.forward(Z, pass, X);
    layer.forward(Z_train, train, X);
    CHECK(testing::same_bits(Z.flat(), Z_train.flat()));
    CHECK(train.rng.bits() == pass.rng.bits());  // nothing was drawn
}

TEST_CASE("Convolution: P and dP remain to be looked at") {
    Rng rng(5);
    Convolution layer({{4, 3, 2}, 3, 2}, 2);
    LayerCheck check(layer, 1, rng);
    const Matrix& P = check.pass[Convolution::P];
    const Matrix& dP = check.pass[Convolution::dP];
    if (!reference_kernels) {
        return;  // patches() says what they are
    }
    CHECK(P == patches(check.X, layer.window));
    CHECK(dP.rows() == 4);
    Matrix dX;
    sum_patches(dX, dP, layer.window);
    CHECK(dX == check.dX);
}

TEST_CASE("Convolution: initialization counts a patch as what goes in") {
    Rng rng(6);
    Convolution layer({{28, 28, 16}, 3, 3, 1, same}, 64);
    layer.initialize(Initialization::he, rng);
    double squares = 0;
    for (const Scalar w : layer.W.flat()) {
        squares += static_cast<double>(w) * static_cast<double>(w);
    }
    CHECK(squares / static_cast<double>(layer.W.size()) == doctest::Approx(2.0 / (9 * 16)).epsilon(0.05));
    layer.initialize(Initialization::xavier, rng);
    const double r = static_cast<double>(std::ranges::max(layer.W.flat()));
    CHECK(r == doctest::Approx(std::sqrt(6.0 / (9 * 16 + 9 * 64))).epsilon(0.01));
}

}  // namespace hourglass
