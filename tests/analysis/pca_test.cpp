#include "hourglass/analysis/pca.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cmath>
#include <fstream>
#include <functional>

#include "analysis/reference_data.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/data/font.hpp"
#include "testing.hpp"

namespace hourglass {

using testing::iris;
using testing::Json;
using testing::read_table;
using testing::reference_json;

namespace {

// How near the reference we must come; in float the data are rounded, and so are the coordinates.
constexpr double tolerance = testing::scalar_is_double ? 1e-6 : 1e-5;

Matrix digits() {
    std::ifstream file(HOURGLASS_SOURCE_DIR "/data/digits/digits.csv.gz", std::ios::binary);
    boost::iostreams::filtering_istream input;
    input.push(boost::iostreams::gzip_decompressor());
    input.push(file);
    return read_table(input, 1797, 64);
}

Matrix font_pixels(int number) {
    return read_font(HOURGLASS_SOURCE_DIR "/data/fonts/font" + std::to_string(number) + ".txt")
        .pixels();
}

/// Checks variances and components; the reference's variances times `factor` are ours.
void check_components(const Pca& pca, const Json& expected, double factor) {
    const auto variances = expected["explained_variance_ddof1"].get<std::vector<double>>();
    REQUIRE(pca.variances.size() == variances.size());
    for (std::size_t c = 0; c < variances.size(); ++c) {
        CHECK(std::abs(pca.variances[c] - factor * variances[c]) <
              tolerance * (1 + pca.variances[c]));
    }
    const double total = expected["total_variance_ddof1"];
    CHECK(std::abs(pca.total_variance - factor * total) < tolerance * (1 + factor * total));
    const auto ratios = expected["explained_variance_ratio"].get<std::vector<double>>();
    for (std::size_t c = 0; c < ratios.size(); ++c) {
        CHECK(std::abs(pca.variances[c] / pca.total_variance - ratios[c]) < tolerance);
    }
    if (!expected.contains("components_rows_largest_abs_entry_positive")) {
        return;
    }
    const Json& components = expected["components_rows_largest_abs_entry_positive"];
    REQUIRE(components.size() == pca.components.size());
    for (std::size_t c = 0; c < components.size(); ++c) {
        CAPTURE(c);
        REQUIRE(components[c].size() == pca.components[c].size());
        for (std::size_t j = 0; j < pca.mean.size(); ++j) {
            CHECK(std::abs(pca.components[c][j] - components[c][j].get<double>()) < tolerance);
        }
    }
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += a[i] * b[i];
    }
    return sum;
}

void check_orthonormal(const std::vector<std::vector<double>>& vectors) {
    double largest = 0;
    for (std::size_t a = 0; a < vectors.size(); ++a) {
        for (std::size_t b = 0; b <= a; ++b) {
            largest = std::max(largest, std::abs(dot(vectors[a], vectors[b]) - (a == b ? 1 : 0)));
        }
    }
    CHECK(largest < 1e-10);
}

Matrix transposed(const Matrix& X) {
    Matrix T(X.cols(), X.rows());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = 0; j < X.cols(); ++j) {
            T(j, i) = X(i, j);
        }
    }
    return T;
}

Matrix centred(const Matrix& X) {
    const Matrix mean = mean_image(X);
    Matrix C = X;
    for (std::size_t i = 0; i < X.size(); ++i) {
        C.flat()[i] -= mean.flat()[i];
    }
    return C;
}

}  // namespace

TEST_CASE("symmetric_eigen: a matrix whose eigenvectors are known") {
    const Eigen eigen = symmetric_eigen({{2, -1, 0}, {-1, 2, -1}, {0, -1, 2}});
    const double root = std::sqrt(2.0);
    const std::vector<double> values = {2 + root, 2, 2 - root};
    const std::vector<std::vector<double>> vectors = {
        {0.5, -root / 2, 0.5}, {root / 2, 0, -root / 2}, {0.5, root / 2, 0.5}};
    REQUIRE(eigen.values.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(eigen.values[i] == doctest::Approx(values[i]).epsilon(1e-14));
        CHECK(std::abs(dot(eigen.vectors[i], vectors[i])) == doctest::Approx(1).epsilon(1e-14));
    }
}

