// The gradients of whole networks of the library against central differences. The check has tests of its own,
// on functions that are written out there: gradient_check_test.cpp, planted_mistakes_test.cpp.

#include <doctest/doctest.h>

#include <limits>

#include "hourglass/core/error.hpp"
#include "hourglass/nn/gradient_check.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/transposed_convolution.hpp"
#include "nn/layer_testing.hpp"

namespace hourglass {

using testing::Kind;

namespace {

/// Forward, loss and backward of `network`, and the check of its gradients.
GradientCheck check_network(Network& network, const Matrix& X, const Matrix& T, Loss loss) {
    Workspace ws(network);
    return testing::check_step(network, ws, X, T, loss);
}

void check_depth(std::size_t depth, const Activation& hidden, const testing::Output& output,
                 std::uint64_t seed) {
    CAPTURE(testing::describe(hidden, output, depth));
    Rng rng(seed);
    std::vector<std::size_t> widths = {3};
    for (std::size_t l = 1; l <= depth; ++l) {
        widths.push_back(l % 2 == 1 ? 5 : 4);
    }
    Network network = testing::make_network(widths, hidden, output.activation, rng);
    testing::make_checkable(network);
    const Matrix X = testing::random_matrix(3, 3, rng);
    const Matrix T = testing::random_targets(3, widths.back(), output, rng);
    const GradientCheck check = check_network(network, X, T, output.loss);
    CHECK_MESSAGE(check.passed(), check.message());
    REQUIRE(check.tensors.size() == 1 + 2 * depth);
    std::size_t compared = 0, skipped = 0;
    for (const TensorCheck& tensor : check.tensors) {
        CHECK(tensor.compared > 0);
        compared += tensor.compared;
        skipped += tensor.skipped;
    }
    CHECK(compared + skipped == X.size() + network.parameter_count());
    CHECK(compared > 4 * skipped);
}

}  // namespace

TEST_SUITE_BEGIN("several layers");

TEST_CASE("Network: dZ of a hidden layer is dA f'(Z)") {
    const testing::Step step({Loss::mean_squared_error, {Kind::identity}});  // tanh in the hidden layers
    for (std::size_t l = step.network.depth() - 1; l >= 1; --l) {
        const Matrix &dA = step.ws.dA[l], &A = step.ws.A[l];
        Matrix expected(A.rows(), A.cols());
        for (std::size_t p = 0; p < A.size(); ++p) {
            expected.flat()[p] = dA.flat()[p] * (1 - A.flat()[p] * A.flat()[p]);
        }
        CHECK(testing::first_difference("dZ = dA * f'(Z), of tanh da (1 - a^2): dZ of " +
                                            step.network.layer(l).name,
                                        step.ws.dZ[l], expected) == "");
    }
}

TEST_CASE("Network: backward matches central differences at depths 1 to 8") {
    // In float, what is left of a gradient behind more layers is hardly above the loss's rounding.
    constexpr std::size_t deepest = testing::scalar_is_double ? 8 : 3;
    std::uint64_t seed = 100;
    const std::vector<testing::Output> outputs = testing::all_outputs();
    for (const Activation& hidden : testing::all_activations) {
        for (std::size_t depth = 1; depth <= deepest; ++depth) {
            check_depth(depth, hidden, outputs[seed % outputs.size()], seed);
            ++seed;
        }
    }
}

TEST_CASE("Network: backward matches central differences with every activation and loss") {
    std::uint64_t seed = 200;
    for (const Activation& hidden : testing::all_activations) {
        for (const testing::Output& output : testing::all_outputs()) {
            check_depth(3, hidden, output, seed++);
        }
    }
}

TEST_CASE("Network: backward matches central differences with convolutions among dense layers") {
    std::uint64_t seed = 250;
    for (const auto padding : {Window::Padding::valid, Window::Padding::same}) {
        for (const Kind hidden : {Kind::tanh, Kind::relu}) {
            if (hidden == Kind::relu && !testing::scalar_is_double) {
                continue;  // a step of a float check crosses the kink of some pixel every time
            }
            CAPTURE(name_of({hidden}));
            Rng rng(seed++);
            const Convolution encoder({{5, 4, 1}, 3, 2, 2, padding}, 3);
            const Dense code(encoder.out(), 4, "code", {Kind::tanh});
            const Dense back(4, 12, "back", {hidden});
            const TransposedConvolution decoder({3, 2, 2}, 2, 2, 3, 2, padding);
            const Convolution last({decoder.window.image, 3, 3, 1, Window::Padding::same}, 1);
            Network network = testing::network_of(encoder, code, back, decoder, last);
            network.layer(1).name = "encoder";
            network.layer(1).activation = network.layer(4).activation = {hidden};
            network.layer(4).name = "decoder";
            network.layer(5).name = "last";
            network.layer(5).activation = {Kind::sigmoid};
            initialize(network, Initialization::layer_scaled, rng);
            const testing::Output output = {Loss::cross_entropy, {Kind::sigmoid}};
            const Matrix X = testing::random_matrix(2, network.in(), rng);
            const Matrix T = testing::random_targets(2, network.out(), output, rng);
            Workspace ws(network);
            testing::run_step(network, ws, X, T, output.loss);
            const auto derivatives = loss_derivatives(network, ws, X, T, output.loss);
            const auto check_it = [&] { return check_gradients(network, ws, X, T, output.loss, derivatives); };
            const GradientCheck check = check_it();
            CHECK_MESSAGE(check.passed(), check.message());
            CHECK(check.tensors.size() == 11);
            if (hidden != Kind::tanh) {
                continue;  // a mistake is seen or not, whatever the activation of another layer
            }
            network.as<TransposedConvolution>(4).dW(1, 2) += 1;
            CHECK(check_it().message().starts_with("decoder.W[1,0,1,0]"));
        }
    }
}

// What follows is about what the check looks at; whether the gradients are right is for the tests above.

TEST_CASE("Network: its check leaves the input out while there is no gradient of it") {
    Rng rng(300);
    const testing::Output output = {Loss::mean_squared_error, {Kind::tanh}};
    Network network = testing::make_network({3, 4, 2}, {Kind::tanh}, output.activation, rng);
    const Matrix X = testing::random_matrix(3, 3, rng);
    const Matrix T = testing::random_targets(3, 2, output, rng);
    Workspace ws(network);
    network.forward(ws, X);
    network.loss(ws, T, output.loss);
    network.backward(ws);
    const auto derivatives = loss_derivatives(network, ws, X, T, output.loss);
    const GradientCheck without = check_gradients(network, ws, X, T, output.loss);
    REQUIRE(without.tensors.size() == 4);
    CHECK(without.tensors[0].tensor == "layer.1.W");

    network.backward_input(ws);
    CHECK_THROWS_AS(check_gradients(network, ws, X, T, output.loss, derivatives), ShapeError);  // these leave X out
    const GradientCheck with = check_gradients(network, ws, X, T, output.loss);
    REQUIRE(with.tensors.size() == 5);
    CHECK(with.tensors[0].tensor == "X");
    ws.dA[0](1, 2) = std::numeric_limits<Scalar>::quiet_NaN();  // and then it looks at it
    CHECK(check_gradients(network, ws, X, T, output.loss).tensors[0].worst == "X[1,2]");
}

TEST_CASE("Network: in its check, elements within a step of a kink are skipped and counted") {
    // In sample 0 the first neuron's z is a tenth of a step from the kink; all others are far from it.
    Network network = testing::network_of(Dense(2, 2, "kinked", {Kind::leaky_relu}),
                                          Dense(2, 1, "out", {}));
    const Scalar near = static_cast<Scalar>(GradientCheckOptions{}.step / 10);
    network.as<Dense>(1).W = {{1, 2}, {1, 1}};
    network.as<Dense>(1).b = {0, 1};
    network.as<Dense>(2).W = {{3, 1}};
    const Matrix X = {{near, 0}, {0, 2}}, T = {{3}, {2}};
    const GradientCheck check = check_network(network, X, T, Loss::mean_squared_error);
    const auto& tensors = check.tensors;
    CHECK(tensors[0].tensor == "X");
    CHECK(tensors[0].skipped == 2);  // both inputs of sample 0
    CHECK(tensors[0].compared == 2);
    CHECK(tensors[1].tensor == "kinked.W");
    CHECK(tensors[1].skipped == 0);  // they move that z by a step times `near`, or not at all
    CHECK(tensors[2].tensor == "kinked.b");
    CHECK(tensors[2].skipped == 1);
    CHECK(tensors[4].skipped == 0);
}

TEST_CASE("Network: in its check, the kink of the absolute error at y = t is skipped") {
    Network network = testing::network_of(Dense(1, 2, "out", {}));
    network.as<Dense>(1).W = {{1}, {1}};
    const Scalar near = static_cast<Scalar>(GradientCheckOptions{}.step / 10);
    const GradientCheck check =
        check_network(network, {{2}}, {{2 + near, 5}}, Loss::mean_absolute_error);
    REQUIRE(check.tensors.size() == 3);
    CHECK(check.tensors[2].tensor == "out.b");
    CHECK(check.tensors[2].skipped == 1);
    CHECK(check.tensors[2].compared == 1);
}

TEST_SUITE_END();

}  // namespace hourglass
