#include "hourglass/nn/gradient_check.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nn/testing.hpp"

namespace hourglass {

using testing::contains;
using testing::Kind;

namespace {

/// Forward, loss and backward of `network`, and the check of its gradients.
GradientCheck check_network(Network& network, const Matrix& X, const Matrix& T, Loss loss) {
    Workspace ws(network);
    network.forward(ws, X);
    network.loss(ws, T, loss);
    network.backward(ws);
    network.backward_input(ws);
    return check_gradients(network, ws, X, T, loss);
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

/// w and the loss sum_i w_i^3 of it, with gradients 3 w^2.
struct Cubes {
    Vector w = {3, 4, 5, 6, 7, 8}, g = {27, 48, 75, 108, 147, 192};

    double loss() const {
        double sum = 0;
        for (const Scalar w_i : w) {
            sum += std::pow(static_cast<double>(w_i), 3);
        }
        return sum;
    }
    GradientCheck check(const std::vector<std::size_t>& shape = {2, 3}) {
        return check_gradients({{"w", w, g, shape}}, [this] { return loss(); });
    }
};

}  // namespace

TEST_CASE("check_gradients: demands 1e-6 in a double build") {
    if (testing::scalar_is_double) {
        CHECK(GradientCheckOptions{}.tolerance <= 1e-6);
        CHECK(GradientCheckOptions{}.floor <= 1e-3);
    } else {  // a difference quotient of a float is no better
        CHECK(GradientCheckOptions{}.tolerance <= 3e-2);
        CHECK(GradientCheckOptions{}.floor <= 1e-1);
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

TEST_CASE("check_gradients: leaves the input out while there is no gradient of it") {
    Rng rng(300);
    const testing::Output output = {Loss::mean_squared_error, {Kind::tanh}};
    Network network = testing::make_network({3, 4, 2}, {Kind::tanh}, output.activation, rng);
    const Matrix X = testing::random_matrix(3, 3, rng);
    const Matrix T = testing::random_targets(3, 2, output, rng);
    Workspace ws(network);
    network.forward(ws, X);
    network.loss(ws, T, output.loss);
    network.backward(ws);
    const GradientCheck without = check_gradients(network, ws, X, T, output.loss);
    CHECK_MESSAGE(without.passed(), without.message());
    REQUIRE(without.tensors.size() == 4);
    CHECK(without.tensors[0].tensor == "layer.1.W");

    network.backward_input(ws);
    const GradientCheck with = check_gradients(network, ws, X, T, output.loss);
    CHECK_MESSAGE(with.passed(), with.message());
    REQUIRE(with.tensors.size() == 5);
    CHECK(with.tensors[0].tensor == "X");
    ws.dA[0](1, 2) += 1;  // and then it looks at it
    CHECK(check_gradients(network, ws, X, T, output.loss).message().starts_with("X[1,2]: "));
}

TEST_CASE("check_gradients: is exact for a known function and puts the values back") {
    Cubes cubes;
    const GradientCheck check = cubes.check();
    CHECK(check.passed());
    CHECK(check.message().empty());
    REQUIRE(check.tensors.size() == 1);
    CHECK(check.tensors[0].tensor == "w");
    CHECK(check.tensors[0].compared == 6);
    CHECK(check.tensors[0].skipped == 0);
    CHECK(check.worst_relative_error() < (testing::scalar_is_double ? 1e-9 : 1e-3));
    CHECK(cubes.w == Vector{3, 4, 5, 6, 7, 8});
}

TEST_CASE("check_gradients: one element that is off is named with both values") {
    for (std::size_t i = 0; i < 6; ++i) {
        Cubes cubes;
        cubes.g[i] *= Scalar{1.5};
        const GradientCheck check = cubes.check();
        CHECK_FALSE(check.passed());
        const std::string name = Parameter{"w", {}, {}, {2, 3}}.element_name(i);
        CHECK(check.tensors[0].worst == name);
        CHECK(check.message().starts_with(name + ": backward says "));
        CHECK(check.tensors[0].analytic == static_cast<double>(cubes.g[i]));
        CHECK(check.tensors[0].numeric ==
              doctest::Approx(static_cast<double>(cubes.g[i]) / 1.5).epsilon(1e-3));
        CHECK(check.worst_relative_error() == doctest::Approx(1.0 / 3).epsilon(1e-3));
        CHECK_FALSE(contains(check.message(), "transposed"));
        CHECK(contains(cubes.check({6}).message(), (Parameter{"w", {}, {}, {6}}.element_name(i))));
    }
}

TEST_CASE("check_gradients: an error just above the tolerance fails and one below passes") {
    const double tolerance = GradientCheckOptions{}.tolerance;
    for (const auto& [factor, passes] : {std::pair{0.5, true}, std::pair{2.0, false}}) {
        Cubes cubes;
        cubes.g[4] = static_cast<Scalar>(147 * (1 + factor * tolerance));
        CHECK(cubes.check().passed() == passes);
    }
}

TEST_CASE("check_gradients: hints at what the pattern of the errors suggests") {
    Cubes opposite, thrice, zero, turned;
    opposite.g = {-27, -48, -75, -108, -147, -192};
    CHECK(contains(opposite.check().message(), "all of it has the wrong sign"));
    thrice.g = {81, 144, 225, 324, 441, 576};
    CHECK(contains(thrice.check().message(), "all of it is 3"));
    CHECK(contains(thrice.check().message(), "is the 1/n applied just once?"));
    zero.g = Vector(6);
    CHECK(contains(zero.check().message(), "every gradient of it is zero: is it computed at all?"));
    turned.g = {27, 108, 48, 147, 75, 192};  // (2, 3) as if it were (3, 2)
    CHECK(contains(turned.check().message(), "it is transposed"));
}

TEST_CASE("check_gradients: gradients that are zero both ways fail") {
    Vector w = {1, 2}, g = {0, 0};
    const GradientCheck check = check_gradients({{"w", w, g, {w.size()}}}, [] { return 3.0; });
    CHECK_FALSE(check.passed());
    CHECK(contains(check.message(), "w"));
    CHECK(contains(check.message(), "all its gradients are zero: the check has seen nothing"));
}

TEST_CASE("check_gradients: nothing to compare fails") {
    const GradientCheck none = check_gradients({}, [] { return 3.0; });
    CHECK_FALSE(none.passed());
    CHECK(none.message() == "there is nothing to check");

    Cubes cubes;
    bool side = false;
    const GradientCheck skipped = check_gradients(
        {{"w", cubes.w, cubes.g, {6}}}, [&] { return cubes.loss(); },
        [&](std::vector<bool>& sides) { sides = {side = !side}; });  // a kink at every step
    CHECK_FALSE(skipped.passed());
    CHECK(skipped.tensors[0].skipped == 6);
    CHECK(contains(skipped.message(), "nothing of it could be compared"));

    Cubes empty;
    CHECK_FALSE(check_gradients({{"w", {}, {}, {0}}}, [&] { return empty.loss(); }).passed());
}

TEST_CASE("check_gradients: a gradient or a loss that is not a number fails") {
    for (const Scalar bad :
         {std::numeric_limits<Scalar>::quiet_NaN(), std::numeric_limits<Scalar>::infinity()}) {
        Cubes cubes;
        cubes.g[2] = bad;
        CHECK_FALSE(cubes.check().passed());
        CHECK(contains(cubes.check().message(), "w[0,2]"));
        CHECK_FALSE(cubes.check().worst_relative_error() <= 1);  // not hidden by the right ones
    }
    Cubes cubes;
    CHECK_FALSE(check_gradients({{"w", cubes.w, cubes.g, {6}}}, [] { return NAN; }).passed());
}

TEST_CASE("check_gradients: elements within a step of a kink are skipped and counted") {
    // In sample 0 the first neuron's z is a tenth of a step from the kink; all others are far from it.
    Network network = testing::network_of(Dense(2, 2, "kinked", {Kind::leaky_relu}),
                                          Dense(2, 1, "out", {}));
    const Scalar near = static_cast<Scalar>(GradientCheckOptions{}.step / 10);
    network.as<Dense>(1).W = {{1, 2}, {1, 1}};
    network.as<Dense>(1).b = {0, 1};
    network.as<Dense>(2).W = {{3, 1}};
    const Matrix X = {{near, 0}, {0, 2}}, T = {{3}, {2}};
    const GradientCheck check = check_network(network, X, T, Loss::mean_squared_error);
    CHECK_MESSAGE(check.passed(), check.message());
    const auto& tensors = check.tensors;
    CHECK(tensors[0].tensor == "X");
    CHECK(tensors[0].skipped == 2);  // both inputs of sample 0
    CHECK(tensors[0].compared == 2);
    CHECK(tensors[1].tensor == "kinked.W");
    CHECK(tensors[1].skipped == 0);  // they move that z by a step times `near`, or not at all
    CHECK(tensors[2].tensor == "kinked.b");
    CHECK(tensors[2].skipped == 1);
    CHECK(tensors[4].skipped == 0);

    // The twin: without skipping, the difference quotient over the kink is wrong.
    Workspace ws(network);
    const GradientCheck unskipped = check_gradients(network.parameters(), [&] {
        network.forward(ws, X);
        return network.loss(ws, T, Loss::mean_squared_error);
    });
    CHECK_FALSE(unskipped.passed());
    CHECK(unskipped.message().starts_with("kinked.b[0]: "));
}

TEST_CASE("check_gradients: the kink of the absolute error at y = t is skipped") {
    Network network = testing::network_of(Dense(1, 2, "out", {}));
    network.as<Dense>(1).W = {{1}, {1}};
    const Scalar near = static_cast<Scalar>(GradientCheckOptions{}.step / 10);
    const GradientCheck check =
        check_network(network, {{2}}, {{2 + near, 5}}, Loss::mean_absolute_error);
    REQUIRE(check.tensors.size() == 3);
    CHECK(check.tensors[2].tensor == "out.b");
    CHECK(check.tensors[2].skipped == 1);
    CHECK(check.tensors[2].compared == 1);
    CHECK(check.tensors[2].passed);
}

}  // namespace hourglass