TEST_CASE("symmetric_eigen: a zero diagonal and equal and negative eigenvalues") {
    CHECK(symmetric_eigen({{5}}).values == std::vector<double>{5});
    CHECK(symmetric_eigen({{3, 0}, {0, 3}}).values == std::vector<double>{3, 3});
    const Eigen swap = symmetric_eigen({{0, 1}, {1, 0}});
    CHECK(swap.values[0] == doctest::Approx(1).epsilon(1e-14));
    CHECK(swap.values[1] == doctest::Approx(-1).epsilon(1e-14));
    check_orthonormal(swap.vectors);
}

TEST_CASE("symmetric_eigen: A v is lambda v for a random matrix") {
    Rng rng(3);
    const std::size_t n = 12;
    std::vector<std::vector<double>> A(n, std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            A[i][j] = A[j][i] = rng.normal();
        }
    }
    const Eigen eigen = symmetric_eigen(A);
    CHECK(std::ranges::is_sorted(eigen.values, std::greater()));
    check_orthonormal(eigen.vectors);
    for (std::size_t c = 0; c < n; ++c) {
        for (std::size_t i = 0; i < n; ++i) {
            CHECK(std::abs(dot(A[i], eigen.vectors[c]) - eigen.values[c] * eigen.vectors[c][i]) <
                  1e-12);
        }
    }
}

TEST_CASE("Pca: iris equals the reference") {
    const Json expected = reference_json("iris_pca.json")["raw"];
    const Matrix X = iris();
    const Pca pca = fit_pca(X, 4);
    check_components(pca, expected, 1);
    check_orthonormal(pca.components);
    const Matrix scores = pca.project(X);
    for (std::size_t i = 0; i < 5; ++i) {
        for (std::size_t c = 0; c < expected["scores_first5"][i].size(); ++c) {
            CHECK(std::abs(static_cast<double>(scores(i, c)) -
                           expected["scores_first5"][i][c].get<double>()) < tolerance);
        }
    }
    for (std::size_t j = 0; j < 4; ++j) {
        CHECK(std::abs(pca.mean[j] - expected["mean"][j].get<double>()) < tolerance);
    }
    CHECK(testing::largest_difference(pca.reconstruct(X), X) < tolerance);  // all 4 components
}

TEST_CASE("Pca: digits equal the reference") {
    const Pca pca = fit_pca(digits(), 64);
    check_components(pca, reference_json("digits_pca.json"), 1);
    check_orthonormal(pca.components);
}

TEST_CASE("Pca: fonts equal the reference") {
    const Json all = reference_json("fonts_pca.json");
    for (const int number : {1, 2, 3}) {
        CAPTURE(number);
        const Json& expected = all["Font" + std::to_string(number)];
        const Matrix X =
            font_pixels(number);  // +-1 where the reference has 0 and 1: twice the size
        check_components(fit_pca(X, 2), expected, 4);
        for (const auto& item : expected["pca_reconstruction_threshold_0.5"].items()) {
            const std::string k = item.key();
            const Json& figures = item.value();
            CAPTURE(k);
            const Matrix Y = fit_pca(X, std::stoul(k)).reconstruct(X);
            const PixelErrors errors = count_pixel_errors(Y, X);
            CHECK(std::abs(mean_squared_difference(Y, X) -
                           4 * figures["mse_per_pixel"].get<double>()) < tolerance);
            CHECK(errors.mean == figures["mean_wrong_pixels"].get<double>());
            CHECK(errors.worst == figures["max_wrong_pixels"].get<std::size_t>());
            CHECK(errors.at_most_one == figures["glyphs_with_at_most_1_wrong"].get<std::size_t>());
        }
    }
}

