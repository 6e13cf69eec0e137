// The contract of a layer, and what a network says to shapes that do not meet.
#include "hourglass/nn/layer.hpp"

#include <doctest/doctest.h>

#include <string>

#include "hourglass/core/error.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/make_layer.hpp"
#include "hourglass/nn/minibatches.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "nn/testing.hpp"

namespace hourglass {

using testing::error_message;
using testing::Kind;

namespace {

const std::vector<std::size_t> widths = {5, 3, 2};

}  // namespace

TEST_CASE("Parameter: names an element by as many indices as the shape has") {
    CHECK(Parameter{"b", {}, {}, {4}}.element_name(3) == "b[3]");
    CHECK(Parameter{"W", {}, {}, {2, 4}}.element_name(7) == "W[1,3]");
    CHECK(Parameter{"W", {}, {}, {8, 3, 5, 2}}.element_name(((7 * 3 + 1) * 5 + 4) * 2 + 1) ==
          "W[7,1,4,1]");
}

TEST_CASE("make_layer: a description and its layer are each other's inverse") {
    const auto layer = make_layer("dense(35,25)");
    CHECK(layer->in() == 35);
    CHECK(layer->out() == 25);
    CHECK(layer->description() == "dense(35,25)");
    CHECK(layer->activation == Activation{Kind::identity});
    CHECK(dynamic_cast<const Dense&>(*layer).W == Matrix(25, 35));
}

TEST_CASE("make_layer: a bad description is quoted, with what was expected") {
    for (const std::string bad :
         {"", "dense", "dense(", "dense)", "dense()", "dense(35)", "dense(35,)", "dense(35,0)",
          "dense(-1,2)", "dense(35,25", "dense(35,25)x", "dense(35,25,1)", "dense(1e12,2)", "dense(2.5,2)",
          "dense(99999999999999999999,2)", "dense(35 25)", "convolve(1,2)"}) {
        const std::string message = error_message([&] { make_layer(bad); });
        CAPTURE(message);
        CHECK(message.starts_with("layer '" + bad + "': "));
        CHECK(testing::contains(message, "expected"));
    }
}

TEST_CASE("Network: copies are independent, and a copy's parameters are its own") {
    Network network = testing::network_of(Dense(2, 3, "a", {Kind::tanh}), Dense(3, 1, "b", {}));
    Network other = network;
    other.as<Dense>(1).W(0, 0) = 7;
    CHECK(network.as<Dense>(1).W(0, 0) == 0);
    CHECK(other.layer(1).name == "a");
    CHECK(other.layer(1).activation == Activation{Kind::tanh});
    network = other;
    CHECK(network.as<Dense>(1).W(0, 0) == 7);
    CHECK(network.parameters()[0].value.data() == network.as<Dense>(1).W.flat().data());
}

TEST_CASE("Network: layers that do not fit together are named with their widths") {
    CHECK(error_message([] {
              testing::network_of(Dense(2, 3, "a", {}), Dense(4, 1, "b", {}));
          }) == "b, dense(4,1), takes 4 numbers a sample; a, dense(2,3), before it gives 3");
    CHECK_THROWS_AS(Network({}), ShapeError);
}

TEST_CASE("Workspace: names every matrix of a step in the order in which they are computed") {
    const Network network = testing::network_of(Dense(2, 3, "a", {}), Dense(3, 1, "b", {}));
    const Workspace ws(network);
    std::string names;
    for (const Workspace::Named& matrix : ws.matrices(network)) {
        names += matrix.name + " ";
    }
    CHECK(names == "X a.Z a.A b.Z b.A b.dA b.dZ a.dA a.dZ dX ");
}

TEST_CASE("Workspace: one that trains gives each layer a stream of its own, the same for a seed") {
    const Network network = testing::network_of(Dense(2, 3, "a", {}), Dense(3, 1, "b", {}));
    Workspace evaluates(network), trains(network, 1), again(network, 1), other(network, 2);
    CHECK(evaluates.pass[1].mode == Pass::Mode::evaluate);
    CHECK(trains.pass[1].mode == Pass::Mode::train);
    const std::uint64_t drawn = trains.pass[1].rng.bits();
    CHECK(drawn == again.pass[1].rng.bits());
    CHECK(drawn != trains.pass[2].rng.bits());
    CHECK(drawn != other.pass[1].rng.bits());
}

TEST_CASE("Network: shapes that do not meet are named where they come in, in every build") {
    Autoencoder model = mirrored_autoencoder(widths);
    Workspace ws(model);
    CHECK(error_message([&] { model.forward(ws, Matrix(7, 4)); }) ==
          "encoder.0, dense(5,3): expected inputs (n, 5), got (7, 4)");
    CHECK(error_message([&] { model.predict(Matrix(7, 6)); }) ==
          "encoder.0, dense(5,3): expected inputs (n, 5), got (7, 6)");
    CHECK(error_message([&] { model.encode(Matrix(7, 6)); }) ==
          "encoder.0, dense(5,3): expected inputs (n, 5), got (7, 6)");
    CHECK(error_message([&] { model.decode(Matrix(7, 3)); }) ==
          "decoder.0, dense(2,3): expected inputs (n, 2), got (7, 3)");
    CHECK(testing::contains(error_message([&] { model.backward(ws); }),
                            "forward and loss come first"));
    model.forward(ws, Matrix(7, 5));
    for (const Loss loss : {Loss::mean_squared_error, Loss::mean_absolute_error, Loss::cross_entropy}) {
        const std::string message = error_message([&] { model.loss(ws, Matrix(7, 4), loss); });
        CAPTURE(message);
        CHECK(testing::contains(message, "targets and predictions: (7, 4) and (7, 5)"));
    }
    CHECK_THROWS_AS(model.loss(ws, Matrix(6, 5), Loss::cross_entropy), ShapeError);
    model.loss(ws, Matrix(7, 5), Loss::cross_entropy);
    model.forward(ws, Matrix(3, 5));  // another batch, and no loss of it
    CHECK(testing::contains(error_message([&] { model.backward(ws); }), "to be (3, 5), got (7, 5)"));

    // A workspace of another network has matrices for other layers.
    Autoencoder deeper = mirrored_autoencoder(std::vector<std::size_t>{5, 4, 3, 2});
    CHECK(error_message([&] { deeper.forward(ws, Matrix(7, 5)); }) ==
          "expected a workspace of a network of 6 layers, got one of 4");
    Autoencoder wider = mirrored_autoencoder(std::vector<std::size_t>{5, 4, 2});
    Workspace of_wider(wider);
    wider.forward(of_wider, Matrix(7, 5));
    wider.loss(of_wider, Matrix(7, 5), Loss::cross_entropy);
    CHECK_THROWS_AS(model.backward(of_wider), ShapeError);
}

TEST_CASE("Autoencoder: the latent layer is one of its layers and not the last") {
    std::vector<std::unique_ptr<Layer>> layers;
    layers.push_back(make_layer("dense(4,2)"));
    layers.push_back(make_layer("dense(2,3)"));
    layers.push_back(make_layer("dense(3,4)"));
    const Autoencoder model(std::move(layers), 1);
    CHECK(model.latent_size() == 2);
    CHECK(model.encode(Matrix(5, 4)).cols() == 2);
    CHECK(model.decode(Matrix(5, 2)).cols() == 4);
    for (const std::size_t latent : {0u, 1u, 9u}) {
        std::vector<std::unique_ptr<Layer>> one;
        one.push_back(make_layer("dense(4,4)"));
        CHECK_THROWS_AS(Autoencoder(std::move(one), latent), ShapeError);
    }
}

TEST_CASE("Minibatches and optimizers: shapes that do not meet are named") {
    const Matrix X(5, 2), T(4, 2);
    CHECK(error_message([&] { Minibatches(X, T, 2); }) ==
          "minibatches: inputs (5, 2) and targets (4, 2) have different numbers of rows");
    Vector value(6), gradient(5);
    CHECK(error_message([&] { Adam({{"a.W", value, gradient, {2, 3}}}, {}); }) ==
          "a.W: a gradient of 5 numbers for 6 values");
}

TEST_CASE("Optimizer: what has no gradient is not trained") {
    Vector trained = {1}, gradient = {1}, kept = {1};
    Sgd sgd({{"mean", kept, {}, {1}}, {"w", trained, gradient, {1}}}, {.learning_rate = 0.5});
    sgd.step();
    CHECK(kept == Vector{1});
    CHECK(trained == Vector{Scalar{0.5}});
}

}  // namespace hourglass
