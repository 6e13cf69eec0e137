#include "hourglass/nn/loss.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "hourglass/core/rows.hpp"
#include "hourglass/nn/gradient_check.hpp"
#include "nn/testing.hpp"

namespace hourglass {

using testing::Kind;

namespace {

/// The cross-entropy as the textbook has it, from Y: -sum_ij q ln p / n. Infinite once Y saturates.
double textbook_cross_entropy(const Matrix& Y, const Matrix& T, Kind kind) {
    double sum = 0;
    for (std::size_t i = 0; i < Y.size(); ++i) {
        double p = static_cast<double>(Y.flat()[i]), q = static_cast<double>(T.flat()[i]);
        if (kind == Kind::tanh) {
            p = (1 + p) / 2;
            q = (1 + q) / 2;
        }
        sum -= q * std::log(p);
        if (kind != Kind::softmax) {
            sum -= (1 - q) * std::log(1 - p);
        }
    }
    return sum / static_cast<double>(Y.rows());
}

/// sum_ij softplus(scale z_ij) - (shift + t_ij) z_ij over n, one logarithm a number, in double.
double direct_cross_entropy(const Matrix& Z, const Matrix& T, double scale, double shift) {
    double sum = 0;
    for (std::size_t i = 0; i < Z.size(); ++i) {
        const double z = static_cast<double>(Z.flat()[i]), t = static_cast<double>(T.flat()[i]);
        const double x = scale * z;
        sum += std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))) - (shift + t) * z;
    }
    return sum / static_cast<double>(Z.rows());
}

}  // namespace

TEST_CASE("mean_squared_error: equals its closed form") {
    Matrix dY(9, 9, 9);
    const double loss = mean_squared_error(dY, {{1, 2}, {3, 4}}, {{1, 0}, {2, 8}});
    CHECK(loss == doctest::Approx((0 + 4 + 1 + 16) / 4.0).epsilon(testing::rounding));
    CHECK(testing::first_difference("dY = 2 (Y - T) / (n d): dY", dY, {{0, 1}, {Scalar{0.5}, -2}}) == "");
}

TEST_CASE("mean_absolute_error: equals its closed form and has gradient 0 at its kink") {
    Matrix dY(9, 9, 9);
    const double loss = mean_absolute_error(dY, {{1, 2}, {3, 4}}, {{1, 0}, {2, 8}});
    CHECK(loss == doctest::Approx((0 + 2 + 1 + 4) / 4.0).epsilon(testing::rounding));
    CHECK(testing::first_difference("dY = sign(Y - T) / (n d): dY", dY,
                                    {{0, Scalar{0.25}}, {Scalar{0.25}, Scalar{-0.25}}}) == "");
}

TEST_CASE("cross-entropy: each fused form equals the textbook's and its gradient (Y - T) / n") {
    Rng rng(1);
    for (const Kind kind : {Kind::tanh, Kind::sigmoid, Kind::softmax}) {
        CAPTURE(name_of({kind}));
        const Matrix Z = testing::random_matrix(5, 4, rng);
        const Matrix T = testing::random_targets(5, 4, {Loss::cross_entropy, {kind}}, rng);
        Matrix Y, dZ(9, 9, 9), dY(1, 1, 7);
        activation_forward(Y, Z, {kind});
        const double loss = output_loss(dZ, dY, Z, Y, T, Loss::cross_entropy, {kind});
        CHECK(loss ==
              doctest::Approx(textbook_cross_entropy(Y, T, kind)).epsilon(10 * testing::rounding));
        REQUIRE(dZ.size() == 20);
        Matrix expected(5, 4);
        for (std::size_t i = 0; i < Z.size(); ++i) {
            expected.flat()[i] = (Y.flat()[i] - T.flat()[i]) / 5;
        }
        CHECK(testing::first_difference("dZ = (Y - T) / n: dZ", dZ, expected) == "");
        CHECK(dY == Matrix(1, 1, 7));  // left alone
    }
}