TEST_CASE("Pca: with fewer samples than dimensions agrees with the same samples given twice") {
    Rng rng(5);
    const Matrix X = testing::random_matrix(6, 9, rng);
    Matrix twice(12, 9);  // no longer fewer than dimensions: the other way through fit_pca
    for (std::size_t i = 0; i < 12; ++i) {
        std::ranges::copy(X.row(i % 6), twice.row(i).begin());
    }
    const Pca wide = fit_pca(X, 5);
    const Pca tall = fit_pca(twice, 5);
    REQUIRE(wide.components.size() == 5);
    for (std::size_t c = 0; c < 5; ++c) {
        CHECK(wide.variances[c] * 5 * 2 == doctest::Approx(tall.variances[c] * 11).epsilon(1e-12));
        CHECK(dot(wide.components[c], tall.components[c]) == doctest::Approx(1).epsilon(1e-12));
    }
    CHECK(wide.total_variance * 5 * 2 == doctest::Approx(tall.total_variance * 11).epsilon(1e-12));
    CHECK(testing::largest_difference(wide.reconstruct(X), X) < testing::rounding);
}

TEST_CASE("Pca: with fewer samples than dimensions agrees with the transposed problem") {
    Rng rng(6);
    const Matrix random = testing::random_matrix(5, 8, rng);
    const Matrix X = transposed(centred(transposed(centred(random))));  // rows and columns sum to 0
    const Pca wide = fit_pca(X, 4);
    const Pca tall = fit_pca(transposed(X), 4);
    const Matrix scores = tall.project(transposed(X));
    for (std::size_t c = 0; c < 4; ++c) {
        const double singular = std::sqrt(wide.variances[c] * 4);
        CHECK(singular == doctest::Approx(std::sqrt(tall.variances[c] * 7)).epsilon(tolerance));
        std::vector<double> score(8);  // X^T u is sigma v
        for (std::size_t i = 0; i < 8; ++i) {
            score[i] = static_cast<double>(scores(i, c));
        }
        CHECK(std::abs(dot(score, wide.components[c])) ==
              doctest::Approx(singular).epsilon(tolerance));
    }
}

TEST_CASE("Pca: there are at most as many components as samples less one and as dimensions") {
    Rng rng(7);
    CHECK(fit_pca(testing::random_matrix(3, 6, rng), 9).components.size() == 2);
    CHECK(fit_pca(testing::random_matrix(9, 4, rng), 9).components.size() == 4);
    const Matrix one = {{1, 2, 3}};
    CHECK(fit_pca(one, 2).components.empty());
    CHECK(fit_pca(one, 2).reconstruct(one) == one);
}

TEST_CASE("Pca: samples that span fewer dimensions are still reconstructed") {
    Rng rng(8);
    for (const std::size_t dimensions : {3u, 40u}) {  // by the covariance and by inner products
        const Matrix two = testing::random_matrix(2, dimensions, rng);
        Matrix X(12, dimensions);
        for (std::size_t i = 0; i < 12; ++i) {
            std::ranges::copy(two.row(i % 2), X.row(i).begin());
        }
        const Pca pca = fit_pca(X, 11);
        check_orthonormal(pca.components);
        CHECK(testing::largest_difference(pca.reconstruct(X), X) < testing::rounding);
        const Matrix same(5, dimensions, 1);
        CHECK(testing::largest_difference(fit_pca(same, 2).reconstruct(same), same) <
              testing::rounding);
    }
}

TEST_CASE("Pca: the few components of many dimensions are those that all of them begin with") {
    Rng rng(9);
    Matrix X = testing::random_matrix(300, 260, rng);
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = 0; j < X.cols(); ++j) {
            X(i, j) /= static_cast<Scalar>(1 + j);
        }
    }
    const Pca few = fit_pca(X, 4);    // by orthogonal iteration
    const Pca many = fit_pca(X, 80);  // by Jacobi's rotations
    REQUIRE(few.components.size() == 4);
    check_orthonormal(few.components);
    CHECK(few.total_variance == doctest::Approx(many.total_variance).epsilon(1e-12));
    for (std::size_t c = 0; c < 4; ++c) {
        CHECK(few.variances[c] == doctest::Approx(many.variances[c]).epsilon(1e-10));
        CHECK(dot(few.components[c], many.components[c]) == doctest::Approx(1).epsilon(1e-10));
    }
}

