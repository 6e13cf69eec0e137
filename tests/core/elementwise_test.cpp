#include "hourglass/core/elementwise.hpp"
#include "hourglass/core/reference.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/kernel_testing.hpp"
#include "testing.hpp"

namespace hourglass {

using testing::awkward_sizes;
using testing::first_difference;
using testing::normal_values;
using testing::same_bits;

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

/// Is a_i = b_i up to a few units in the last place of numbers of size_i?
bool close(const Vector& a, const Vector& b, const Vector& size) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double error = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        const double bound = 4 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) *
                             static_cast<double>(std::abs(size[i]));
        if (!(error <= bound)) {
            return false;
        }
    }
    return a.size() == b.size();
}

using Backward = std::function<void(Values dz, Given da, Given a)>;

/// Is dz close to the reference's, by `fast` and by every instruction set, and also in place?
void check_backward(const Backward& by_reference, const Backward& by_fast, Kernels::Backward Kernels::*kernel) {
    Rng rng(1);
    for (const std::size_t size : awkward_sizes) {
        CAPTURE(size);
        const Vector da = normal_values(size, rng);
        Vector a = normal_values(size, rng);
        elementwise::tanh(a, a);
        Vector expected(size), dz(size);
        by_reference(expected, da, a);
        by_fast(dz, da, a);
        CHECK(close(dz, expected, da));
        Vector over_da = da, over_a = a;
        by_fast(over_da, over_da, a);
        CHECK(same_bits(over_da, dz));
        by_fast(over_a, da, over_a);
        CHECK(same_bits(over_a, dz));
        for (const Kernels* set : available_kernels()) {
            CAPTURE(set->name);
            Vector result(size + 20, 77);
            (set->*kernel)(result.data(), da.data(), a.data(), size);
            CHECK(same_bits({result.data() + size, 20}, Vector(20, 77)));
            result.resize(size);
            CHECK(close(result, expected, da));
        }
    }
}

/// The same bits, but that any NaN is as good as another.
bool same_numbers(std::span<const Scalar> a, std::span<const Scalar> b) {
    return std::ranges::equal(a, b, [](Scalar x, Scalar y) {
        return (std::isnan(x) && std::isnan(y)) || same_bits({&x, 1}, {&y, 1});
    });
}

/// Numbers with all that a comparison with zero may meet among them.
Vector awkward_values(std::size_t size, Rng& rng) {
    constexpr Scalar tiny = std::numeric_limits<Scalar>::denorm_min();
    const Vector special = {0, Scalar(-0.0), infinity, -infinity, not_a_number, tiny, -tiny};
    Vector result = normal_values(size, rng);
    for (std::size_t i = 0; i < size; i += 3) {
        result[i] = special[rng.below(special.size())];
    }
    return result;
}

/// Does each function, by the plain name and by the reference, write what `expected` says, element by element?
void check_backward_form(const std::string& name, const Backward& by_reference, const Backward& plain, const Vector& da,
                         const Vector& a, const std::function<double(double, double)>& form) {
    Vector expected(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        expected[i] = static_cast<Scalar>(form(static_cast<double>(da[i]), static_cast<double>(a[i])));
    }
    for (const Backward& function : {by_reference, plain}) {
        Vector dz(a.size(), 9);  // to be overwritten
        function(dz, da, a);
        CHECK_MESSAGE(first_difference("dz", dz, expected) == "",
                      name << ": " << first_difference("dz", dz, expected));
    }
}

}  // namespace

// First the closed forms, which say what a function should compute; then the kernels against the loops.

TEST_CASE("tanh: equals the closed form and may work in place") {
    const Vector x = ramp();
    Vector y(x.size());
    elementwise::tanh(y, x);
    check_elements(
        y, x, [](double v) { return (std::exp(v) - std::exp(-v)) / (std::exp(v) + std::exp(-v)); });
    Vector in_place = x;
    elementwise::tanh(in_place, in_place);
    CHECK(in_place == y);
}