TEST_CASE("cross-entropy: equals the direct formula for any size of z and number of outputs") {
    Rng rng(3);
    constexpr double tolerance = testing::scalar_is_double ? 1e-12 : 1e-6;
    for (const double largest : {0.01, 1.0, 30.0, 1e4}) {
        for (const std::size_t size : {1u, 7u, 511u, 512u, 513u, 1024u, 1500u}) {
            CAPTURE(largest);
            CAPTURE(size);
            Matrix Z(2, size), Y, T(2, size), dZ;
            for (std::size_t i = 0; i < Z.size(); ++i) {
                Z.flat()[i] = static_cast<Scalar>(rng.uniform(-largest, largest));
                const std::size_t which = rng.below(3);  // -1, 1, or between
                T.flat()[i] = static_cast<Scalar>(which == 0   ? -1
                                                  : which == 1 ? 1
                                                               : rng.uniform(-1, 1));
            }
            activation_forward(Y, Z, {Kind::tanh});
            const double tanh_loss = tanh_cross_entropy(dZ, Z, Y, T);
            CHECK(std::abs(tanh_loss / direct_cross_entropy(Z, T, 2, 1) - 1) <= tolerance);
            for (Scalar& t : T.flat()) {
                t = (1 + t) / 2;
            }
            activation_forward(Y, Z, {Kind::sigmoid});
            const double sigmoid_loss = sigmoid_cross_entropy(dZ, Z, Y, T);
            CHECK(std::abs(sigmoid_loss / direct_cross_entropy(Z, T, 1, 0) - 1) <= tolerance);
        }
    }
}

TEST_CASE("cross-entropy: an output of one half costs ln 2 a pixel") {
    Matrix dZ;
    const Scalar half = Scalar{0.5};
    CHECK(tanh_cross_entropy(dZ, {{0, 0}}, {{0, 0}}, {{1, -1}}) ==
          doctest::Approx(2 * std::log(2.0)).epsilon(1e-12));
    CHECK(sigmoid_cross_entropy(dZ, {{0}, {0}}, {{half}, {half}}, {{1}, {0}}) ==
          doctest::Approx(std::log(2.0)).epsilon(1e-12));
    CHECK(softmax_cross_entropy(dZ, {{3, 3}}, {{half, half}}, {{0, 1}}) ==
          doctest::Approx(std::log(2.0)).epsilon(1e-12));
}

TEST_CASE("cross-entropy: stays finite with saturated outputs and costs |z|") {
    Matrix dZ;
    // Wrong by z = 100: p = exp(-200), exp(-100) and exp(-100).
    CHECK(tanh_cross_entropy(dZ, {{100}}, {{1}}, {{-1}}) == doctest::Approx(200));
    CHECK(tanh_cross_entropy(dZ, {{-100}}, {{-1}}, {{1}}) == doctest::Approx(200));
    CHECK(sigmoid_cross_entropy(dZ, {{100}}, {{1}}, {{0}}) == doctest::Approx(100));
    CHECK(sigmoid_cross_entropy(dZ, {{-100}}, {{0}}, {{1}}) == doctest::Approx(100));
    CHECK(softmax_cross_entropy(dZ, {{100, 0}}, {{1, 0}}, {{0, 1}}) == doctest::Approx(100));
    CHECK(softmax_cross_entropy(dZ, {{1000, 0}}, {{1, 0}}, {{0, 1}}) == doctest::Approx(1000));
    CHECK(tanh_cross_entropy(dZ, {{1e6}}, {{1}}, {{-1}}) == doctest::Approx(2e6));
    // And right by as much costs nothing.
    CHECK(tanh_cross_entropy(dZ, {{100, -100}}, {{1, -1}}, {{1, -1}}) < 1e-12);
    CHECK(sigmoid_cross_entropy(dZ, {{100, -100}}, {{1, 0}}, {{1, 0}}) < 1e-12);
    CHECK(softmax_cross_entropy(dZ, {{100, 0}}, {{1, 0}}, {{1, 0}}) < 1e-12);
}

TEST_CASE("output_loss: dZ is dY f'(Z)") {
    const Matrix Z = {{1, 2}, {-1, 3}}, T = {{0, 0}, {0, 0}};  // f'(Z) by Y: nothing here looks at Z
    const Matrix Y = {{Scalar{0.5}, 0}, {Scalar{-0.5}, Scalar{0.75}}};
    Matrix dY, dZ;
    output_loss(dZ, dY, Z, Y, T, Loss::mean_squared_error, {Kind::tanh});
    CHECK(testing::first_difference("dY = 2 (Y - T) / (n d): dY", dY,
                                    {{Scalar{0.25}, 0}, {Scalar{-0.25}, Scalar{0.375}}}) == "");
    CHECK(testing::first_difference("dZ = dY * f'(Z), here dy (1 - y^2): dZ", dZ,
                                    {{Scalar{0.1875}, 0}, {Scalar{-0.1875}, Scalar{0.1640625}}}) == "");
}

