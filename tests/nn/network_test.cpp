#include "hourglass/nn/network.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "hourglass/core/rows.hpp"
#include "nn/testing.hpp"

namespace hourglass {

using testing::first_difference;
using testing::Kind;
using testing::largest_difference;

namespace {

/// 2-2-1 with leaky ReLU (alpha 0.5) and an identity output, whose numbers are easy by hand.
Network small_network() {
    Network network = testing::network_of(Dense(2, 2, "first", {Kind::leaky_relu, 0.5}),
                                          Dense(2, 1, "second", {Kind::identity}));
    network.as<Dense>(1).W = {{1, 2}, {3, -4}};
    network.as<Dense>(1).b = {1, -1};
    network.as<Dense>(2).W = {{2, 3}};
    network.as<Dense>(2).b = {10};
    return network;
}

using testing::Step;

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
    CHECK(first_difference("dZ_2", ws.dZ[2], {{2}, {-4}}) == "");  // 2 (y - t) / 2
    CHECK(first_difference("dW_2", network.as<Dense>(2).dW, {{8 - 16, -2 + 24}}) == "");
    CHECK(first_difference("db_2", network.as<Dense>(2).db, Vector{-2}) == "");
    CHECK(first_difference("dA_1", ws.dA[1], {{4, 6}, {-8, -12}}) == "");
    CHECK(first_difference("dZ_1 = dA_1 * f'(Z_1): dZ_1", ws.dZ[1], {{4, 3}, {-8, -6}}) == "");  // f' = 1 and 0.5
    CHECK(first_difference("dW_1", network.as<Dense>(1).dW, {{4 + 8, 4 - 16}, {3 + 6, 3 - 12}}) == "");
    CHECK(first_difference("db_1", network.as<Dense>(1).db, Vector{-4, -3}) == "");
}

TEST_CASE("Network: backward_input equals a computation by hand") {
    Network network = small_network();
    Workspace ws(network);
    network.forward(ws, {{1, 1}, {-1, 2}});
    network.loss(ws, {{13}, {4}}, Loss::mean_squared_error);
    network.backward(ws);
    network.backward_input(ws);
    CHECK(first_difference("dA_0", ws.dA[0], {{4 + 9, 8 - 12}, {-8 - 18, -16 + 24}}) == "");
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
    CHECK(parameters[0].value.data() == network.as<Dense>(1).W.flat().data());
    CHECK(parameters[0].gradient.data() == network.as<Dense>(1).dW.flat().data());
    CHECK(parameters[3].value.data() == network.as<Dense>(2).b.data());
    CHECK(parameters[3].gradient.data() == network.as<Dense>(2).db.data());
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
        CHECK(step.network.as<Dense>(l).dW == network.as<Dense>(l).dW);
        CHECK(step.network.as<Dense>(l).db == network.as<Dense>(l).db);
    }
}

TEST_CASE("Network: backward overwrites and does not accumulate") {
    Step step(mse_tanh);
    const Network first = step.network;
    const Matrix dX = step.ws.dA[0];
    step.network.backward(step.ws);
    step.network.backward_input(step.ws);
    for (std::size_t l = 1; l <= 4; ++l) {
        CHECK(step.network.as<Dense>(l).dW == first.as<Dense>(l).dW);
        CHECK(step.network.as<Dense>(l).db == first.as<Dense>(l).db);
    }
    CHECK(step.ws.dA[0] == dX);
}

TEST_CASE("Network: backward leaves the parameters and the activations alone") {
    Step step(mse_tanh);
    const Network before = step.network;
    const std::vector<Matrix> Z = step.ws.Z, A = step.ws.A;
    step.network.backward(step.ws);
    for (std::size_t l = 1; l <= 4; ++l) {
        CHECK(step.network.as<Dense>(l).W == before.as<Dense>(l).W);
        CHECK(step.network.as<Dense>(l).b == before.as<Dense>(l).b);
    }
    CHECK(step.ws.Z == Z);
    CHECK(step.ws.A == A);
}

TEST_CASE("Workspace: keeps every intermediate under its name after a step") {
    for (const testing::Output& output : testing::all_outputs()) {
        CAPTURE(testing::describe({Kind::tanh}, output, 4));
        const Step step(output);
        const auto& [Z, A, dZ, dA, passes] = step.ws;
        REQUIRE(A.size() == 5);
        CHECK(A[0] == step.X);
        CHECK(Z[0].empty());
        CHECK(dZ[0].empty());
        CHECK(&step.ws.Y() == &A[4]);
        for (std::size_t l = 1; l <= 4; ++l) {
            const Layer& layer = step.network.layer(l);
            Dense dense = step.network.as<Dense>(l);
            Matrix expected;
            Pass pass(dense);
            dense.forward(expected, pass, A[l - 1]);
            CHECK(Z[l] == expected);
            activation_forward(expected, Z[l], layer.activation);
            CHECK(A[l] == expected);
            dense.backward(dZ[l], pass, A[l - 1]);
            dense.backward_input(expected, dZ[l], pass, A[l - 1]);
            CHECK(dA[l - 1] == expected);
            CHECK(step.network.as<Dense>(l).dW == dense.dW);
            CHECK(step.network.as<Dense>(l).db == dense.db);
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
        const Matrix dW = network.as<Dense>(1).dW;
        network.backward(step.ws);
        network.backward_input(step.ws);
        CHECK(network.as<Dense>(1).dW == dW);
        CHECK(step.ws.dA[0] == fresh.dA[0]);
    }
}

}  // namespace hourglass
