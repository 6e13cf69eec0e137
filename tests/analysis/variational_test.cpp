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

}  // namespace hourglass