TEST_CASE("sigmoid: equals the closed form and may work in place") {
    const Vector x = ramp();
    Vector y(x.size());
    elementwise::sigmoid(y, x);
    check_elements(y, x, [](double v) { return std::exp(v) / (1 + std::exp(v)); });
    Vector in_place = x;
    elementwise::sigmoid(in_place, in_place);
    CHECK(in_place == y);
}

TEST_CASE("exp: equals the closed form and may work in place") {
    const Vector x = ramp();
    Vector y(x.size());
    elementwise::exp(y, x);
    check_elements(y, x, [](double v) { return 1 / std::pow(std::exp(-v / 8), 8); });
    Vector in_place = x;
    elementwise::exp(in_place, in_place);
    CHECK(in_place == y);
}

TEST_CASE("tanh and sigmoid: saturate at their ends and pass NaN on") {
    const Vector x = {-infinity, -1000, 0, 1000, infinity, not_a_number};
    Vector y(x.size());
    elementwise::tanh(y, x);
    CHECK(Vector(y.begin(), y.end() - 1) == Vector{-1, -1, 0, 1, 1});
    CHECK(std::isnan(y.back()));
    elementwise::sigmoid(y, x);
    CHECK(Vector(y.begin(), y.end() - 1) == Vector{0, 0, Scalar{0.5}, 1, 1});
    CHECK(std::isnan(y.back()));
}

TEST_CASE("tanh_backward: dz is da (1 - a^2)") {
    check_backward_form("dz = da (1 - a^2)", reference::tanh_backward, elementwise::tanh_backward,
                        {1, 1, 2, -3, 1, 4}, {0, Scalar(0.5), Scalar(-0.5), Scalar(0.25), 1, -1},
                        [](double da, double a) { return da * (1 - a * a); });
}

TEST_CASE("sigmoid_backward: dz is da a (1 - a)") {
    check_backward_form("dz = da a (1 - a)", reference::sigmoid_backward, elementwise::sigmoid_backward,
                        {1, 1, 2, -3, 1, 4}, {0, Scalar(0.5), Scalar(0.25), Scalar(0.75), 1, Scalar(0.125)},
                        [](double da, double a) { return da * a * (1 - a); });
}

TEST_CASE("leaky_relu: the slope is 1 above zero and alpha below") {
    for (const Scalar alpha : {Scalar(0.25), Scalar(0)}) {
        CAPTURE(alpha);
        for (const auto function : {reference::leaky_relu, elementwise::leaky_relu}) {
            Vector a(4, 9);
            function(a, Vector{8, -8, 1, 0}, alpha);
            CHECK(first_difference("a = z > 0 ? z : alpha z: a", a, Vector{8, -8 * alpha, 1, 0}) == "");
        }
    }
}

TEST_CASE("leaky_relu_backward: dz is da above zero and alpha da below") {
    for (const Scalar alpha : {Scalar(0.25), Scalar(0)}) {
        CAPTURE(alpha);
        check_backward_form(
            "dz = a > 0 ? da : alpha da",
            [&](Values dz, Given da, Given a) { reference::leaky_relu_backward(dz, da, a, alpha); },
            [&](Values dz, Given da, Given a) { elementwise::leaky_relu_backward(dz, da, a, alpha); },
            {8, 8, -8, -8, 8}, {2, -1, 3, -2, 0},
            [&](double da, double a) { return a > 0 ? da : static_cast<double>(alpha) * da; });
    }
}

TEST_CASE("squared_error: d is scale (y - t), and the sum is of the squares of y - t") {
    for (const auto function : {reference::squared_error, elementwise::squared_error}) {
        Vector d(3, 9);
        const double sum = function(d, Vector{1, 2, -3}, Vector{2, 0, -6}, Scalar(0.5));
        CHECK(first_difference("d = scale (y - t): d", d, Vector{Scalar(-0.5), 1, Scalar(1.5)}) == "");
        CHECK(sum == doctest::Approx(1 + 4 + 9).epsilon(testing::rounding));
    }
}

