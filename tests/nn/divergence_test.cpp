#include "hourglass/nn/divergence.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "hourglass/nn/optimizer.hpp"
#include "nn/testing.hpp"

namespace hourglass {

using testing::Kind;
using testing::Step;

namespace {

constexpr Scalar not_a_number = std::numeric_limits<Scalar>::quiet_NaN();

const testing::Output mse_tanh = {Loss::mean_squared_error, {Kind::tanh}};

/// A dense layer with a mistake: a gradient that is not a number.
class Broken final : public Layer {
public:
    enum class Where { dW, dX };

    Broken(const Dense& dense, Where where) : dense_(dense), where_(where) {
        name = dense.name;
        activation = dense.activation;
    }
    std::size_t in() const override { return dense_.in(); }
    std::size_t out() const override { return dense_.out(); }
    std::string description() const override { return "broken"; }
    std::vector<Parameter> parameters() override { return dense_.parameters(); }
    void initialize(Initialization initialization, Rng& rng) override {
        dense_.initialize(initialization, rng);
    }
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override {
        dense_.forward(Z, pass, X);
    }
    void backward(const Matrix& dZ, Pass& pass, const Matrix& X) override {
        dense_.backward(dZ, pass, X);
        if (where_ == Where::dW) {
            dense_.dW(1, 0) = not_a_number;
        }
    }
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override {
        dense_.backward_input(dX, dZ, pass, X);
        if (where_ == Where::dX) {
            dX(2, 1) = not_a_number;
        }
    }
    std::unique_ptr<Layer> copy() const override { return std::make_unique<Broken>(*this); }

private:
    Dense dense_;
    Where where_;
};

/// Trains until the loss is no number any more, and says what find_divergence says then.
Divergence train_to_divergence(Network network, double learning_rate) {
    Rng rng(3);
    initialize(network, Initialization::layer_scaled, rng);
    const Matrix X = testing::random_matrix(6, network.in(), rng);
    const Matrix T = testing::random_matrix(6, network.out(), rng);
    Workspace ws(network);
    Sgd sgd(network.parameters(), {.learning_rate = learning_rate});
    for (int step = 0; step < 1000; ++step) {
        network.forward(ws, X);
        if (!std::isfinite(network.loss(ws, T, Loss::mean_squared_error))) {
            break;
        }
        network.backward(ws);
        sgd.step();
    }
    const auto divergence = find_divergence(network, ws);
    REQUIRE(divergence.has_value());
    return *divergence;
}

}  // namespace

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

TEST_CASE("find_divergence: a NaN among the inputs is said of the inputs") {
    Step step(mse_tanh);
    step.X(3, 2) = std::numeric_limits<Scalar>::quiet_NaN();
    step.network.forward(step.ws, step.X);
    const auto divergence = find_divergence(step.network, step.ws);
    CHECK(divergence->tensor == "X");
    CHECK(divergence->sample == 3);
    CHECK(divergence->message() == "the input is not a number");
}

TEST_CASE("find_divergence: a mistake in one layer is said of that layer and tensor") {
    const Activation f{Kind::tanh};
    const Dense first(5, 4, "encoder.0", f), second(4, 4, "decoder.0", f), third(4, 3, "decoder.1", f);

    Divergence found = train_to_divergence(
        testing::network_of(first, Broken(second, Broken::Where::dW), third), 0.1);
    CHECK(found.message() ==
          "dW of decoder.0 is not a number while all that it was computed from is finite");
    CHECK_FALSE(found.grew);

    found = train_to_divergence(
        testing::network_of(first, second, Broken(third, Broken::Where::dW)), 0.1);
    CHECK(found.message() ==
          "dW of decoder.1 is not a number while all that it was computed from is finite");

    found = train_to_divergence(
        testing::network_of(first, second, Broken(third, Broken::Where::dX)), 0.1);
    CHECK(found.message() ==
          "dA of decoder.0 is not a number while all that it was computed from is finite");
    CHECK(found.sample == 2);
}

TEST_CASE("find_divergence: numbers that grew without bound are told from a mistake") {
    Dense first(5, 4, "encoder.0", {Kind::relu}), second(4, 3, "decoder.0", {Kind::identity});
    first.has_bias = second.has_bias = false;  // the weights alone
    const Divergence found = train_to_divergence(testing::network_of(first, second), 1e4);
    CHECK(found.grew);
    CHECK((testing::contains(found.message(), " reached ") ||
           testing::contains(found.message(), " after its inputs grew without bound")));
}

TEST_CASE("find_divergence: an output that is not a number is found in its own step") {
    Step step(mse_tanh);
    step.ws.A[4](2, 1) = not_a_number;
    const auto divergence = find_divergence(step.network, step.ws);
    REQUIRE(divergence.has_value());
    CHECK(divergence->message() ==
          "A of layer.4 is not a number while all that it was computed from is finite");
    CHECK(divergence->sample == 2);
    CHECK_FALSE(divergence->of_step_before);
}

TEST_CASE("find_divergence: the loss's gradient is told from the layer's") {
    Step step(mse_tanh);
    step.ws.dZ[4](1, 0) = not_a_number;
    CHECK(find_divergence(step.network, step.ws)->tensor == "dZ");
    CHECK(find_divergence(step.network, step.ws)->layer == "layer.4");
}

}  // namespace hourglass
