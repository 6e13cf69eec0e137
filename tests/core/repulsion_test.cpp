#include "hourglass/core/repulsion.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "core/kernel_testing.hpp"
#include "hourglass/core/reference.hpp"

namespace hourglass {

using testing::first_difference;

namespace {

/// What pushes `size` points, and what they are pushed with.
struct Pushed {
    Vector x, y, fx, fy, z;

    Pushed(std::size_t size, Rng& rng)
        : x(testing::normal_values(size, rng)), y(testing::normal_values(size, rng)), fx(size, 9), fy(fx), z(fx) {}
};

struct Pushing {
    Vector x, y, mass;

    Pushing(std::size_t size, Rng& rng)
        : x(testing::normal_values(size, rng)), y(testing::normal_values(size, rng)), mass(size, 1) {
        for (std::size_t j = 0; j < size; j += 3) {
            mass[j] = static_cast<Scalar>(j + 1);
        }
    }
    operator Repelling() const { return {x, y, mass}; }
};

void check_same(const Pushed& found, const Pushed& expected, double tolerance) {
    CHECK(first_difference("fx", found.fx, expected.fx, tolerance) == "");
    CHECK(first_difference("fy", found.fy, expected.fy, tolerance) == "");
    CHECK(first_difference("z", found.z, expected.z, tolerance) == "");
}

}  // namespace

TEST_CASE("repulsion: one point by one other, by hand") {
    Vector fx(1), fy(1), z(1);
    const Vector x = {3}, y = {1}, from_x = {1}, from_y = {2}, mass = {6};
    repulsion(fx, fy, z, x, y, {from_x, from_y, mass});  // dx = 2, dy = -1, w = 1 / 6
    CHECK(first_difference("fx", fx, Vector{Scalar(2 / 6.0)}) == "");
    CHECK(first_difference("fy", fy, Vector{Scalar(-1 / 6.0)}) == "");
    CHECK(first_difference("z", z, Vector{1}) == "");
}

TEST_CASE("repulsion: every instruction set computes what the plain loop does") {
    Rng rng(1);
    for (const std::size_t size : testing::awkward_sizes) {
        for (const std::size_t from : {0u, 1u, 7u, 40u}) {
            CAPTURE(size);
            CAPTURE(from);
            Pushed expected(size, rng);
            const Pushing pushing(from, rng);
            Pushed found = expected;
            reference::repulsion(expected.fx, expected.fy, expected.z, expected.x, expected.y, pushing);
            repulsion(found.fx, found.fy, found.z, found.x, found.y, pushing);
            check_same(found, expected, testing::rounding);
            for (const Kernels* set : available_kernels()) {
                CAPTURE(set->name);
                std::ranges::fill(found.z, Scalar{9});
                set->repulsion(found.fx.data(), found.fy.data(), found.z.data(), found.x.data(), found.y.data(),
                               size, pushing);
                check_same(found, expected, testing::rounding);
            }
        }
    }
}

TEST_CASE("repulsion: what is infinitely far pushes with nothing") {
    Vector fx(20), fy(20), z(20);
    const Vector x(20), y(20), far(3, std::numeric_limits<Scalar>::max()), mass(3, 1);
    repulsion(fx, fy, z, x, y, {far, far, mass});
    CHECK(z == Vector(20));
}

TEST_CASE("repulsion: the same bits for any number of threads") {
    Rng rng(2);
    const Pushed before(1000, rng);
    const Pushing pushing(300, rng);
    Vector expected;
    for (const int count : {1, 2, 3, 7}) {
        CAPTURE(count);
        const testing::WithThreads with(count);
        Pushed found = before;
        repulsion(found.fx, found.fy, found.z, found.x, found.y, pushing);
        found.fx.insert(found.fx.end(), found.z.begin(), found.z.end());
        expected = count == 1 ? found.fx : expected;
        CHECK(testing::same_bits(found.fx, expected));
    }
}

TEST_CASE("repulsion: spans of different lengths are refused in every build, with their lengths") {
    Vector three(3), two(2);
    CHECK(testing::error_message([&] { repulsion(three, three, two, three, three, {two, two, two}); }) ==
          "repulsion: expected spans of one length, got 3, 3, 2, 3, 3");
    CHECK(testing::error_message([&] { repulsion(two, two, two, two, two, {two, two, three}); }) ==
          "repulsion: expected spans of one length, got 2, 2, 3");
}

}  // namespace hourglass
