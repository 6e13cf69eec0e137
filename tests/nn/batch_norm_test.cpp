#include "hourglass/nn/layers/batch_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/layer_testing.hpp"

namespace hourglass {

using testing::first_difference;

TEST_CASE("BatchNorm: a new one has its shapes and passes on what is normal already") {
    BatchNorm norm({14, 14, 16});
    CHECK(norm.in() == 14 * 14 * 16);
    CHECK(norm.out() == 14 * 14 * 16);
    CHECK(norm.description() == "batch_norm(14x14x16)");
    CHECK(BatchNorm(row_of(64)).description() == "batch_norm(64)");
    CHECK(norm.gamma == Vector(16, 1));
    CHECK(norm.running_variance == Vector(16, 1));
    CHECK(norm.beta == Vector(16));
    CHECK(norm.running_mean == Vector(16));
    const std::vector<Parameter> parameters = norm.parameters();
    REQUIRE(parameters.size() == 4);
    CHECK(parameters[1].gradient.size() == 16);
    CHECK(parameters[2].gradient.empty());  // saved, and not trained
    CHECK(parameters[3].gradient.empty());
}

TEST_CASE("BatchNorm: a channel is normalized over the samples and all its pixels") {
    BatchNorm norm({1, 2, 2});
    norm.gamma = {2, 1};
    norm.beta = {0, 7};
    Pass pass = testing::training_pass(norm);
    // Channel 0 has 1, 3, 5, 7: mean 4, variance 5. Channel 1 is 9 everywhere.
    const Matrix Z = testing::forward(norm, pass, {{1, 9, 3, 9}, {5, 9, 7, 9}});
    const Scalar r = static_cast<Scalar>(1 / std::sqrt(5 + 1e-5));
    CHECK(first_difference("X_hat", pass[BatchNorm::X_hat], {{-3 * r, 0, -r, 0}, {r, 0, 3 * r, 0}}) == "");
    CHECK(first_difference("Z", Z, {{-6 * r, 7, -2 * r, 7}, {2 * r, 7, 6 * r, 7}}) == "");
    CHECK(first_difference("mean", pass[BatchNorm::mean], {{4, 9}}) == "");
}

TEST_CASE("BatchNorm: backward moves the running statistics a tenth of the way, and only in training") {
    BatchNorm norm(row_of(1));
    norm.running_mean = {10};
    const Matrix X = {{1}, {3}, {5}, {7}}, dZ(4, 1, 1);  // mean 4, variance 20/3 by n - 1
    const Scalar moved = static_cast<Scalar>(0.9 * 10 + 0.1 * 4);
    Pass trains = testing::training_pass(norm), evaluates(norm);
    testing::forward(norm, evaluates, X);
    norm.backward(dZ, evaluates, X);
    CHECK(norm.running_mean == Vector{10});
    testing::forward(norm, trains, X);  // forward alone is const
    CHECK(norm.running_variance == Vector{1});
    norm.backward(dZ, trains, X);
    CHECK(first_difference("running mean", norm.running_mean, Vector{moved}) == "");
    CHECK(first_difference("running variance", norm.running_variance,
                           Vector{static_cast<Scalar>(0.9 + 0.1 * 20 / 3)}, 1e-5) == "");
    trains.mode = Pass::Mode::replay;
    testing::forward(norm, trains, X);
    norm.backward(dZ, trains, X);
    CHECK(first_difference("running mean", norm.running_mean, Vector{moved}) == "");
}

TEST_CASE("BatchNorm: where it evaluates, a sample's output does not depend on the others") {
    Rng rng(2);
    BatchNorm norm({2, 1, 3});
    norm.running_mean = {1, 2, 3};
    norm.running_variance = {4, 1, Scalar{0.25}};
    const Matrix X = testing::random_matrix(5, 6, rng);
    Pass pass(norm);
    const Matrix Z = testing::forward(norm, pass, X);
    for (std::size_t i = 0; i < 5; ++i) {
        Matrix one(1, 6);
        std::ranges::copy(X.row(i), one.flat().begin());
        CHECK(testing::same_bits(testing::forward(norm, pass, one).flat(), Z.row(i)));
        CHECK(Z(i, 0) == doctest::Approx((X(i, 0) - 1) / 2).epsilon(1e-4));
        CHECK(Z(i, 5) == doctest::Approx((X(i, 5) - 3) * 2).epsilon(1e-4));
    }
}

TEST_CASE("BatchNorm: with statistics that have settled, training and evaluation agree") {
    Rng rng(3);
    BatchNorm norm(row_of(3));
    const Matrix X = testing::random_matrix(200, 3, rng);
    Pass trains = testing::training_pass(norm), evaluates(norm);
    const Matrix Z = testing::forward(norm, trains, X);
    for (int step = 0; step < 300; ++step) {
        norm.backward(Matrix(200, 3), trains, X);
    }
    CHECK(testing::largest_difference(testing::forward(norm, evaluates, X), Z) <
          0.01);  // 200/199 of the variance
}

TEST_CASE("BatchNorm: backward matches central differences") {
    std::uint64_t seed = 800;
    testing::check_layer(BatchNorm(row_of(1)), 3, seed++);
    testing::check_layer(BatchNorm(row_of(5)), 4, seed++);
    testing::check_layer(BatchNorm({3, 2, 1}), 1, seed++);  // one sample: its pixels alone
    testing::check_layer(BatchNorm({2, 3, 4}), 1, seed++);
    testing::check_layer(BatchNorm({1, 2, 3}), 3, seed++);
    testing::check_layer(BatchNorm({2, 2, 2}), 2, seed++);
}

TEST_CASE("BatchNorm: a batch of one unit has no spread, and no gradient") {
    BatchNorm norm(row_of(2));
    norm.beta = {3, 4};
    Pass pass = testing::training_pass(norm);
    const Matrix X = {{7, -7}};
    CHECK(testing::forward(norm, pass, X) == Matrix{{3, 4}});
    norm.backward({{1, 1}}, pass, X);
    CHECK(testing::backward_input(norm, {{1, 1}}, pass, X) == Matrix(1, 2));
}

TEST_CASE("BatchNorm: the running variance of a constant channel is never negative") {
    BatchNorm norm(row_of(20));
    norm.running_variance = Vector(20);
    Pass pass = testing::training_pass(norm);
    Matrix X(3, 20);
    for (std::size_t p = 0; p < X.size(); ++p) {  // spreads below what a float of rstd can tell
        X.flat()[p] = static_cast<Scalar>(2e-8) * static_cast<Scalar>(p % 20 * (p / 20));
    }
    testing::forward(norm, pass, X);
    for (int step = 0; step < 200; ++step) {
        norm.backward(Matrix(3, 20), pass, X);
    }
    for (const Scalar variance : norm.running_variance) {
        CHECK(variance >= 0);
    }
}

TEST_CASE("Dense: without a bias it has none to train, to save or to draw") {
    Dense dense(3, 2);
    dense.has_bias = false;
    CHECK(dense.description() == "dense(3,2,no_bias)");
    CHECK(dense.parameters().size() == 1);
    Rng rng(1);
    dense.initialize(Initialization::layer_scaled, rng);
    CHECK(dense.b == Vector(2));
    CHECK(dense.W(1, 2) != 0);
}

// Why it may be left out: the mean takes it away. Its gradient would be zero, and the check would say so.
TEST_CASE("BatchNorm: a bias before it changes nothing") {
    Rng rng(4);
    Network network = testing::network_of(testing::named(Dense(3, 4), "dense"),
                                          testing::named(BatchNorm(row_of(4)), "norm"));
    testing::randomize(network, rng);
    Workspace ws(network, 1);
    const Matrix X = testing::random_matrix(6, 3, rng);
    network.forward(ws, X);
    const Matrix Y = ws.Y();
    network.as<Dense>(1).b = {5, -5, 1, 0};
    network.forward(ws, X);
    CHECK(first_difference("Y", ws.Y(), Y, 1e2 * testing::rounding) == "");
}

}  // namespace hourglass