TEST_CASE("fit_large_pca: the same as fit_pca, for more dimensions than samples and for fewer") {
    Rng rng(12);
    for (const auto& [rows, cols] : {std::pair{30u, 70u}, {70u, 30u}}) {
        Matrix X = testing::random_matrix(rows, cols, rng);
        for (std::size_t i = 0; i < X.rows(); ++i) {
            for (std::size_t j = 0; j < X.cols(); ++j) {
                X(i, j) = 5 + X(i, j) / static_cast<Scalar>(1 + j);
            }
        }
        const Pca pca = fit_pca(X, 4), large = fit_large_pca(X, 4);
        REQUIRE(large.components.size() == 4);
        CHECK(large.total_variance == doctest::Approx(pca.total_variance).epsilon(1e-9));
        CHECK(large.mean == pca.mean);
        for (std::size_t c = 0; c < 4; ++c) {
            CHECK(large.variances[c] == doctest::Approx(pca.variances[c]).epsilon(tolerance));
            CHECK(dot(large.components[c], pca.components[c]) == doctest::Approx(1).epsilon(tolerance));
        }
    }
    Matrix two(12, 40);  // samples that span one dimension
    for (std::size_t i = 0; i < 12; i += 2) {
        std::ranges::fill(two.row(i), Scalar{1});
    }
    CHECK(fit_large_pca(two, 3).components.size() == 1);
}

TEST_CASE("probabilistic_pca_nats: the likelihood of the normal distribution that it stands for") {
    // Variances of 4 and 1 over n, along the axes.
    const Matrix X = {{2, 1}, {2, -1}, {-2, 1}, {-2, -1}};
    const double rest = std::log(std::sqrt(2 * 3.14159265358979323846));  // of each dimension, sigma apart
    const auto nats = [&](double variance_0, double variance_1) {  // -ln N(x; 0, diagonal), its mean
        return (std::log(variance_0) + std::log(variance_1) + 4 / variance_0 + 1 / variance_1) / 2 + 2 * rest;
    };
    const auto left_out = [&](double sigma) { return 2 * (std::log(sigma) + rest); };
    CHECK(probabilistic_pca_nats(fit_pca(X, 1), 4, 0.5) + left_out(0.5) == doctest::Approx(nats(4, 0.25)));
    CHECK(probabilistic_pca_nats(fit_pca(X, 2), 4, 0.5) + left_out(0.5) == doctest::Approx(nats(4, 1)));
    CHECK(probabilistic_pca_nats(fit_pca(X, 2), 4, 1.5) + left_out(1.5) == doctest::Approx(nats(4, 2.25)));
    CHECK(probabilistic_pca_nats(fit_pca(X, 2), 4, 3) + left_out(3) == doctest::Approx(nats(9, 9)));
}

TEST_CASE("Pca: many samples of many dimensions may be a few repeated") {
    Rng rng(10);
    const Matrix four = testing::random_matrix(4, 300, rng);
    Matrix X(400, 300);
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::ranges::copy(four.row(i % 4), X.row(i).begin());
    }
    CHECK(testing::largest_difference(fit_pca(X, 6).reconstruct(X), X) < 100 * testing::rounding);
}

TEST_CASE("Pca: the same bits for any number of threads") {
    Rng rng(11);
    const Matrix X = testing::random_matrix(90, 50, rng);
    const auto components = [&](int threads) {
        const testing::WithThreads guard(threads);
        return fit_pca(X, 3).components;
    };
    CHECK(components(1) == components(2));
    CHECK(components(1) == components(3));
}

}  // namespace hourglass
