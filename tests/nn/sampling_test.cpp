#include "hourglass/nn/layers/sampling.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/layer_testing.hpp"

namespace hourglass {

using testing::first_difference;

TEST_CASE("Sampling: its description, and what it keeps") {
    const Sampling sampling(2, 0.5);
    CHECK(sampling.in() == 4);
    CHECK(sampling.out() == 2);
    CHECK(sampling.description() == "sampling(2,0.5)");
    CHECK(Sampling(20).description() == "sampling(20,1)");
    CHECK(sampling.kept() == std::vector<std::string>{"eps", "sigma"});
}

TEST_CASE("Sampling: Z is mu + exp(s / 2) eps, with the eps that it keeps") {
    const Sampling sampling(2);
    Pass pass = testing::training_pass(sampling);
    const Scalar ln4 = static_cast<Scalar>(std::log(4.0));  // sigma = 2
    const Matrix X = {{1, -1, 0, ln4}, {3, 5, ln4, -ln4}};
    const Matrix Z = testing::forward(sampling, pass, X);
    const Matrix& eps = pass[Sampling::eps];
    REQUIRE(eps.size() == 4);
    CHECK(first_difference("sigma", pass[Sampling::sigma], {{1, 2}, {2, 0.5}}) == "");
    CHECK(first_difference(
              "Z", Z, {{1 + eps(0, 0), -1 + 2 * eps(0, 1)}, {3 + 2 * eps(1, 0), 5 + eps(1, 1) / 2}}) == "");
}

TEST_CASE("Sampling: where it evaluates, the code is mu and the penalty is that of training") {
    Rng rng(1);
    const Sampling sampling(3, 0.7);
    const Matrix X = testing::random_matrix(5, 6, rng);
    Pass evaluates(sampling), trains = testing::training_pass(sampling);
    const Matrix Z = testing::forward(sampling, evaluates, X);
    const Matrix drawn = testing::forward(sampling, trains, X);
    for (std::size_t i = 0; i < 5; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            CHECK(Z(i, j) == X(i, j));
            CHECK(drawn(i, j) != X(i, j));
        }
    }
    CHECK(evaluates.penalty == trains.penalty);
    CHECK(evaluates.rng.bits() == Pass(sampling).rng.bits());  // nothing was drawn
    const Pass before = trains;
    trains.mode = Pass::Mode::replay;
    CHECK(testing::forward(sampling, trains, X) == drawn);
    CHECK(trains.rng.bits() == Pass(before).rng.bits());
}

// The KL divergence of normal distributions by its definition, an integral over the line: midpoints in double.
TEST_CASE("Sampling: the penalty is beta times the KL divergence, in nats, as the mean of the samples") {
    const auto log_density = [](double x, double mu, double sigma) {
        return -(x - mu) * (x - mu) / (2 * sigma * sigma) - std::log(sigma) - 0.91893853320467274178;
    };
    const auto kl = [&](double mu, double sigma) {
        double sum = 0;
        for (double x = -30; x < 30; x += 0.01) {
            const double log_q = log_density(x, mu, sigma);
            sum += 0.01 * std::exp(log_q) * (log_q - log_density(x, 0, 1));
        }
        return sum;
    };
    const double beta = 3;
    const Sampling sampling(2, beta);
    Pass pass(sampling);
    const auto s = [](double sigma) { return static_cast<Scalar>(2 * std::log(sigma)); };
    testing::forward(sampling, pass, {{1, -2, s(0.5), s(1)}, {0, Scalar{0.25}, s(2), s(0.75)}});
    const double expected = (kl(1, 0.5) + kl(-2, 1) + kl(0, 2) + kl(0.25, 0.75)) / 2;
    CHECK(pass.penalty == doctest::Approx(beta * expected).epsilon(testing::scalar_is_double ? 1e-9 : 1e-6));
    testing::forward(sampling, pass, {{0, 0, 0, 0}});
    CHECK(pass.penalty == 0);
}

TEST_CASE("Sampling: its draws are normal, and others for each sample, unit and batch") {
    const Sampling sampling(4);
    Pass pass = testing::training_pass(sampling);
    double sum = 0, squares = 0;
    for (int batch = 0; batch < 10; ++batch) {
        const Matrix Z = testing::forward(sampling, pass, Matrix(100, 8));  // sigma = 1
        for (const Scalar z : Z.flat()) {
            sum += static_cast<double>(z);
            squares += static_cast<double>(z) * static_cast<double>(z);
        }
    }
    CHECK(std::abs(sum / 4000) < 4 / std::sqrt(4000.0));
    CHECK(std::abs(squares / 4000 - 1) < 4 * std::sqrt(2 / 4000.0));
    const Matrix first = pass[Sampling::eps];
    testing::forward(sampling, pass, Matrix(100, 8));
    CHECK(pass[Sampling::eps] != first);
    CHECK(first(0, 0) != first(0, 1));
    CHECK(first(0, 0) != first(1, 0));
}

TEST_CASE("Sampling: backward matches central differences") {
    std::uint64_t seed = 600;
    for (const std::size_t n : {1u, 2u, 5u}) {
        for (const std::size_t latent_size : {1u, 2u, 5u}) {
            for (const double beta : {0.0, 1.0, 4.0}) {
                testing::check_layer(Sampling(latent_size, beta), n, seed++);
            }
        }
    }
}

}  // namespace hourglass
