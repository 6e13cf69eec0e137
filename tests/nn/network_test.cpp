#include "hourglass/nn/network.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nn/testing.hpp"

namespace hourglass {

using testing::Kind;
using testing::largest_difference;

namespace {

/// 2-2-1 with leaky ReLU (alpha 0.5) and an identity output, whose numbers are easy by hand.
Network small_network() {
    Network network({{"first", Dense(2, 2), {Kind::leaky_relu, 0.5}},
                     {"second", Dense(2, 1), {Kind::identity}}});
    network.layer(1).dense.W = {{1, 2}, {3, -4}};
    network.layer(1).dense.b = {1, -1};
    network.layer(2).dense.W = {{2, 3}};
    network.layer(2).dense.b = {10};
    return network;
}

/// Forward, loss and backward of a deep network, for looking at the workspace afterwards.
struct Step {
    Rng rng{7};
    testing::Output output;
    Network network = testing::make_network({5, 4, 3, 4, 5}, {Kind::tanh}, output.activation, rng);
    Matrix X = testing::random_matrix(6, 5, rng);
    Matrix T = testing::random_targets(6, 5, output, rng);
    Workspace ws{network};

    explicit Step(const testing::Output& o) : output(o) {
        network.forward(ws, X);
        network.loss(ws, T, output.loss);
        network.backward(ws);
        network.backward_input(ws);
    }
};

const testing::Output mse_tanh = {Loss::mean_squared_error, {Kind::tanh}};

}  // namespace

TEST_CASE("Network: forward equals a computation by hand") {
    const Network network = small_network();
    Workspace ws(network);
    network.forward(ws, {{1, 1}, {-1, 2}});
    CHECK(ws.A[0] == Matrix{{1, 1}, {-1, 2}});
    CHECK(ws.Z[1] == Matrix{{4, -2}, {4, -12}});  // 1 + 2 + 1, 3 - 4 - 1; -1 + 4 + 1, -3 - 8 - 1
    CHECK(ws.A[1] == Matrix{{4, -1}, {4, -6}});
    CHECK(ws.Z[2] == Matrix{{15}, {0}});  // 8 - 3 + 10; 8 - 18 + 10
    CHECK(ws.Y() == Matrix{{15}, {0}});
}

TEST_CASE("Network: backward equals a computation by hand") {
    Network network = small_network();
    Workspace ws(network);
    network.forward(ws, {{1, 1}, {-1, 2}});
    CHECK(network.loss(ws, {{13}, {4}}, Loss::mean_squared_error) == (4 + 16) / 2.0);
    network.backward(ws);
    CHECK(ws.dA[0].empty());  // training does not need it
    network.backward_input(ws);
    CHECK(ws.dZ[2] == Matrix{{2}, {-4}});  // 2 (y - t) / 2
    CHECK(network.layer(2).dense.dW == Matrix{{8 - 16, -2 + 24}});
    CHECK(network.layer(2).dense.db == Vector{-2});
    CHECK(ws.dA[1] == Matrix{{4, 6}, {-8, -12}});
    CHECK(ws.dZ[1] == Matrix{{4, 3}, {-8, -6}});  // f' = 1 and 0.5
    CHECK(network.layer(1).dense.dW == Matrix{{4 + 8, 4 - 16}, {3 + 6, 3 - 12}});
    CHECK(network.layer(1).dense.db == Vector{-4, -3});
    CHECK(ws.dA[0] == Matrix{{4 + 9, 8 - 12}, {-8 - 18, -16 + 24}});
}

TEST_CASE("Network: knows its widths and names and parameters") {
    Network network = small_network();
    CHECK(network.depth() == 2);
    CHECK(network.in() == 2);
    CHECK(network.out() == 1);
    CHECK(network.widths() == std::vector<std::size_t>{2, 2, 1});
    CHECK(network.parameter_count() == 4 + 2 + 2 + 1);

    const std::vector<Parameter> parameters = network.parameters();
    REQUIRE(parameters.size() == 4);
    CHECK(parameters[0].name == "first.W");
    CHECK(parameters[1].name == "first.b");
    CHECK(parameters[2].name == "second.W");
    CHECK(parameters[3].name == "second.b");
    CHECK(parameters[0].element_name(2) == "first.W[1,0]");
    CHECK(parameters[1].element_name(1) == "first.b[1]");
    CHECK(parameters[2].element_name(1) == "second.W[0,1]");
    CHECK(parameters[0].value.data() == network.layer(1).dense.W.flat().data());
    CHECK(parameters[0].gradient.data() == network.layer(1).dense.dW.flat().data());
    CHECK(parameters[3].value.data() == network.layer(2).dense.b.data());
    CHECK(parameters[3].gradient.data() == network.layer(2).dense.db.data());
}

TEST_CASE("Network: predict equals forward and apply its parts") {
    const Step step(mse_tanh);
    const Network& network = step.network;
    CHECK(network.predict(step.X) == step.ws.Y());
    CHECK(network.apply(1, 2, step.X) == step.ws.A[2]);
    CHECK(network.apply(3, 4, step.ws.A[2]) == step.ws.Y());
    CHECK(network.predict({{1, 2, 3, 4, 5}}).rows() == 1);
}

TEST_CASE("Network: a row of a batch does not see the other rows") {
    const Step step(mse_tanh);
    for (std::size_t i = 0; i < 6; ++i) {
        Matrix x, y;
        gather_rows(x, step.X, std::vector<std::size_t>{i});
        gather_rows(y, step.ws.Y(), std::vector<std::size_t>{i});
        CHECK(step.network.predict(x) == y);
    }
}

TEST_CASE("Network: forward of a batch that is in A0 already equals forward of its input") {
    const Step step(mse_tanh);
    Workspace ws(step.network);
    ws.A[0] = step.X;
    step.network.forward(ws);
    CHECK(ws.A == step.ws.A);
    CHECK(ws.Z == step.ws.Z);
    CHECK_FALSE(ws.Y().empty());
}

TEST_CASE("Network: backward leaves dA0 alone and backward_input fills nothing else") {
    Step step(mse_tanh);
    const Matrix dX = step.ws.dA[0];
    CHECK(dX.rows() == 6);
    CHECK(dX.cols() == 5);
    const Matrix marked(2, 3, 7);
    step.ws.dA[0] = marked;
    step.network.backward(step.ws);
    CHECK(step.ws.dA[0] == marked);

    const Network network = step.network;
    const Workspace before = step.ws;
    step.network.backward_input(step.ws);
    CHECK(step.ws.dA[0] == dX);
    CHECK(step.ws.Z == before.Z);
    CHECK(step.ws.A == before.A);
    CHECK(step.ws.dZ == before.dZ);
    for (std::size_t l = 1; l <= 4; ++l) {
        CHECK((step.ws.dA[l] == before.dA[l]));
        CHECK(step.network.layer(l).dense.dW == network.layer(l).dense.dW);
        CHECK(step.network.layer(l).dense.db == network.layer(l).dense.db);
    }
}

TEST_CASE("Network: backward overwrites and does not accumulate") {
    Step step(mse_tanh);
    const Network first = step.network;
    const Matrix dX = step.ws.dA[0];
    step.network.backward(step.ws);
    step.network.backward_input(step.ws);
    for (std::size_t l = 1; l <= 4; ++l) {
        CHECK(step.network.layer(l).dense.dW == first.layer(l).dense.dW);
        CHECK(step.network.layer(l).dense.db == first.layer(l).dense.db);
    }
    CHECK(step.ws.dA[0] == dX);
}

TEST_CASE("Network: backward leaves the parameters and the activations alone") {
    Step step(mse_tanh);
    const Network before = step.network;
    const std::vector<Matrix> Z = step.ws.Z, A = step.ws.A;
    step.network.backward(step.ws);
    for (std::size_t l = 1; l <= 4; ++l) {
        CHECK(step.network.layer(l).dense.W == before.layer(l).dense.W);
        CHECK(step.network.layer(l).dense.b == before.layer(l).dense.b);
    }
    CHECK(step.ws.Z == Z);
    CHECK(step.ws.A == A);
}

TEST_CASE("Workspace: keeps every intermediate under its name after a step") {
    for (const testing::Output& output : testing::all_outputs()) {
        CAPTURE(testing::describe({Kind::tanh}, output, 4));
        const Step step(output);
        const auto& [Z, A, dZ, dA] = step.ws;
        REQUIRE(A.size() == 5);
        CHECK(A[0] == step.X);
        CHECK(Z[0].empty());
        CHECK(dZ[0].empty());
        CHECK(&step.ws.Y() == &A[4]);
        for (std::size_t l = 1; l <= 4; ++l) {
            const Layer& layer = step.network.layer(l);
            Dense dense = layer.dense;
            Matrix expected;
            dense.forward(expected, A[l - 1]);
            CHECK(Z[l] == expected);
            activation_forward(expected, Z[l], layer.activation);
            CHECK(A[l] == expected);
            dense.backward(expected, dZ[l], A[l - 1]);
            CHECK(dA[l - 1] == expected);
            CHECK(layer.dense.dW == dense.dW);
            CHECK(layer.dense.db == dense.db);
            if (l < 4 || output.loss != Loss::cross_entropy) {  // which has no dA of the output
                activation_backward(expected, dA[l], A[l], layer.activation);
                CHECK(dZ[l] == expected);
            }
        }
    }
}

TEST_CASE("Workspace: follows batches of changing size") {
    Step step(mse_tanh);
    Network& network = step.network;
    for (const std::size_t n : {6u, 2u, 9u, 1u}) {
        const Matrix X = testing::random_matrix(n, 5, step.rng);
        const Matrix T = testing::random_matrix(n, 5, step.rng);
        Workspace fresh(network);
        CHECK_NOTHROW(network.forward(fresh, X));
        network.forward(step.ws, X);
        CHECK(network.loss(step.ws, T, Loss::mean_squared_error) ==
              network.loss(fresh, T, Loss::mean_squared_error));
        network.backward(fresh);
        network.backward_input(fresh);
        const Matrix dW = network.layer(1).dense.dW;
        network.backward(step.ws);
        network.backward_input(step.ws);
        CHECK(network.layer(1).dense.dW == dW);
        CHECK(step.ws.dA[0] == fresh.dA[0]);
    }
}

TEST_CASE("find_divergence: names the first layer and sample that is not finite or too large") {
    constexpr Scalar infinity = std::numeric_limits<Scalar>::infinity();
    Step step(mse_tanh);
    CHECK_FALSE(find_divergence(step.network, step.ws).has_value());
    for (const Scalar bad : {infinity, -infinity, Scalar{20000}, Scalar{-20000},
                             std::numeric_limits<Scalar>::quiet_NaN()}) {
        CAPTURE(bad);
        Workspace ws = step.ws;
        ws.Z[3](4, 1) = bad;
        ws.Z[3](5, 0) = bad;
        ws.Z[4](0, 0) = bad;
        const auto divergence = find_divergence(step.network, ws);
        REQUIRE(divergence.has_value());
        CHECK(divergence->layer == "layer.3");
        CHECK(divergence->sample == 4);
        CHECK(std::isnan(divergence->value) == std::isnan(bad));
        if (!std::isnan(bad)) {
            CHECK(std::abs(divergence->value) == static_cast<double>(std::abs(bad)));
        }
    }
}

TEST_CASE("find_divergence: only a hidden layer that saturates has the low limit") {
    Step step(mse_tanh);
    step.ws.Z[2](1, 0) = 1e4;
    CHECK_FALSE(find_divergence(step.network, step.ws).has_value());
    step.ws.Z[2](1, 0) = Scalar(1.001e4);
    CHECK(find_divergence(step.network, step.ws)->layer == "layer.2");
    CHECK(find_divergence(step.network, step.ws)->sample == 1);
    step.network.layer(2).activation = {Activation::Kind::leaky_relu};
    CHECK_FALSE(find_divergence(step.network, step.ws).has_value());
    step.ws.Z[2](1, 0) = Scalar(1.001e12);
    CHECK(find_divergence(step.network, step.ws)->layer == "layer.2");
}

TEST_CASE("find_divergence: a NaN among the inputs shows in the first layer") {
    Step step(mse_tanh);
    step.X(3, 2) = std::numeric_limits<Scalar>::quiet_NaN();
    step.network.forward(step.ws, step.X);
    CHECK(find_divergence(step.network, step.ws)->layer == "layer.1");
    CHECK(find_divergence(step.network, step.ws)->sample == 3);
}

}  // namespace hourglass
