#include "hourglass/analysis/code_quality.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/neighbours.hpp"
#include "hourglass/core/random.hpp"
#include "hourglass/nn/initialization.hpp"

namespace hourglass {
namespace {

constexpr std::size_t n = 24;

/// Two clouds of samples (n, 6) in [0, 1], one class each.
Matrix clouds() {
    Matrix X(n, 6);
    Rng rng(3);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < 6; ++j) {
            X(i, j) = static_cast<Scalar>((i % 2 == 0 ? 0.2 : 0.7) + 0.1 * rng.uniform());
        }
    }
    return X;
}

std::vector<std::size_t> classes() {
    std::vector<std::size_t> labels;
    for (std::size_t i = 0; i < n; ++i) {
        labels.push_back(i % 2);
    }
    return labels;
}

}  // namespace

TEST_CASE("purity_by_chance: the sum of the squared shares of the classes") {
    CHECK(purity_by_chance({0, 1, 0, 1}) == 0.5);
    CHECK(purity_by_chance({7, 7, 7, 2}) == doctest::Approx(0.5625 + 0.0625));
}

TEST_CASE("linear_codes: errors from the variances are those of the reconstruction") {
    const Matrix X = clouds();
    const LinearCodes linear = linear_codes(X, classes(), 2);
    CHECK(linear.mse == doctest::Approx(mean_squared_difference(linear.pca.reconstruct(X), X)).epsilon(1e-3));
    CHECK(linear.mean_image_mse == doctest::Approx(mean_squared_difference(mean_image(X), X)).epsilon(1e-3));
    CHECK(linear.purity == 1);
    CHECK(linear.plane == linear.codes);
}

TEST_CASE("code_quality: of a plain autoencoder there is no KL divergence, of a variational one it is that of its units") {
    const Matrix X = clouds();
    Autoencoder plain = mirrored_autoencoder(std::vector<std::size_t>{6, 3});
    Autoencoder variational = variational_autoencoder(std::vector<std::size_t>{6, 4, 3}, 1);
    Rng rng(5);
    initialize(plain, Initialization::xavier, rng);
    initialize(variational, Initialization::xavier, rng);
    const CodeQuality of_plain = code_quality(plain, X, classes(), Loss::mean_squared_error, 2, 1);
    CHECK(std::isnan(of_plain.kl()));
    CHECK(of_plain.mse == doctest::Approx(mean_squared_difference(plain.reconstruct(X), X)));
    CHECK(of_plain.reconstruction == doctest::Approx(2 * of_plain.mse).epsilon(1e-3));  // nothing is drawn
    CHECK(new_samples(plain, of_plain, 5, 1).cols() == 6);
    const CodeQuality of_variational = code_quality(variational, X, classes(), Loss::mean_squared_error, 2, 1);
    REQUIRE(of_variational.unit_kl.size() == 3);
    CHECK(of_variational.kl() ==
          doctest::Approx(of_variational.unit_kl[0] + of_variational.unit_kl[1] + of_variational.unit_kl[2]));
    CHECK(of_variational.elbo() == doctest::Approx(-of_variational.reconstruction - of_variational.kl()));
    CHECK(of_variational.mean.cols() == 3);
}

}  // namespace hourglass
