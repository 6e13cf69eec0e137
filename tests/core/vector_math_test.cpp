#include "hourglass/core/vector_math.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "testing.hpp"

namespace hourglass {
namespace {

constexpr Scalar infinity = std::numeric_limits<Scalar>::infinity();
constexpr Scalar not_a_number = std::numeric_limits<Scalar>::quiet_NaN();

/// From -12 to 12, past every vector width and with a remainder.
Vector ramp() {
    Vector result;
    for (int i = -48; i <= 48; ++i) {
        result.push_back(static_cast<Scalar>(i) / 4);
    }
    return result;
}

/// Is y_i = f(x_i), computed in double, to a few units in the last place?
template <typename Function>
void check_elements(const Vector& y, const Vector& x, const Function& f) {
    REQUIRE(y.size() == x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        CAPTURE(x[i]);
        const double expected = f(static_cast<double>(x[i]));
        const double error = std::abs(static_cast<double>(y[i]) - expected);
        CHECK(error <=
              8 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) * std::abs(expected));
    }
}

}  // namespace

TEST_CASE("add_to_rows: adds b to every row") {
    Matrix Z = {{1, 2, 3}, {4, 5, 6}};
    add_to_rows(Z, Vector{10, 20, 30});
    CHECK(Z == Matrix{{11, 22, 33}, {14, 25, 36}});

    Matrix none(0, 3);
    add_to_rows(none, Vector{10, 20, 30});
    CHECK(none.empty());
}

TEST_CASE("sum_rows: overwrites with the sum of the rows") {
    Vector s = {100, 100, 100};
    sum_rows(s, {{1, 2, 3}, {4, 5, 6}});
    CHECK(s == Vector{5, 7, 9});

    sum_rows(s, Matrix(0, 3));
    CHECK(s == Vector{0, 0, 0});
}

TEST_CASE("tanh: equals the closed form and may work in place") {
    const Vector x = ramp();
    Vector y(x.size());
    tanh(y, x);
    check_elements(
        y, x, [](double v) { return (std::exp(v) - std::exp(-v)) / (std::exp(v) + std::exp(-v)); });
    Vector in_place = x;
    tanh(in_place, in_place);
    CHECK(in_place == y);
}

TEST_CASE("sigmoid: equals the closed form and may work in place") {
    const Vector x = ramp();
    Vector y(x.size());
    sigmoid(y, x);
    check_elements(y, x, [](double v) { return std::exp(v) / (1 + std::exp(v)); });
    Vector in_place = x;
    sigmoid(in_place, in_place);
    CHECK(in_place == y);
}

TEST_CASE("exp: equals the closed form and may work in place") {
    const Vector x = ramp();
    Vector y(x.size());
    exp(y, x);
    check_elements(y, x, [](double v) { return 1 / std::pow(std::exp(-v / 8), 8); });
    Vector in_place = x;
    exp(in_place, in_place);
    CHECK(in_place == y);
}

TEST_CASE("tanh and sigmoid: saturate at their ends and pass NaN on") {
    const Vector x = {-infinity, -1000, 0, 1000, infinity, not_a_number};
    Vector y(x.size());
    tanh(y, x);
    CHECK(Vector(y.begin(), y.end() - 1) == Vector{-1, -1, 0, 1, 1});
    CHECK(std::isnan(y.back()));
    sigmoid(y, x);
    CHECK(Vector(y.begin(), y.end() - 1) == Vector{0, 0, Scalar{0.5}, 1, 1});
    CHECK(std::isnan(y.back()));
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

}  // namespace hourglass