TEST_CASE(
    "Loss: a saturated wrong pixel has no gradient under tanh and MSE but under cross-entropy") {
    const Activation tanh{Kind::tanh};
    const Matrix Z = {{100}}, T = {{-1}};
    Matrix Y, dY, dZ;
    activation_forward(Y, Z, tanh);
    REQUIRE(Y(0, 0) == 1);
    CHECK(output_loss(dZ, dY, Z, Y, T, Loss::mean_squared_error, tanh) == 4);
    CHECK(testing::first_difference("the loss pulls: dY", dY, {{4}}) == "");
    CHECK(testing::first_difference("f' = 0 lets nothing through: dZ", dZ, {{0}}) == "");
    output_loss(dZ, dY, Z, Y, T, Loss::cross_entropy, tanh);
    CHECK(testing::first_difference("the cross-entropy does: dZ", dZ, {{2}}) == "");
}

TEST_CASE("output_loss: matches central differences for every loss with every activation") {
    Rng rng(2);
    for (const testing::Output& output : testing::all_outputs()) {
        const Loss loss = output.loss;
        const Activation f = output.activation;
        CAPTURE(name_of(loss));
        CAPTURE(name_of(f));
        Matrix Z = testing::random_matrix(5, 4, rng);
        const Matrix T = testing::random_targets(5, 4, {loss, f}, rng);
        Matrix Y, dZ, dY, unused_dZ;
        activation_forward(Y, Z, f);
        output_loss(dZ, dY, Z, Y, T, loss, f);
        const auto compute_loss = [&] {
            activation_forward(Y, Z, f);
            return output_loss(unused_dZ, dY, Z, Y, T, loss, f);
        };
        const auto kinks = [&](std::vector<int>& sides) {
            for (std::size_t i = 0; i < Y.size(); ++i) {
                sides.push_back(Y.flat()[i] > T.flat()[i]);
                sides.push_back(Z.flat()[i] > 0);
            }
        };
        const GradientCheck check =
            check_gradients({{"Z", Z.flat(), dZ.flat(), {Z.rows(), Z.cols()}}}, compute_loss, kinks);
        CHECK_MESSAGE(check.passed(), name_of(loss) << " of " << name_of(f) << ": " << check.message());
        CHECK(check.tensors[0].compared >= 14);
    }
}

TEST_CASE("Loss: a batch of the same sample n times costs what the sample costs") {
    Rng rng(3);
    for (const testing::Output& output : testing::all_outputs()) {
        const Loss loss = output.loss;
        const Activation f = output.activation;
        CAPTURE(name_of(loss));
        CAPTURE(name_of(f));
        const Matrix z = testing::random_matrix(1, 4, rng);
        const Matrix t = testing::random_targets(1, 4, {loss, f}, rng);
        Matrix Z, T;
        const std::vector<std::size_t> thrice = {0, 0, 0};
        gather_rows(Z, z, thrice);
        gather_rows(T, t, thrice);
        Matrix y, Y, dY, dz, dZ;
        activation_forward(y, z, f);
        activation_forward(Y, Z, f);
        const double once = output_loss(dz, dY, z, y, t, loss, f);
        CHECK(output_loss(dZ, dY, Z, Y, T, loss, f) == doctest::Approx(once).epsilon(1e-12));
        for (std::size_t j = 0; j < 4; ++j) {  // n samples share what one has alone
            CHECK(std::abs(static_cast<double>(3 * dZ(2, j) - dz(0, j))) < testing::rounding);
        }
    }
}

TEST_CASE("require_compatible: cross-entropy needs tanh or sigmoid or softmax") {
    for (const Kind kind : {Kind::identity, Kind::leaky_relu, Kind::relu}) {
        const std::string message =
            testing::error_message([&] { require_compatible(Loss::cross_entropy, {kind}); });
        CHECK(testing::contains(message, "tanh, sigmoid or softmax"));
        CHECK(testing::contains(message, name_of({kind})));
        Matrix M(1, 1);
        CHECK_THROWS_AS(output_loss(M, M, M, M, M, Loss::cross_entropy, {kind}), Error);
    }
    for (const auto& [loss, f] : testing::all_outputs()) {
        CHECK_NOTHROW(require_compatible(loss, f));
    }
}

TEST_CASE("Loss: names and losses are each other's inverse and an unknown name lists them") {
    for (const char* name : {"mse", "mae", "cross_entropy"}) {
        CHECK(name_of(loss_from_name(name)) == name);
    }
    CHECK(loss_from_name("mae") == Loss::mean_absolute_error);
    const std::string message = testing::error_message([] { loss_from_name("hinge"); });
    for (const char* part : {"'hinge'", "mse", "mae", "cross_entropy"}) {
        CHECK(testing::contains(message, part));
    }
}

}  // namespace hourglass
