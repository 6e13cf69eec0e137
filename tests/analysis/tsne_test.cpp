#include "hourglass/analysis/tsne.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "analysis/reference_data.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/analysis/map_quality.hpp"
#include "testing.hpp"

namespace hourglass {

using testing::error_message;
using testing::iris;
using testing::largest_difference;
using testing::random_matrix;

namespace {

// In float the points are rounded, and with them their distances.
constexpr double tolerance = testing::scalar_is_double ? 1e-8 : 1e-4;

const TsneOptions all_neighbours = {.perplexity = 30, .neighbours = 149};

Matrix matrix_of(const testing::Json& rows) {
    Matrix result(rows.size(), rows[0].size());
    for (std::size_t i = 0; i < result.rows(); ++i) {
        for (std::size_t j = 0; j < result.cols(); ++j) {
            result(i, j) = static_cast<Scalar>(rows[i][j].get<double>());
        }
    }
    return result;
}

double dot(const Matrix& A, const Matrix& B) {
    double sum = 0;
    for (std::size_t i = 0; i < A.size(); ++i) {
        sum += static_cast<double>(A.flat()[i]) * static_cast<double>(B.flat()[i]);
    }
    return sum;
}

/// |A - B| / |B|
double relative_difference(const Matrix& A, const Matrix& B) {
    Matrix D = A;
    for (std::size_t i = 0; i < A.size(); ++i) {
        D.flat()[i] -= B.flat()[i];
    }
    return std::sqrt(dot(D, D) / dot(B, B));
}

/// Three clouds of points.
Matrix clouds(std::size_t n, std::size_t d, Rng& rng) {
    Matrix X = random_matrix(n, d, rng);
    for (std::size_t i = 0; i < n; ++i) {
        X(i, i % 3) += 8;
    }
    return X;
}

/// A map that has taken its shape.
Matrix grown(Tsne tsne, int steps) {
    for (int s = 0; s < steps; ++s) {
        tsne.step();
    }
    return tsne.Y;
}

}  // namespace

TEST_CASE("Tsne: beta, P, KL and the gradient of iris are those of the reference") {
    const testing::Json expected = testing::reference_json("iris_tsne.json");
    Tsne tsne(iris(), matrix_of(expected["Y0_pca_std1e-4"]), all_neighbours);
    for (std::size_t i = 0; i < 150; ++i) {
        CAPTURE(i);
        CHECK(tsne.beta[i] == doctest::Approx(expected["beta"][i].get<double>()).epsilon(tolerance));
    }
    double largest = 0, squares = 0, entropy = 0;
    for (std::size_t i = 0; i < 150; ++i) {
        for (std::size_t j = 0; j < 150; ++j) {
            const double p = tsne.P(i, j);
            CHECK(p == tsne.P(j, i));
            largest = std::max(largest, p);
            squares += p * p;
            entropy -= p > 0 ? p * std::log(p) : 0;
        }
    }
    for (std::size_t j = 1; j < 150; ++j) {
        CHECK(std::abs(tsne.P(0, j) - expected["P_upper_row0"][j - 1].get<double>()) < 1e-3 * tolerance);
        CHECK(std::abs(tsne.P(149, j - 1) - expected["P_upper_row149"][j - 1].get<double>()) < 1e-3 * tolerance);
    }
    CHECK(largest == doctest::Approx(expected["P_max"].get<double>()).epsilon(tolerance));
    CHECK(std::sqrt(squares) == doctest::Approx(expected["P_frobenius"].get<double>()).epsilon(tolerance));
    CHECK(entropy == doctest::Approx(expected["entropy_of_P_nats"].get<double>()).epsilon(tolerance));
    CHECK(tsne.kl() == doctest::Approx(expected["KL_at_Y0"].get<double>()).epsilon(tolerance));

    tsne.Y = matrix_of(expected["Y1_is_Y0_times_1e4"]);
    CHECK(tsne.kl() == doctest::Approx(expected["KL_at_Y1"].get<double>()).epsilon(tolerance));
    tsne.gradient();
    CHECK(largest_difference(tsne.dY, matrix_of(expected["gradient_at_Y1"])) < tolerance);
    CHECK(dot(tsne.dY, tsne.dY) > 1e-4);
}

TEST_CASE("Tsne: the start is that of the reference, up to the signs of the components") {
    const Matrix expected = matrix_of(testing::reference_json("iris_tsne.json")["Y0_pca_std1e-4"]);
    const Tsne tsne(iris(), all_neighbours);
    for (std::size_t c = 0; c < 2; ++c) {
        CAPTURE(c);
        const Scalar sign = tsne.Y(0, c) * expected(0, c) > 0 ? Scalar{1} : Scalar{-1};
        for (std::size_t i = 0; i < 150; ++i) {
            CHECK(std::abs(tsne.Y(i, c) - sign * expected(i, c)) < Scalar(1e-6));  // over n - 1 here, over n there
        }
    }
}

TEST_CASE("Tsne: the gradient matches central differences of KL") {
    if constexpr (testing::scalar_is_double) {
        Rng rng(3);
        Tsne tsne(clouds(40, 5, rng), random_matrix(40, 2, rng), {.perplexity = 6});
        CHECK(tsne.P.p.size() < 40 * 39);  // few have a p_ij
        tsne.gradient();
        CHECK(dot(tsne.dY, tsne.dY) > 1e-4);
        const auto h = static_cast<Scalar>(1e-5);
        for (std::size_t i = 0; i < tsne.Y.size(); ++i) {
            CAPTURE(i);
            Tsne moved = tsne;
            moved.Y.flat()[i] += h;
            const double above = moved.kl();
            moved.Y.flat()[i] -= 2 * h;
            const double slope = (above - moved.kl()) / static_cast<double>(2 * h);
            CHECK(std::abs(static_cast<double>(tsne.dY.flat()[i]) - slope) < 1e-8);
        }
        Tsne wrong = tsne;  // a gradient that forgets half of it is seen
        wrong.gradient(2);
        CHECK(relative_difference(wrong.dY, tsne.dY) > 0.1);
    }
}

TEST_CASE("Tsne: P is that of all points up to what is far, and its sum is 1") {
    const Tsne few(iris(), {.perplexity = 30}), all(iris(), all_neighbours);
    CHECK(few.options().neighbours == 90);
    double sum = 0, difference = 0;
    for (std::size_t i = 0; i < 150; ++i) {
        for (std::size_t j = 0; j < 150; ++j) {
            sum += few.P(i, j);
            difference += std::abs(few.P(i, j) - all.P(i, j));
        }
    }
    CHECK(sum == doctest::Approx(1).epsilon(1e-5));
    CHECK(difference < 0.02);
}

TEST_CASE("Tsne: iris comes to a map as good as scikit-learn's") {
    const bool short_of_time = testing::scalar_is_double;  // a debug build has plain loops
    Tsne tsne(iris(), {.perplexity = 30,
                       .neighbours = 149,
                       .steps = short_of_time ? 200 : 1000,
                       .early_steps = short_of_time ? 50 : 250});
    while (!tsne.done()) {
        tsne.step();
    }
    CHECK(tsne.steps_done() == tsne.options().steps);
    CHECK(tsne.kl() < (short_of_time ? 0.2 : 0.1241));  // its exact method: .12405
    CHECK(map_quality(iris(), tsne.Y).trustworthiness > 0.985);       // .98852
}

TEST_CASE("Tsne: the tree's gradient is near the exact one, the nearer the smaller theta is") {
    Rng rng(4);
    Matrix Y = clouds(500, 3, rng);
    Y = fit_pca(Y, 2).project(Y);
    for (Scalar& y : Y.flat()) {
        y *= 5;  // as wide as maps are
    }
    const auto at = [&](double theta) {
        Tsne tsne(Y, Y, {.perplexity = 3, .theta = theta});
        tsne.gradient(0);  // the repulsion alone: on a grown map the attraction all but cancels it
        return tsne;
    };
    const Tsne exact = at(0);
    double before = 1;
    struct Bound {
        double theta, most;
    };
    for (const Bound& bound : {Bound{1.5, 0.2}, {0.5, 1e-2}, {0.2, 1e-4}, {1e-6, 1e-5}}) {
        CAPTURE(bound.theta);
        const Tsne approximate = at(bound.theta);
        const double error = relative_difference(approximate.dY, exact.dY);
        CHECK(error < bound.most);
        CHECK(error < before);
        CHECK(approximate.Z == doctest::Approx(exact.Z).epsilon(bound.most));
        before = error;
    }
}

TEST_CASE("Tsne: the tree takes points that are all alike, on a line, or far apart") {
    Rng rng(5);
    const Matrix X = clouds(150, 3, rng);
    Matrix line(150, 2), apart(150, 2);
    for (std::size_t i = 0; i < 150; ++i) {
        line(i, 0) = static_cast<Scalar>(i % 7);
        apart(i, 0) = apart(i, 1) = i == 17 ? Scalar(1e6) : static_cast<Scalar>(i % 5);
    }
    for (const Matrix& Y : {Matrix(150, 2, 3), line, apart}) {
        Tsne by_tree(X, Y, {.theta = 0.5}), exact(X, Y, {.theta = 0});
        by_tree.gradient();
        exact.gradient();
        CHECK(by_tree.Z == doctest::Approx(exact.Z).epsilon(0.01));
        CHECK(largest_difference(by_tree.dY, exact.dY) <= 0.05 * std::sqrt(dot(exact.dY, exact.dY)) + 1e-12);
    }
}

TEST_CASE("Tsne: the same bits for any number of threads, by all pairs and by the tree") {
    Rng rng(6);
    const Matrix X = clouds(200, 12, rng);
    for (const double theta : {0.0, 0.5}) {
        CAPTURE(theta);
        const auto on = [&](int count) {
            const testing::WithThreads with(count);
            return grown(Tsne(X, {.theta = theta}), 3);
        };
        const Matrix expected = on(1);
        CHECK(testing::same_bits(on(2).flat(), expected.flat()));
        CHECK(testing::same_bits(on(3).flat(), expected.flat()));
    }
}

TEST_CASE("Tsne: a step is early exaggeration, momentum and gains, as by hand") {
    Rng rng(7);
    Tsne tsne(clouds(30, 3, rng), random_matrix(30, 2, rng), {.perplexity = 5, .early_steps = 2, .learning_rate = 10});
    Tsne before = tsne;
    for (const double exaggeration : {12.0, 12.0, 1.0}) {
        before.gradient(exaggeration);
        tsne.step();
        const Scalar momentum = exaggeration > 1 ? Scalar(0.5) : Scalar(0.8);
        for (std::size_t i = 0; i < tsne.Y.size(); ++i) {
            const Scalar v = before.velocity.flat()[i], dy = before.dY.flat()[i];
            const Scalar gain = v * dy < 0 ? before.gains.flat()[i] + Scalar(0.2)
                                           : before.gains.flat()[i] * Scalar(0.8);
            const double y = static_cast<double>(before.Y.flat()[i] + momentum * v - 10 * gain * dy);
            CHECK(static_cast<double>(tsne.Y.flat()[i]) == doctest::Approx(y).epsilon(1e-5));
        }
        before = tsne;
    }
}

TEST_CASE("Tsne: points that are alike, on a line or few") {
    Matrix X(40, 1);
    for (std::size_t i = 0; i < 40; ++i) {
        X(i, 0) = static_cast<Scalar>(i < 20 ? 0 : i);
    }
    for (const Matrix& some : {X, Matrix(40, 3, 1), Matrix{{0, 0}, {0, 1}, {1, 0}, {9, 9}}}) {
        Tsne tsne(some, {.steps = 20});
        while (!tsne.done()) {
            tsne.step();
        }
        CHECK(std::isfinite(tsne.kl()));
    }
}

TEST_CASE("Tsne: what makes no map is refused with what was expected and what was found") {
    const auto message = [](const Matrix& X, const TsneOptions& options) {
        return error_message([&] { Tsne(X, options); });
    };
    Rng rng(8);
    const Matrix X = random_matrix(20, 3, rng);
    CHECK(message(Matrix(3, 2), {}) == "t-SNE: expected at least 4 points, got 3");
    CHECK(message(Matrix(), {}) == "t-SNE: expected at least 4 points, got 0");
    CHECK(message(X, {.perplexity = 0.5}) == "t-SNE: expected a perplexity of at least 1, got 0.5");
    CHECK(message(X, {.perplexity = 19}) == "t-SNE: expected a perplexity below the number of neighbours, 19, got 19");
    CHECK(message(X, {.neighbours = 20}) == "t-SNE: expected fewer neighbours than points, got 20");
    CHECK(message(X, {}) == "");
    Matrix holes = X;
    holes(3, 1) = std::numeric_limits<Scalar>::quiet_NaN();
    CHECK(message(holes, {}) == "t-SNE: expected finite numbers, got nan");
    CHECK(error_message([&] { Tsne(X, Matrix(20, 3), {}); }) ==
          "t-SNE's start: (20, 3) and (20, 2) are not of one shape");
    CHECK(error_message([&] { grown(Tsne(X, {.learning_rate = 1e38}), 50); })
              .starts_with("t-SNE: the map is not finite after step "));
}

TEST_CASE("fit_beta: two neighbours, in closed form") {
    std::vector<double> p(2);
    const std::vector<double> d = {1, 3};  // p = (a, 1 - a) with a / (1 - a) = exp(2 beta)
    const double a = 0.8, entropy = -a * std::log(a) - (1 - a) * std::log(1 - a);
    CHECK(fit_beta(p, d, std::exp(entropy)) == doctest::Approx(std::log(a / (1 - a)) / 2).epsilon(1e-9));
    CHECK(p[0] == doctest::Approx(a).epsilon(1e-9));
    CHECK(p[1] == doctest::Approx(1 - a).epsilon(1e-9));
}

}  // namespace hourglass
