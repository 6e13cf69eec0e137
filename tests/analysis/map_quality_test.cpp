#include "hourglass/analysis/map_quality.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "hourglass/analysis/neighbours.hpp"
#include "hourglass/core/rows.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

/// The points of tests/reference/map_quality.py.
Matrix points_of_formula(std::size_t n, std::size_t d) {
    Matrix X(n, d);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t c = 0; c < d; ++c) {
            const auto u = static_cast<double>(i), v = static_cast<double>(c);
            X(i, c) = static_cast<Scalar>(std::sin(1.3 * u + 2.1 * v * v + 0.07 * u * v));
        }
    }
    return X;
}

Matrix map_of_formula(std::size_t n) {
    Matrix Y(n, 2);
    for (std::size_t i = 0; i < n; ++i) {
        const auto u = static_cast<double>(i);
        Y(i, 0) = static_cast<Scalar>(std::sin(1.3 * u) + 0.3 * std::cos(5.0 * u));
        Y(i, 1) = static_cast<Scalar>(std::cos(1.1 * u));
    }
    return Y;
}

std::vector<std::size_t> labels_of_formula(std::size_t n) {
    std::vector<std::size_t> labels(n);
    for (std::size_t i = 0; i < n; ++i) {
        labels[i] = i % 4 / 2;
    }
    return labels;
}

}  // namespace

TEST_CASE("map_quality: trustworthiness, continuity and purity are scikit-learn's") {
    const std::vector<std::size_t> labels = labels_of_formula(60);
    struct Expected {
        std::size_t d;
        double trustworthiness, continuity, purity;
    };
    for (const Expected& e : {Expected{12, 0.558534136546, 0.593406961178, 0.488333333333},
                              Expected{3, 0.700066934404, 0.727476572959, 0.496666666667}}) {
        CAPTURE(e.d);
        const Matrix X = points_of_formula(60, e.d);
        const MapQuality quality = map_quality(X, map_of_formula(60));
        CHECK(quality.trustworthiness == doctest::Approx(e.trustworthiness).epsilon(1e-10));
        CHECK(quality.continuity == doctest::Approx(e.continuity).epsilon(1e-10));
        CHECK(quality.k == 12);
        CHECK(quality.looked_at == 60);
        CHECK(neighbour_purity(X, labels) == doctest::Approx(e.purity).epsilon(1e-10));
    }
}

TEST_CASE("map_quality: a map that is the points is trusted in all, one that turns them about is not") {
    const Matrix Y = map_of_formula(60);
    const MapQuality same = map_quality(Y, Y);
    CHECK(same.trustworthiness == 1);
    CHECK(same.continuity == 1);
    Matrix line(40, 1), folded(40, 2);
    for (std::size_t i = 0; i < 40; ++i) {
        line(i, 0) = static_cast<Scalar>(i);
        folded(i, 0) = static_cast<Scalar>(i < 20 ? i : 39 - i);
        folded(i, 1) = static_cast<Scalar>(i < 20 ? 0 : 0.25);
    }
    const MapQuality fold = map_quality(line, folded, 4);
    CHECK(fold.trustworthiness < 0.8);  // ends that are far apart lie beside each other
    CHECK(fold.continuity > 0.95);      // and what is near stays near
}

TEST_CASE("map_quality: of few points k is cut, of many some are looked at") {
    const MapQuality few = map_quality(points_of_formula(9, 3), map_of_formula(9));
    CHECK(few.k == 4);
    const Matrix X = points_of_formula(600, 3), Y = map_of_formula(600);
    const MapQuality all = map_quality(X, Y, 12), some = map_quality(X, Y, 12, 300);
    CHECK(some.looked_at == 300);
    CHECK(some.trustworthiness == doctest::Approx(all.trustworthiness).epsilon(0.02));
    CHECK(some.continuity == doctest::Approx(all.continuity).epsilon(0.02));
}

TEST_CASE("nearest_neighbours: the nearest first, by distances in double, and of those equally near the first") {
    for (const std::size_t d : {std::size_t{3}, std::size_t{12}}) {
        CAPTURE(d);
        Matrix X = points_of_formula(300, d);
        std::ranges::copy(X.row(5), X.row(280).begin());  // twice the same point
        const Neighbours near = nearest_neighbours(X, 7);
        CHECK(near.points() == 300);
        CHECK(near.of(5)[0] == 280);
        CHECK(near.of(280)[0] == 5);
        CHECK(near.squared_distances_of(5)[0] == 0);
        for (std::size_t i = 0; i < 300; ++i) {
            std::vector<std::pair<double, std::uint32_t>> all;
            for (std::uint32_t j = 0; j < 300; ++j) {
                if (j != i) { all.emplace_back(squared_distance(X.row(i), X.row(j)), j); }
            }
            std::ranges::sort(all);
            for (std::size_t m = 0; m < 7; ++m) {
                REQUIRE(near.of(i)[m] == all[m].second);
                REQUIRE(near.squared_distances_of(i)[m] == all[m].first);
            }
        }
    }
}

TEST_CASE("nearest_neighbours: the same for any number of threads, and where points are all alike") {
    const Matrix X = points_of_formula(530, 12);
    const auto on = [&](int count) {
        const testing::WithThreads with(count);
        return nearest_neighbours(X, 9).indices;
    };
    CHECK(on(1) == on(3));
    const Neighbours alike = nearest_neighbours(Matrix(5, 2, 1), 4);
    CHECK(std::ranges::equal(alike.of(2), std::vector<std::uint32_t>{0, 1, 3, 4}));
}

}  // namespace hourglass
