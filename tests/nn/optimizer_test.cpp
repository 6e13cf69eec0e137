#include "hourglass/nn/optimizer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>
#include <string>

#include "nn/testing.hpp"

namespace hourglass {
namespace {

/// Two tensors, W (2, 3) and b (3), and their gradients, without a network around them.
struct Tensors {
    Vector w = Vector(9), g = Vector(9);

    std::vector<Parameter> parameters() {
        const std::span<Scalar> value = w, gradient = g;
        return {{"W", value.first(6), gradient.first(6), {2, 3}},
                {"b", value.subspan(6), gradient.subspan(6), {3}}};
    }
};

/// Ten steps of one method, from tests/reference/optimizers.csv: what NumPy and PyTorch compute.
struct Reference {
    static constexpr int steps = 10;
    double gradient[steps + 1][9] = {};  // step 0 is the start
    double value[steps + 1][9] = {};

    explicit Reference(const std::string& method) {
        std::ifstream file(HOURGLASS_SOURCE_DIR "/tests/reference/optimizers.csv");
        int found = 0;
        for (std::string line; std::getline(file, line);) {
            std::istringstream fields(line);
            std::string name;
            int step = 0, position = 0;
            char comma = 0;
            std::getline(fields, name, ',');
            if (name == method && fields >> step >> comma >> position >> comma) {
                fields >> gradient[step][position] >> comma >> value[step][position];
                found += !fields.fail();
            }
        }
        REQUIRE_MESSAGE(found == (steps + 1) * 9, "tests/reference/optimizers.csv: " << method);
    }
};

/// The largest relative error of the parameters over the reference's steps.
template <typename Step>
double largest_error(const Reference& reference, Tensors& tensors, const Step& step) {
    double largest = 0;
    for (int t = 0; t <= Reference::steps; ++t) {
        for (std::size_t i = 0; i < 9; ++i) {
            tensors.g[i] = static_cast<Scalar>(reference.gradient[t][i]);
            if (t == 0) {
                tensors.w[i] = static_cast<Scalar>(reference.value[t][i]);
            }
        }
        if (t > 0) {
            step();
        }
        for (std::size_t i = 0; i < 9; ++i) {
            const double expected = reference.value[t][i];
            largest = std::max(largest, std::abs(static_cast<double>(tensors.w[i]) / expected - 1));
        }
    }
    return largest;
}

// The values are to agree to 1e-6. In double, two right implementations differ by rounding alone; in
// float, ten roundings can reach the 1e-6 itself.
constexpr double tolerance = testing::scalar_is_double ? 1e-11 : 5e-6;

double largest_error(const std::string& method, const OptimizerOptions& options) {
    Tensors tensors;
    const auto optimizer = make_optimizer(tensors.parameters(), options);
    return largest_error(Reference(method), tensors, [&] { optimizer->step(); });
}

}  // namespace

TEST_CASE("Sgd: two tensors follow plain steps computed by hand") {
    Tensors tensors;
    tensors.w = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    tensors.g = {4, 0, 0, 0, 0, -8, 0, 0, 12};
    Sgd sgd(tensors.parameters(), {.learning_rate = 0.25});
    sgd.step();
    CHECK(tensors.w == Vector{0, 2, 3, 4, 5, 8, 7, 8, 6});
    sgd.step();
    CHECK(tensors.w == Vector{-1, 2, 3, 4, 5, 10, 7, 8, 3});
}

TEST_CASE("Sgd: momentum follows three steps computed by hand") {
    Tensors tensors;
    Sgd sgd(tensors.parameters(), {.learning_rate = 0.25, .momentum = 0.5});
    tensors.g[0] = 8;  // in W
    tensors.g[8] = 4;  // in b
    sgd.step();        // v = 8 and 4
    CHECK(tensors.w[0] == -2);
    CHECK(tensors.w[8] == -1);
    sgd.step();  // v = 12 and 6
    CHECK(tensors.w[0] == -5);
    CHECK(tensors.w[8] == -2.5);
    tensors.g[0] = 0;
    sgd.step();  // v = 6 and 7
    CHECK(tensors.w[0] == -6.5);
    CHECK(tensors.w[8] == -4.25);
    CHECK(tensors.w[1] == 0);
}

TEST_CASE("Sgd: Nesterov momentum follows three steps computed by hand") {
    Tensors tensors;
    Sgd sgd(tensors.parameters(), {.learning_rate = 0.25, .momentum = 0.5, .nesterov = true});
    tensors.g[0] = 8;
    tensors.g[8] = 4;
    sgd.step();  // v = 8 and 4, g + v / 2 = 12 and 6
    CHECK(tensors.w[0] == -3);
    CHECK(tensors.w[8] == -1.5);
    sgd.step();  // v = 12 and 6, g + v / 2 = 14 and 7
    CHECK(tensors.w[0] == -6.5);
    CHECK(tensors.w[8] == -3.25);
    tensors.g[0] = 0;
    sgd.step();  // v = 6 and 7, g + v / 2 = 3 and 7.5
    CHECK(tensors.w[0] == -7.25);
    CHECK(tensors.w[8] == -5.125);
}

TEST_CASE("Adagrad: the first step is eta against the gradient's sign and later ones shrink") {
    Tensors tensors;
    tensors.g = {3, -4, 0, 0, 0, 0, 1, 0, -2};
    Adagrad adagrad(tensors.parameters(), {.learning_rate = 0.5});
    adagrad.step();
    CHECK(static_cast<double>(tensors.w[0]) == doctest::Approx(-0.5));
    CHECK(static_cast<double>(tensors.w[1]) == doctest::Approx(0.5));
    CHECK(tensors.w[2] == 0);  // 0 / (0 + eps)
    CHECK(static_cast<double>(tensors.w[8]) == doctest::Approx(0.5));
    tensors.g[0] = 4;
    adagrad.step();  // G = 25
    CHECK(static_cast<double>(tensors.w[0]) == doctest::Approx(-0.5 - 0.5 * 4 / 5));
}

TEST_CASE("Adam: the first step is eta against the gradient's sign whatever its size") {
    Tensors tensors;
    tensors.g = {3, Scalar{-0.125} / 128, 0, 0, 1000, -2};
    Adam adam({tensors.parameters()[0]}, {.learning_rate = 0.5});
    adam.step();
    const Vector expected = {Scalar{-0.5}, Scalar{0.5}, 0, 0, Scalar{-0.5}, Scalar{0.5}, 0, 0, 0};
    CHECK(testing::first_difference("w -= eta m_hat / (sqrt(v_hat) + eps), here eta g / |g|: w", tensors.w,
                                    expected, 1e-4) == "");
    CHECK(tensors.w[2] == 0);  // 0 / (0 + eps)
}

TEST_CASE("Adam: t counts steps and not tensors, so that equal gradients move all by eta a step") {
    Tensors tensors;
    Adam adam(tensors.parameters(), {.learning_rate = 0.5});
    for (int step = 1; step <= 3; ++step) {
        std::ranges::fill(tensors.g, Scalar{1});  // m_hat = 1 and v_hat = 1
        adam.step();
        const Vector expected(9, static_cast<Scalar>(-0.5 * step));
        CHECK(testing::first_difference("W and b have gradient 1, and after step t = " + std::to_string(step) +
                                            " w = -eta t: w",
                                        tensors.w, expected, 1e-4) == "");
    }
}

TEST_CASE("Sgd: two tensors match the independent values over ten steps") {
    CHECK(largest_error("sgd", {.name = "sgd", .learning_rate = 0.1}) < tolerance);
    CHECK(largest_error("momentum", {.name = "sgd", .learning_rate = 0.05, .momentum = 0.9}) <
          tolerance);
    CHECK(largest_error("nesterov",
                        {.name = "sgd", .learning_rate = 0.05, .momentum = 0.9, .nesterov = true}) <
          tolerance);
    // The twin: each is another method than the others.
    CHECK(largest_error("nesterov", {.name = "sgd", .learning_rate = 0.05, .momentum = 0.9}) > 0.1);
    CHECK(largest_error("momentum", {.name = "sgd", .learning_rate = 0.05}) > 0.1);
}

TEST_CASE("Adagrad: two tensors match the independent values over ten steps") {
    CHECK(largest_error("adagrad", {.name = "adagrad", .learning_rate = 0.2}) < tolerance);
    CHECK(largest_error("adagrad", {.name = "sgd", .learning_rate = 0.2}) > 0.1);
}

TEST_CASE("Adam: two tensors match the independent values over ten steps") {
    CHECK(largest_error("adam", {.name = "adam", .learning_rate = 0.01}) < tolerance);
    CHECK(largest_error("adam", {.name = "adam", .learning_rate = 0.01, .beta1 = 0.8}) >
          10 * tolerance);
    CHECK(largest_error("adam", {.name = "adam", .learning_rate = 0.01, .beta2 = 0.99}) >
          10 * tolerance);
}

// The twin of the test above: an Adam that advances t once a tensor, a mistake that lived for years.
TEST_CASE("Adam: a step counter that counts tensors would be seen") {
    Tensors tensors;
    Vector m(9), v(9);
    int t = 0;
    const auto step = [&](bool once_a_tensor) {
        for (std::size_t i = 0; i < 9; ++i) {
            if (i == 0 || (once_a_tensor && i == 6)) {
                ++t;
            }
            const double g = static_cast<double>(tensors.g[i]);
            m[i] = static_cast<Scalar>(0.9 * static_cast<double>(m[i]) + 0.1 * g);
            v[i] = static_cast<Scalar>(0.999 * static_cast<double>(v[i]) + 0.001 * g * g);
            const double m_hat = static_cast<double>(m[i]) / (1 - std::pow(0.9, t));
            const double v_hat = static_cast<double>(v[i]) / (1 - std::pow(0.999, t));
            tensors.w[i] -= static_cast<Scalar>(0.01 * m_hat / (std::sqrt(v_hat) + 1e-8));
        }
    };
    CHECK(largest_error(Reference("adam"), tensors, [&] { step(false); }) < tolerance);
    m = v = Vector(9);
    t = 0;
    CHECK(largest_error(Reference("adam"), tensors, [&] { step(true); }) > 10 * tolerance);
}

namespace {

/// One step after set_learning_rate, as a schedule calls it.
void check_changed_rate(const char* name) {
    Tensors tensors;
    tensors.g = Vector(9, 1);
    const auto optimizer = make_optimizer(tensors.parameters(), {.name = name, .learning_rate = 0.5});
    CHECK(optimizer->learning_rate() == 0.5);
    optimizer->set_learning_rate(0.125);
    CHECK(optimizer->learning_rate() == 0.125);
    optimizer->step();
    CHECK(testing::first_difference("after set_learning_rate(0.125) and one step, w", std::span(tensors.w).subspan(3, 1),
                           Vector{Scalar(-0.125)}, 1e-4) == "");
}

}  // namespace

TEST_CASE("Sgd: a changed learning rate counts from the next step") {
    check_changed_rate("sgd");
}

TEST_CASE("Adagrad: a changed learning rate counts from the next step") {
    check_changed_rate("adagrad");
}

TEST_CASE("Adam: a changed learning rate counts from the next step") {
    check_changed_rate("adam");
}

TEST_CASE("Optimizer: changes every parameter of a network and no gradient") {
    Rng rng(1);
    for (const char* name : {"sgd", "adagrad", "adam"}) {
        Network network = testing::make_network({3, 2, 3}, {}, {}, rng);
        for (std::size_t l = 1; l <= 2; ++l) {
            network.as<Dense>(l).dW =
                Matrix(network.as<Dense>(l).out(), network.as<Dense>(l).in(), 1);
            network.as<Dense>(l).db = Vector(network.as<Dense>(l).out(), 1);
        }
        const Network before = network;
        make_optimizer(network.parameters(), {.name = name, .learning_rate = 0.5})->step();
        for (std::size_t l = 1; l <= 2; ++l) {
            const Dense& was = before.as<Dense>(l);
            const Dense& is = network.as<Dense>(l);
            for (std::size_t i = 0; i < was.W.size(); ++i) {
                CHECK(is.W.flat()[i] < was.W.flat()[i]);
            }
            for (std::size_t j = 0; j < was.b.size(); ++j) {
                CHECK(is.b[j] < was.b[j]);
            }
            CHECK(is.dW == was.dW);
            CHECK(is.db == was.db);
        }
    }
}

TEST_CASE("make_optimizer: bad options throw and say what was expected") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto message = [](const OptimizerOptions& options) {
        return testing::error_message([&] { make_optimizer({}, options); });
    };
    for (const double rate : {0.0, -0.1, nan, infinity}) {
        CHECK(testing::contains(message({.learning_rate = rate}), "learning rate: expected"));
    }
    for (const double share : {-0.1, 1.0, 2.0, nan}) {
        CHECK(testing::contains(message({.momentum = share}), "momentum: expected"));
        CHECK(testing::contains(message({.beta1 = share}), "beta1: expected"));
        CHECK(testing::contains(message({.beta2 = share}), "beta2: expected"));
    }
    CHECK(testing::contains(message({.learning_rate = -0.5}), "got -0.5"));
    for (const char* part : {"'rmsprop'", "sgd", "adagrad", "adam"}) {
        CHECK(testing::contains(message({.name = "rmsprop"}), part));
    }
    CHECK(message({}).empty());
}

}  // namespace hourglass
