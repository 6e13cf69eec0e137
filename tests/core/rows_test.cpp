#include "hourglass/core/rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/kernel_testing.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/reference.hpp"
#include "testing.hpp"

namespace hourglass {

using testing::awkward_sizes;
using testing::first_difference;
using testing::normal_values;
using testing::same_bits;

namespace {

constexpr Scalar infinity = std::numeric_limits<Scalar>::infinity();
constexpr Scalar not_a_number = std::numeric_limits<Scalar>::quiet_NaN();

}  // namespace

TEST_CASE("add_to_rows: adds b to every row") {
    Matrix Z = {{1, 2, 3}, {4, 5, 6}};
    add_to_rows(Z, Vector{10, 20, 30});
    CHECK(first_difference("z_ij += b_j: Z", Z, {{11, 22, 33}, {14, 25, 36}}) == "");

    Matrix none(0, 3);
    add_to_rows(none, Vector{10, 20, 30});
    CHECK(none.empty());
}

TEST_CASE("sum_rows: overwrites with the sum of the rows") {
    Vector s = {100, 100, 100};
    sum_rows(s, {{1, 2, 3}, {4, 5, 6}});
    CHECK(first_difference("s_j = sum_i v_ij: s", s, Vector{5, 7, 9}) == "");

    sum_rows(s, Matrix(0, 3));
    CHECK(first_difference("s_j = sum_i v_ij: s", s, Vector{0, 0, 0}) == "");
}

TEST_CASE("add_to_rows and sum_rows: the fast ones have the bits of a sum row after row") {
    Rng rng(4);
    for (const std::size_t cols : awkward_sizes) {
        for (const std::size_t rows : {0u, 1u, 2u, 5u, 33u}) {
            CAPTURE(rows);
            CAPTURE(cols);
            const Matrix V = testing::random_matrix(rows, cols, rng);
            const Vector b = normal_values(cols, rng);
            Matrix Z = V, found = V;
            Vector s(cols, 9), found_s(cols, 9);
            Matrix by_reference = V;
            Vector s_by_reference(cols, 9);
            reference::add_to_rows(by_reference, b);
            reference::sum_rows(s_by_reference, V);
            for (std::size_t j = 0; j < cols; ++j) {
                s[j] = 0;
                for (std::size_t i = 0; i < rows; ++i) {
                    s[j] += V(i, j);
                    Z(i, j) += b[j];
                }
            }
            CHECK(first_difference("Z", by_reference, Z) == "");
            CHECK(first_difference("s", s_by_reference, s) == "");
            add_to_rows(found, b);
            sum_rows(found_s, V);
            CHECK((same_bits(found.flat(), Z.flat()) || same_bits(found.flat(), by_reference.flat())));
            CHECK((same_bits(found_s, s) || same_bits(found_s, s_by_reference)));
            for (const Kernels* set : available_kernels()) {  // rows 3 numbers longer than in use
                CAPTURE(set->name);
                const std::size_t stride = cols + 3;
                Vector values(rows * stride + 20, 77);
                for (std::size_t i = 0; i < rows; ++i) {
                    std::ranges::copy(V.row(i), values.data() + i * stride);
                }
                Vector sums(cols + 20, 77);
                set->sum_rows(sums.data(), {values.data(), stride}, rows, cols);
                CHECK(same_bits({sums.data(), cols}, s));
                CHECK(same_bits({sums.data() + cols, 20}, Vector(20, 77)));
                set->add_to_rows({values.data(), stride}, b.data(), rows, cols);
                for (std::size_t i = 0; i < rows; ++i) {
                    CHECK(same_bits({values.data() + i * stride, cols}, Z.row(i)));
                    CHECK(same_bits({values.data() + i * stride + cols, 3}, Vector(3, 77)));
                }
            }
        }
    }
}

TEST_CASE("squared_distance: sums the squares in double") {
    CHECK(squared_distance(Vector{1, 2, 3}, Vector{1, 4, 0}) == 13);
    CHECK(squared_distance(Vector{}, Vector{}) == 0);

    // 2^24 + 1 is no float: a sum in float would stay at 2^24.
    Vector a(9, 1), b(9, 0);
    a[0] = 4096;
    CHECK(squared_distance(a, b) == 16777216 + 8);
}

TEST_CASE("max_abs: is the largest size and NaN wherever a NaN is") {
    CHECK(max_abs(Vector{}) == 0);
    CHECK(max_abs(Vector{1, -3, 2}) == 3);
    CHECK(max_abs(Vector{1, -infinity, 2}) == std::numeric_limits<double>::infinity());
    CHECK(std::isnan(max_abs(Vector{not_a_number, 1, 2})));
    CHECK(std::isnan(max_abs(Vector{1, 2, not_a_number})));
    CHECK(std::isnan(max_abs(Vector{infinity, not_a_number, 2})));
}

TEST_CASE("gather_rows: takes the rows named in that order") {
    const Matrix X = {{1, 2}, {3, 4}, {5, 6}};
    Matrix result(7, 7, 9);
    const std::array<std::size_t, 4> indices = {2, 0, 2, 1};
    gather_rows(result, X, indices);
    CHECK(result == Matrix{{5, 6}, {1, 2}, {5, 6}, {3, 4}});

    gather_rows(result, X, {});
    CHECK(result.rows() == 0);
    CHECK(result.cols() == 2);
}

TEST_CASE("rows: a vector that is not as long as a row is refused in every build, with both lengths") {
    Matrix Z(4, 3);
    Vector v(2);
    CHECK(testing::error_message([&] { add_to_rows(Z, v); }) ==
          "add_to_rows: expected spans of one length, got 2, 3");
    CHECK(testing::error_message([&] { sum_rows(v, Z); }) ==
          "sum_rows: expected spans of one length, got 2, 3");
}

TEST_CASE("sum_channels: overwrites with the sum over all pixels of all rows") {
    Vector s = {100, 100};
    sum_channels(s, {{1, 2, 3, 4}, {5, 6, 7, 8}});
    CHECK(first_difference("s", s, Vector{16, 20}) == "");
    sum_channels(s, Matrix(0, 4));
    CHECK(first_difference("of no rows, s", s, Vector{0, 0}) == "");
    CHECK_THROWS_WITH_AS(sum_channels(s, Matrix(2, 3)),
                         "sum_channels: rows of 3 numbers are not pixels of 2 channels", ShapeError);
    CHECK_THROWS_AS(sum_channels({}, Matrix(2, 3)), ShapeError);
}

TEST_CASE("sum_channels: equals the plain loop") {
    Rng rng(9);
    for (const std::size_t channels : {1u, 2u, 3u, 8u, 16u, 63u, 64u, 65u, 150u}) {
        for (const std::size_t pixels : {1u, 2u, 7u, 100u}) {
            CAPTURE(channels);
            CAPTURE(pixels);
            const Matrix Z = testing::random_matrix(reference_kernels ? 2 : 9, channels * pixels, rng);
            Vector s(channels), s_loops(channels);
            sum_channels(s, Z);
            reference::sum_channels(s_loops, Z);
            CHECK(first_difference("s", s, s_loops, 30 * testing::rounding) == "");
        }
    }
}

}  // namespace hourglass
