#include "hourglass/analysis/novelty.hpp"

#include <doctest/doctest.h>

#include "testing.hpp"

namespace hourglass {

TEST_CASE("neighbours_of: the nearest row of the set, by the mean squared difference") {
    const Matrix X = {{0, 0}, {1, 1}, {-1, 1}};
    const NearestRows found = neighbours_of({{1, Scalar{0.5}}, {0, 0}, {-1, 2}}, X);
    CHECK(found.nearest == std::vector<std::size_t>{1, 0, 2});
    CHECK(found.distance == std::vector<double>{0.125, 0, 0.5});
    CHECK(found.share_below(0.5) == doctest::Approx(2.0 / 3));
    CHECK(found.share_below(0) == 0);
}

TEST_CASE("neighbours_in_pixels: how many pixels of the nearest row are on the other side of zero") {
    const NearestRows found = neighbours_in_pixels({{Scalar{0.125}, -1, -1}, {1, 1, 1}}, {{1, 1, -1}, {1, 1, 1}});
    CHECK(found.nearest == std::vector<std::size_t>{0, 1});
    CHECK(found.distance == std::vector<double>{1, 0});
}

TEST_CASE("neighbours_within: no image is the neighbour of itself or of its double") {
    const Matrix X = {{0, 0}, {2, 0}, {2, 2}, {2, 0}};
    const NearestRows found = neighbours_within(X);
    CHECK(found.nearest == std::vector<std::size_t>{1, 0, 1, 0});
    CHECK(found.distance == std::vector<double>{2, 2, 2, 2});
}

TEST_CASE("limits_of: near is the median within the set, a copy is nearer than the two that are most alike") {
    const Limits limits = limits_of({{1, 0, 1}, {0.2, 0.1, 0.5}});
    CHECK(limits.near == 0.2);
    CHECK(limits.copy == 0.1);
}

}  // namespace hourglass
