#include "hourglass/analysis/variational.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "testing.hpp"

namespace hourglass {

TEST_CASE("kl_of_units: the divergence of normal distributions from the prior, unit by unit") {
    const Scalar ln4 = static_cast<Scalar>(std::log(4.0));
    const Matrix X = {{0, 2, 0, ln4}, {0, -4, 0, ln4}};  // mu, then ln sigma^2, of two units
    const std::vector<double> kl = kl_of_units(X);
    REQUIRE(kl.size() == 2);
    CHECK(kl[0] == 0);  // it is the prior itself
    // KL(N(mu, 4) || N(0, 1)) = (mu^2 + 4 - 1) / 2 - ln 2, mu^2 being 10 on average
    CHECK(kl[1] == doctest::Approx(6.5 - std::log(2.0)).epsilon(testing::rounding));
}

TEST_CASE("estimate_elbo: the reconstruction of a decoder that ignores its code has a closed form") {
    const std::size_t widths[] = {3, 2};
    Autoencoder model = variational_autoencoder(widths, 0.25);  // all parameters 0: mu = 0, sigma = 1, y = 0
    const Matrix X = {{1, -1, 1}, {-1, -1, 1}};
    std::size_t seen = 0;
    const Elbo elbo = estimate_elbo(model, X, 5, 1, [&](const Matrix& Y) { seen += Y.rows(); });
    CHECK(elbo.reconstruction == doctest::Approx(3 * std::log(2.0)).epsilon(testing::rounding));
    CHECK(elbo.kl == 0);
    CHECK(elbo.standard_error == doctest::Approx(0));
    CHECK(elbo.value() == -elbo.reconstruction);
    CHECK(seen == 10);
}

TEST_CASE("estimate_elbo: the KL is that of the codes whatever beta is, and the error shrinks with the draws") {
    const std::size_t widths[] = {3, 4, 2};
    Rng rng(1);
    Matrix X = testing::random_matrix(6, 3, rng);
    std::vector<Elbo> found;
    for (const double beta : {0.0, 2.0}) {
        Autoencoder model = variational_autoencoder(widths, beta);
        Rng same(7);
        initialize(model, Initialization::he, same);
        const std::vector<double> kl = kl_of_units(model.apply(1, 2, X));
        found.push_back(estimate_elbo(model, X, 400, 3));
        CHECK(found.back().kl == doctest::Approx(kl[0] + kl[1]).epsilon(testing::rounding));
        const Elbo few = estimate_elbo(model, X, 25, 3);
        CHECK(few.standard_error > 2 * found.back().standard_error);
        CHECK(std::abs(few.reconstruction - found.back().reconstruction) < 5 * few.standard_error);
    }
    CHECK(found[0].value() == doctest::Approx(found[1].value()).epsilon(testing::rounding));
}

TEST_CASE("entropy_of_rows: ln n of different rows, and less where some are the same") {
    CHECK(entropy_of_rows({{1, -1}, {-1, -1}, {1, 1}}) == doctest::Approx(std::log(3.0)));
    CHECK(entropy_of_rows({{1, -1}, {1, -1}}) == 0);
    CHECK(entropy_of_rows({{1, -1}, {1, -1}, {1, 1}, {-1, 1}}) == doctest::Approx(1.5 * std::log(2.0)));
}

TEST_CASE("used_units: those with more than 0.01 nats") {
    CHECK(used_units({0.5, 0, 0.009, 0.011}) == 2);
}

TEST_CASE("normal_quantile: the values of the tables") {
    CHECK(normal_quantile(0.5) == doctest::Approx(0));
    CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-10));
    CHECK(normal_quantile(0.025) == doctest::Approx(-1.959963984540054).epsilon(1e-10));
    CHECK(normal_quantile(1e-9) == doctest::Approx(-5.997807015).epsilon(1e-8));
}

TEST_CASE("quantile_plane: of two latent units, the quantiles of the prior from the top left") {
    const Matrix plane = quantile_plane(Matrix(3, 2), 3, 2);
    REQUIRE(plane.rows() == 6);
    const Scalar right = static_cast<Scalar>(normal_quantile(5.0 / 6)), up = static_cast<Scalar>(normal_quantile(0.75));
    const Matrix expected = {{-right, up}, {0, up}, {right, up}, {-right, -up}, {0, -up}, {right, -up}};
    CHECK(testing::first_difference("plane", plane, expected, 1e-6) == "");
}

TEST_CASE("quantile_plane: of more latent units, along the two directions in which the codes vary most") {
    // The widest direction is that of unit 3, then that of unit 1, around a mean of (5, 6, 7).
    const Matrix codes = {{6, 6, 7}, {4, 6, 7}, {5, 6, 10}, {5, 6, 4}};
    const Matrix plane = quantile_plane(codes, 2, 2);
    const auto q = normal_quantile(0.75);
    const auto wide = static_cast<Scalar>(q * std::sqrt(6.0)), narrow = static_cast<Scalar>(q * std::sqrt(2.0 / 3));
    const Matrix expected = {{5 + narrow, 6, 7 - wide}, {5 + narrow, 6, 7 + wide},
                             {5 - narrow, 6, 7 - wide}, {5 - narrow, 6, 7 + wide}};
    CHECK(testing::first_difference("plane", plane, expected, 1e-6) == "");
    CHECK(quantile_plane({{1}, {2}, {3}}, 2, 2).cols() == 1);  // of one unit, along it
}

TEST_CASE("prior_codes: normal, and the same for the same seed") {
    const Matrix codes = prior_codes(2000, 3, 1);
    CHECK(codes == prior_codes(2000, 3, 1));
    CHECK(codes != prior_codes(2000, 3, 2));
    double sum = 0, squares = 0;
    for (const Scalar z : codes.flat()) {
        sum += static_cast<double>(z);
        squares += static_cast<double>(z * z);
    }
    CHECK(std::abs(sum / 6000) < 5 / std::sqrt(6000.0));
    CHECK(std::abs(squares / 6000 - 1) < 5 * std::sqrt(2 / 6000.0));
}

TEST_CASE("spread_of and draw_codes: as many codes as wanted, spread as some are") {
    const std::vector<Normal> spread = spread_of({{1, 5}, {3, 5}, {5, 5}});
    REQUIRE(spread.size() == 2);
    CHECK(spread[0].mean == doctest::Approx(3));
    CHECK(spread[0].deviation == doctest::Approx(std::sqrt(8.0 / 3)));
    CHECK(spread[1].mean == 5);
    CHECK(spread[1].deviation == doctest::Approx(0));
    const Matrix codes = draw_codes(4000, spread, 1);
    const std::vector<Normal> again = spread_of(codes);
    CHECK(std::abs(again[0].mean - 3) < 5 * spread[0].deviation / std::sqrt(4000.0));
    CHECK(again[0].deviation == doctest::Approx(spread[0].deviation).epsilon(0.06));
    CHECK(codes(17, 1) == 5);
}

TEST_CASE("deviations_of: exp of half the logarithm of the variance, unit by unit") {
    const Scalar ln4 = static_cast<Scalar>(std::log(4.0));
    const auto sigma = deviations_of({{9, 9, 0, ln4}, {9, 9, ln4, -ln4}});
    REQUIRE(sigma.size() == 2);
    CHECK(sigma[0][0] == 1);
    CHECK(sigma[0][1] == doctest::Approx(2));
    CHECK(sigma[1][0] == doctest::Approx(2));
    CHECK(sigma[1][1] == doctest::Approx(0.5));
}

}  // namespace hourglass
