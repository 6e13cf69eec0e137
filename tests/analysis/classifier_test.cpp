#include "hourglass/analysis/classifier.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "testing.hpp"

namespace hourglass {
namespace {

/// Three classes around the corners of a triangle, `apart` from each other.
Features triangle(std::size_t n, double apart, std::uint64_t seed) {
    Rng rng(seed);
    Features result{testing::random_matrix(n, 2, rng), {}};
    for (std::size_t i = 0; i < n; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i % 3) / 3;
        result.X(i, 0) += static_cast<Scalar>(apart * std::cos(angle) + 100);
        result.X(i, 1) += static_cast<Scalar>(apart * std::sin(angle));
        result.labels.push_back(i % 3);
    }
    return result;
}

/// 1 where both features have the same sign: no plane parts the classes.
Features quadrants(std::size_t n, std::uint64_t seed) {
    Rng rng(seed);
    Features result{testing::random_matrix(n, 2, rng), {}};
    for (std::size_t i = 0; i < n; ++i) {
        result.labels.push_back(result.X(i, 0) * result.X(i, 1) > 0);
    }
    return result;
}

}  // namespace

TEST_CASE("most_probable_classes: the largest of each row, and accuracy counts those that are right") {
    const Matrix Y = {{0.25, 0.5, 0.25}, {0.375, 0.375, 0.25}, {0, 0, 1}};
    CHECK(most_probable_classes(Y) == std::vector<std::size_t>{1, 0, 2});
    CHECK(accuracy({1, 0, 2}, {1, 0, 2}) == 1);
    CHECK(accuracy({1, 1, 2, 0}, {1, 0, 2, 2}) == 0.5);
}

TEST_CASE("most_wrongly_taken: only the wrong ones, the surest mistake first") {
    const Matrix Y = {{0.625, 0.25, 0.125}, {0.875, 0.125, 0}, {0.25, 0.625, 0.125}, {0.125, 0.125, 0.75}};
    CHECK(most_wrongly_taken(Y, {2, 1, 1, 0}, 9) == std::vector<std::size_t>{1, 3, 0});
    CHECK(most_wrongly_taken(Y, {2, 1, 1, 0}, 2) == std::vector<std::size_t>{1, 3});
    CHECK(most_wrongly_taken(Y, {0, 0, 1, 2}, 2).empty());
}

TEST_CASE("linear_probe: finds the planes between classes, whatever the features' mean, and none where there are none") {
    CHECK(linear_probe(triangle(60, 6, 1), triangle(300, 6, 2), 3, 1) == 1);
    const Features near = triangle(3000, 2, 2);
    std::vector<std::size_t> nearest;  // corner: no answer is better on average
    for (std::size_t i = 0; i < near.X.rows(); ++i) {
        const double x = static_cast<double>(near.X(i, 0)) - 100, y = static_cast<double>(near.X(i, 1));
        nearest.push_back(x > std::abs(y) / std::sqrt(3) ? 0 : y > 0 ? 1 : 2);
    }
    CHECK(std::abs(linear_probe(triangle(90, 2, 1), near, 3, 1) - accuracy(near.labels, nearest)) < 0.01);
    CHECK(linear_probe(quadrants(90, 1), quadrants(1000, 2), 2, 1) < 0.7);
}

TEST_CASE("linear_probe: a feature that never changes does no harm") {
    Features train = triangle(30, 6, 1), test = triangle(300, 6, 2);
    for (Features* features : {&train, &test}) {
        Matrix X(features->X.rows(), 3, 7);
        for (std::size_t i = 0; i < X.rows(); ++i) {
            std::ranges::copy(features->X.row(i), X.row(i).begin());
        }
        features->X = X;
    }
    CHECK(linear_probe(train, test, 3, 1) == 1);
    const Features nothing{Matrix(6, 2, 5), {0, 1, 0, 1, 0, 1}};
    CHECK(linear_probe(nothing, nothing, 2, 1) == 0.5);
}

TEST_CASE("few_of_each_class: as many of each, other ones with another seed") {
    std::vector<std::size_t> labels;
    for (std::size_t i = 0; i < 90; ++i) {
        labels.push_back(i % 3);
    }
    labels.push_back(3);
    const auto chosen = few_of_each_class(labels, 4, 5, 1);
    std::vector<std::size_t> count(4);
    for (const std::size_t i : chosen) {
        ++count[labels[i]];
    }
    CHECK(count == std::vector<std::size_t>{5, 5, 5, 1});
    CHECK(chosen == few_of_each_class(labels, 4, 5, 1));
    CHECK(chosen != few_of_each_class(labels, 4, 5, 2));
}

TEST_CASE("few_labels_probe: learns from ten of each class, and is no number where there are not so many") {
    CHECK(few_labels_probe(triangle(90, 6, 1), triangle(300, 6, 2), 3, 1) == 1);
    CHECK(std::isnan(few_labels_probe(triangle(29, 6, 1), triangle(30, 6, 2), 3, 1)));
}

}  // namespace hourglass