TEST_CASE("cross_entropy_sum: is the closed form, where exp is small and where it would overflow") {
    const double tolerance = testing::scalar_is_double ? 1e-13 : 1e-6;
    for (const auto function : {reference::cross_entropy_sum, elementwise::cross_entropy_sum}) {
        CHECK(function({}, {}, 2, 1) == 0);
        for (const double z : {-3.0, -0.5, 0.0, 0.5, 3.0}) {
            CAPTURE(z);
            const Vector z_1 = {static_cast<Scalar>(z)};
            CHECK(function(z_1, Vector{Scalar(0.25)}, 1, 0) ==
                  doctest::Approx(std::log(1 + std::exp(z)) - 0.25 * z).epsilon(tolerance));
            CHECK(function(z_1, Vector{Scalar(0.25)}, 2, 1) ==
                  doctest::Approx(std::log(1 + std::exp(2 * z)) - 1.25 * z).epsilon(tolerance));
        }
        // ln(1 + exp(x)) is x far above zero and 0 far below.
        CHECK(function(Vector{1000, -1000}, Vector{0, 0}, 2, 1) == doctest::Approx(2000 - 1000 + 1000));
        CHECK(function(Vector{Scalar(1e30)}, Vector{0}, 1, 0) == doctest::Approx(1e30).epsilon(1e-6));
    }
}

TEST_CASE("cross_entropy_sum: the fast one agrees with the reference around its blocks of 512 and beyond") {
    Rng rng(9);
    for (const std::size_t size : {1u, 7u, 511u, 512u, 513u, 1023u, 1024u, 1025u, 3000u}) {
        for (const Scalar largest : {Scalar(0.01), Scalar(1), Scalar(30), Scalar(1e4)}) {
            CAPTURE(size);
            CAPTURE(largest);
            Vector z = normal_values(size, rng);
            const Vector t = normal_values(size, rng);
            double size_of_sum = 0;
            for (std::size_t i = 0; i < size; ++i) {
                z[i] *= largest;
                size_of_sum += 1 + std::abs(static_cast<double>(z[i])) * (3 + std::abs(static_cast<double>(t[i])));
            }
            const double error =
                elementwise::cross_entropy_sum(z, t, 2, 1) - reference::cross_entropy_sum(z, t, 2, 1);
            // Each exp is rounded to a Scalar, and each sum of `size` terms is summed in double.
            const double rounding = 4 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) +
                                    static_cast<double>(size) * std::numeric_limits<double>::epsilon();
            CHECK(std::abs(error) <= rounding * size_of_sum);
        }
    }
}

TEST_CASE("elementwise: spans of different lengths are refused in every build, with their lengths") {
    Vector y(3), x(2), a(3);
    const auto expect = [](const std::string& name, const std::string& lengths, const auto& call) {
        CHECK(testing::error_message(call) == name + ": expected spans of one length, got " + lengths);
    };
    expect("exp", "3, 2", [&] { elementwise::exp(y, x); });
    expect("tanh", "3, 2", [&] { elementwise::tanh(y, x); });
    expect("sigmoid", "3, 2", [&] { elementwise::sigmoid(y, x); });
    expect("leaky_relu", "3, 2", [&] { elementwise::leaky_relu(y, x, 0); });
    expect("tanh_backward", "3, 2, 3", [&] { elementwise::tanh_backward(y, x, a); });
    expect("sigmoid_backward", "3, 3, 2", [&] { elementwise::sigmoid_backward(y, a, x); });
    expect("leaky_relu_backward", "2, 3, 3", [&] { elementwise::leaky_relu_backward(x, a, y, 0); });
    expect("squared_error", "3, 3, 2", [&] { elementwise::squared_error(y, a, x, 1); });
    expect("cross_entropy_sum", "3, 2", [&] { elementwise::cross_entropy_sum(y, x, 1, 0); });
}

TEST_CASE("tanh_backward: the fast ones agree with the reference and may work in place") {
    check_backward(reference::tanh_backward, elementwise::tanh_backward, &Kernels::tanh_backward);
}

TEST_CASE("sigmoid_backward: the fast ones agree with the reference and may work in place") {
    check_backward(reference::sigmoid_backward, elementwise::sigmoid_backward, &Kernels::sigmoid_backward);
}

