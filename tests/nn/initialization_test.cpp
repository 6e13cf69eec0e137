#include "hourglass/nn/initialization.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "hourglass/core/rows.hpp"
#include "nn/testing.hpp"

namespace hourglass {
namespace {

struct Moments {
    double mean = 0;
    double deviation = 0;
};

Moments moments(std::span<const Scalar> values) {
    double sum = 0, squares = 0;
    for (const Scalar value : values) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const double count = static_cast<double>(values.size());
    return {sum / count, std::sqrt(squares / count - sum * sum / count / count)};
}

constexpr std::array<Initialization, 3> all = {Initialization::layer_scaled, Initialization::xavier,
                                               Initialization::he};

Dense initialized(std::size_t in, std::size_t out, Initialization initialization,
                  std::uint64_t seed) {
    Dense dense(in, out);
    dense.W = Matrix(out, in, 99);  // to be overwritten
    dense.b = Vector(out, 99);
    Rng rng(seed);
    dense.initialize(initialization, rng);
    return dense;
}

}  // namespace

// 20000 weights: their mean and their deviation are known to 0.7 % and 0.5 % of the deviation.
TEST_CASE("layer_scaled: weights and biases are normal with deviation 1 / sqrt(fan_in + 1)") {
    const Dense dense = initialized(8, 2500, Initialization::layer_scaled, 1);
    CHECK(std::abs(moments(dense.W.flat()).mean) < 0.01);
    CHECK(moments(dense.W.flat()).deviation == doctest::Approx(1.0 / 3).epsilon(0.02));
    CHECK(moments(dense.b).deviation == doctest::Approx(1.0 / 3).epsilon(0.06));
    CHECK(max_abs(dense.W.flat()) > 1);  // three deviations: no uniform distribution
}

TEST_CASE("xavier: weights are uniform within sqrt(6 / (fan_in + fan_out)) and biases zero") {
    const Dense dense = initialized(50, 400, Initialization::xavier, 2);
    const double radius = std::sqrt(6.0 / 450);
    CHECK(std::abs(moments(dense.W.flat()).mean) < 0.02 * radius);
    CHECK(moments(dense.W.flat()).deviation ==
          doctest::Approx(radius / std::sqrt(3.0)).epsilon(0.02));
    CHECK(max_abs(dense.W.flat()) <= radius * (1 + testing::rounding));
    CHECK(max_abs(dense.W.flat()) > 0.999 * radius);
    CHECK(dense.b == Vector(400));
}

TEST_CASE("he: weights are normal with deviation sqrt(2 / fan_in) and biases zero") {
    const Dense dense = initialized(8, 2500, Initialization::he, 3);
    CHECK(std::abs(moments(dense.W.flat()).mean) < 0.02);
    CHECK(moments(dense.W.flat()).deviation == doctest::Approx(0.5).epsilon(0.02));
    CHECK(max_abs(dense.W.flat()) > 1.5);
    CHECK(dense.b == Vector(2500));
}

TEST_CASE("layer_scaled: a z starts with variance 1 when the inputs have it") {
    Dense dense = initialized(20, 200, Initialization::layer_scaled, 4);
    Rng rng(5);
    Matrix Z;
    Pass pass;
    dense.forward(Z, pass, testing::random_matrix(100, 20, rng));
    CHECK(moments(Z.flat()).deviation == doctest::Approx(1).epsilon(0.05));
}

TEST_CASE("he: the mean square of a ReLU layer's output is that of its input") {
    Rng rng(6);
    const Activation relu{testing::Kind::relu};
    Network network = testing::make_network(std::vector<std::size_t>(6, 100), relu, relu, rng);
    initialize(network, Initialization::he, rng);
    const Matrix X = testing::random_matrix(50, 100, rng);
    const Matrix Y = network.predict(X);
    const double before = squared_distance(X.flat(), Matrix(50, 100).flat());
    const double after = squared_distance(Y.flat(), Matrix(50, 100).flat());
    CHECK(after / before == doctest::Approx(1).epsilon(0.3));  // five layers; 1/32 if it halved
}

TEST_CASE("Initialization: the same seed gives the same bits and another seed others") {
    for (const Initialization initialization : all) {
        const Dense a = initialized(4, 3, initialization, 7);
        const Dense b = initialized(4, 3, initialization, 7);
        const Dense c = initialized(4, 3, initialization, 8);
        CHECK(a.W == b.W);
        CHECK(a.b == b.b);
        CHECK(a.W != c.W);
    }
}

TEST_CASE("Initialization: a network draws first layer first and weights before biases") {
    Rng expected_rng(9);
    Dense first(3, 4), second(4, 2);
    for (Scalar& w : first.W.flat()) {
        w = static_cast<Scalar>(expected_rng.normal() / 2);
    }
    for (Scalar& b : first.b) {
        b = static_cast<Scalar>(expected_rng.normal() / 2);
    }
    second.initialize(Initialization::layer_scaled, expected_rng);

    Rng rng(9);
    const Network network = testing::make_network({3, 4, 2}, {}, {}, rng);
    CHECK(network.as<Dense>(1).W == first.W);
    CHECK(network.as<Dense>(1).b == first.b);
    CHECK(network.as<Dense>(2).W == second.W);
    CHECK(network.as<Dense>(2).b == second.b);
}

TEST_CASE("Initialization: names are each other's inverse and an unknown name lists them") {
    for (const Initialization initialization : all) {
        CHECK(initialization_from_name(name_of(initialization)) == initialization);
    }
    CHECK(name_of(Initialization::layer_scaled) == "layer_scaled");
    CHECK(name_of(Initialization::xavier) == "xavier");
    CHECK(name_of(Initialization::he) == "he");
    const std::string message = testing::error_message([] { initialization_from_name("zero"); });
    for (const char* part : {"'zero'", "layer_scaled", "xavier", "he"}) {
        CHECK(testing::contains(message, part));
    }
}

}  // namespace hourglass