TEST_CASE(
    "leaky_relu: the fast ones have the bits of the reference at zeros and infinities and NaN") {
    Rng rng(2);
    for (const Scalar alpha : {Scalar(0.2), Scalar(0), Scalar(1)}) {
        for (const std::size_t size : awkward_sizes) {
            CAPTURE(alpha);
            CAPTURE(size);
            const Vector z = awkward_values(size, rng), da = awkward_values(size, rng);
            Vector a(size), dz(size), found(size);
            reference::leaky_relu(a, z, alpha);
            reference::leaky_relu_backward(dz, da, z, alpha);
            elementwise::leaky_relu(found, z, alpha);
            CHECK(same_numbers(found, a));
            elementwise::leaky_relu_backward(found, da, z, alpha);
            CHECK(same_numbers(found, dz));
            found = z;
            elementwise::leaky_relu(found, found, alpha);
            CHECK(same_numbers(found, a));
            found = z;
            elementwise::leaky_relu_backward(found, da, found, alpha);
            CHECK(same_numbers(found, dz));
            found = da;
            elementwise::leaky_relu_backward(found, found, z, alpha);
            CHECK(same_numbers(found, dz));
            for (const Kernels* set : available_kernels()) {
                CAPTURE(set->name);
                Vector result(size + 20, 77);
                set->leaky_relu(result.data(), z.data(), size, alpha);
                CHECK(same_numbers({result.data(), size}, a));
                set->leaky_relu_backward(result.data(), da.data(), z.data(), size, alpha);
                CHECK(same_numbers({result.data(), size}, dz));
                CHECK(same_bits({result.data() + size, 20}, Vector(20, 77)));
            }
        }
    }
}

TEST_CASE("squared_error: the kernels have the bits of scale (y - t) and the sum is right in double") {
    Rng rng(3);
    std::vector<std::size_t> sizes = awkward_sizes;
    sizes.insert(sizes.end(), {16383, 16384, 20000});  // in one sum, and in 64
    for (const std::size_t size : sizes) {
        CAPTURE(size);
        const Vector y = normal_values(size, rng), t = normal_values(size, rng);
        const Scalar scale = Scalar(0.3);
        long double sum = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const Scalar d_i = y[i] - t[i];
            sum += static_cast<long double>(d_i) * static_cast<long double>(d_i);
        }
        // n roundings of half a unit, and in a double build n more of the squares
        const double bound = static_cast<double>(sum) * static_cast<double>(size) * 0x1p-52;
        const auto right = [&](double found) {
            return std::abs(static_cast<double>(static_cast<long double>(found) - sum)) <= bound;
        };
        Vector expected(size), by_reference(size), d(size);
        for (std::size_t i = 0; i < size; ++i) {
            expected[i] = scale * (y[i] - t[i]);
        }
        CHECK(right(reference::squared_error(by_reference, y, t, scale)));
        CHECK(first_difference("d", by_reference, expected) == "");
        const double found = elementwise::squared_error(d, y, t, scale);
        CHECK(right(found));
        CHECK((same_bits(d, expected) || same_bits(d, by_reference)));
        Vector over_y = y, over_t = t;
        CHECK(elementwise::squared_error(over_y, over_y, t, scale) == found);
        CHECK(same_bits(over_y, d));
        CHECK(elementwise::squared_error(over_t, y, over_t, scale) == found);
        CHECK(same_bits(over_t, d));
        for (const Kernels* set : available_kernels()) {
            CAPTURE(set->name);
            Vector result(size + 20, 77);
            CHECK(right(set->difference(result.data(), y.data(), t.data(), size, scale)));
            CHECK(same_bits({result.data(), size}, expected));
            CHECK(same_bits({result.data() + size, 20}, Vector(20, 77)));
        }
    }
}

TEST_CASE("squared_error: a sum that no float holds is exact") {
    // 2^24 + 8: a sum in float would stay at 2^24.
    Vector y(9, 1), t(9, 0), d(9);
    y[0] = 4096;
    for (const auto function : {elementwise::squared_error, reference::squared_error}) {
        CHECK(function(d, y, t, Scalar(0.5)) == 16777216 + 8);
        CHECK(d[0] == 2048);
        CHECK(d[8] == Scalar(0.5));
    }
}

}  // namespace hourglass
