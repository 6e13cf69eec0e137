// How far exp, tanh and sigmoid are from the exact values, in units in the last place: one unit is the
// distance of the floats at the exact value, 2^-149 among the subnormal ones.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <mutex>
#include <numeric>
#include <string>
#include <vector>

#include "core/kernel_testing.hpp"
#include "hourglass/core/elementwise.hpp"
#include "hourglass/core/reference.hpp"

namespace hourglass {
namespace {

using Bits = std::uint32_t;

/// One of the three: its kernel, the fast and the plain-loop version, and its value in double.
struct Function {
    std::string name;
    Kernels::Function Kernels::*kernel;
    void (*fast)(std::span<Scalar>, std::span<const Scalar>);
    void (*reference)(std::span<Scalar>, std::span<const Scalar>);
    double (*exact)(double);
};

const std::array<Function, 3> functions = {{
    {"exp", &Kernels::exp, elementwise::exp, reference::exp, [](double x) { return std::exp(x); }},
    {"tanh", &Kernels::tanh, elementwise::tanh, reference::tanh, [](double x) { return std::tanh(x); }},
    {"sigmoid", &Kernels::sigmoid, elementwise::sigmoid, reference::sigmoid,
     [](double x) { return 1 / (1 + std::exp(-x)); }},
}};

/// |y - exact| in units in the last place. What is too large for a float stands for 2^128, the float
/// that would follow the largest. Infinite if only one of them is NaN, or if a zero has the wrong sign.
double ulps(float y, double exact) {
    if (std::isnan(y) || std::isnan(exact)) {
        return std::isnan(y) == std::isnan(exact) ? 0 : INFINITY;
    }
    if (y == 0 && std::signbit(y) != std::signbit(exact)) {
        return INFINITY;
    }
    constexpr double beyond = 0x1p128;
    const double value = std::clamp(static_cast<double>(y), -beyond, beyond);
    const double goal = std::clamp(exact, -beyond, beyond);
    constexpr std::uint64_t exponent_bits = std::uint64_t{0x7ff} << 52;
    const double power =  // the power of two at or below |goal|
        std::bit_cast<double>(std::bit_cast<std::uint64_t>(goal) & exponent_bits);
    const double spacing = std::clamp(power, 0x1p-126, 0x1p127) * 0x1p-23;
    return std::abs(value - goal) / spacing;
}

struct Worst {
    double ulps = -1;
    float x = 0, y = 0;

    void see(float x_i, float y_i, double exact) {
        const double error = hourglass::ulps(y_i, exact);
        if (error > ulps) {
            *this = {error, x_i, y_i};
        }
    }
    void see(const Worst& other) {
        if (other.ulps > ulps) {
            *this = other;
        }
    }
    std::string text() const {
        std::array<char, 100> text;
        std::snprintf(text.data(), text.size(), "%.4f units at x = %a (%.9g), y = %a", ulps,
                      static_cast<double>(x), static_cast<double>(x), static_cast<double>(y));
        return text.data();
    }
};

/// The worst result of each instruction set for the floats with the bits first, first + step, ...
std::vector<Worst> worst_results(const Function& f, std::uint64_t first, std::uint64_t last,
                                 std::uint64_t step) {
    constexpr std::size_t block = 4096;
    Vector x, y;
    std::vector<double> exact;
    const auto sets = available_kernels();
    std::vector<Worst> worst(sets.size());
    for (std::uint64_t bits = first; bits < last;) {
        x.clear();
        exact.clear();
        for (; x.size() < block && bits < last; bits += step) {
            const float x_i = std::bit_cast<float>(static_cast<Bits>(bits));
            x.push_back(static_cast<Scalar>(x_i));
            exact.push_back(f.exact(static_cast<double>(x_i)));
        }
        y.resize(x.size());
        for (std::size_t s = 0; s < sets.size(); ++s) {
            (sets[s]->*f.kernel)(y.data(), x.data(), x.size());
            for (std::size_t i = 0; i < x.size(); ++i) {
                worst[s].see(static_cast<float>(x[i]), static_cast<float>(y[i]), exact[i]);
            }
        }
    }
    return worst;
}

void check_worst(const Function& f, const std::vector<Worst>& worst) {
    for (std::size_t s = 0; s < worst.size(); ++s) {
        const std::string text =
            f.name + " " + available_kernels()[s]->name + ": " + worst[s].text();
        CHECK_MESSAGE(worst[s].ulps >= 0, text);  // it has seen something
        CHECK_MESSAGE(worst[s].ulps <= 2, text);
    }
}

/// Is there a vector form of the function, in this build?
bool vectorized(const Function& f) {
    return available_kernels()[0]->*f.kernel != nullptr;
}

constexpr std::uint64_t all_floats = std::uint64_t{1} << 32;

}  // namespace

TEST_CASE("exp and tanh and sigmoid: the fast ones are right to 2 units in the last place") {
    constexpr std::uint64_t step = 4099;  // a prime: the last bits take all values
    for (const Function& f : functions) {
        if (vectorized(f)) {
            check_worst(f, worst_results(f, 0, all_floats, step));
        }
    }
    // Where a function changes its formula or leaves the normal numbers, every float.
    for (const float edge : {0.625f, 1.0f, 9.1f, 10.0f, 87.3365f, 88.7228f, 90.0f, 103.972f, 110.0f,
                             0x1p-126f, 0x1p-12f, 1e-38f, 1e38f}) {
        for (const Bits sign : {0u, 0x80000000u}) {
            const Bits middle = std::bit_cast<Bits>(edge) | sign;
            for (const Function& f : functions) {
                if (vectorized(f)) {
                    check_worst(f, worst_results(f, middle - 2000, middle + 2000, 1));
                }
            }
        }
    }
    CHECK(ulps(1, 1) == 0);  // and so can the ruler be wrong
    CHECK(ulps(1, 1 + 0x1p-22) == 2);
    CHECK(ulps(0x1p-149f, 0x1p-148) == 1);
    CHECK(ulps(INFINITY, 1e60) == 0);
    CHECK(ulps(std::numeric_limits<float>::max(), 1e60) == 1);
    CHECK(ulps(0.0f, -0.0) == INFINITY);
    CHECK(ulps(NAN, 1) == INFINITY);
    CHECK(ulps(1, NAN) == INFINITY);
}

TEST_CASE(
    "exp and tanh and sigmoid: the fast ones are exact at zeros and infinities and pass NaN on") {
    constexpr Scalar infinity = std::numeric_limits<Scalar>::infinity();
    constexpr Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();
    constexpr Scalar tiny = std::numeric_limits<Scalar>::denorm_min();
    const Vector x = {0, Scalar(-0.0), infinity, -infinity, tiny, -tiny, 1000, -1000};
    const std::array<Vector, 3> expected = {
        {{1, 1, infinity, 0, 1, 1, infinity, 0},
         {0, Scalar(-0.0), 1, -1, tiny, -tiny, 1, -1},
         {Scalar(0.5), Scalar(0.5), 1, 0, Scalar(0.5), Scalar(0.5), 1, 0}}};
    for (std::size_t i = 0; i < functions.size(); ++i) {
        const Function& f = functions[i];
        CAPTURE(f.name);
        Vector y(x.size());
        f.fast(y, x);
        CHECK(testing::same_bits(y, expected[i]));
        for (const std::size_t size : {1u, 3u, 16u, 33u}) {  // in every lane
            const Vector all_nan(size, nan);
            Vector result(size);
            f.fast(result, all_nan);
            CHECK(std::ranges::all_of(result, [](Scalar y_i) { return std::isnan(y_i); }));
        }
        for (const Kernels* set : available_kernels()) {
            if (vectorized(f)) {
                CAPTURE(set->name);
                Vector by_set(x.size());
                (set->*f.kernel)(by_set.data(), x.data(), x.size());
                CHECK(testing::same_bits(by_set, expected[i]));
                Vector result = {nan};
                (set->*f.kernel)(result.data(), result.data(), 1);
                CHECK(std::isnan(result[0]));
            }
        }
    }
}

TEST_CASE(
    "exp and tanh and sigmoid: an element does not depend on its place and none is written past "
    "the end") {
    Rng rng(1);
    for (const Function& f : functions) {
        for (const std::size_t size : testing::awkward_sizes) {
            CAPTURE(f.name);
            CAPTURE(size);
            const Vector x = testing::normal_values(size, rng);
            Vector one_by_one(size), y(size + 40, -7);
            for (std::size_t i = 0; i < size; ++i) {
                f.fast({&one_by_one[i], 1}, {&x[i], 1});
            }
            f.fast({y.data(), size}, x);
            CHECK(testing::same_bits({y.data(), size}, one_by_one));
            CHECK(testing::same_bits({y.data() + size, 40}, Vector(40, -7)));
            Vector in_place = x;
            f.fast(in_place, in_place);
            CHECK(testing::same_bits(in_place, one_by_one));
        }
    }
}

TEST_CASE("exp and tanh and sigmoid: the reference stands in where there is no vector form") {
    Rng rng(2);
    const bool wide = available_kernels().size() > 1;
    for (const Function& f : functions) {
        CAPTURE(f.name);
        for (const Kernels* set : available_kernels()) {
            CHECK((set->*f.kernel != nullptr) == vectorized(f));
        }
        CHECK_FALSE((testing::scalar_is_double && vectorized(f)));
        CHECK_FALSE((!testing::scalar_is_double && wide && !vectorized(f)));
        const Vector x = testing::normal_values(1000, rng);
        Vector y(x.size()), expected(x.size());
        f.fast(y, x);
        f.reference(expected, x);
        CHECK((vectorized(f) || testing::same_bits(y, expected)));
    }
}

// Minutes of work, and so not among the tests that run by themselves: see CONTRIBUTING.md.
TEST_CASE("slow: exp and tanh and sigmoid are right to 2 units in the last place for every float" *
          doctest::skip()) {
    for (const Function& f : functions) {
        REQUIRE(vectorized(f));  // run it in a build with floats
        std::mutex mutex;
        std::vector<Worst> worst(available_kernels().size());
        constexpr std::uint64_t parts = 1024;
        in_parallel(parts, 1, [&](std::size_t first, std::size_t last) {
            const std::vector<Worst> found =
                worst_results(f, all_floats / parts * first, all_floats / parts * last, 1);
            const std::lock_guard lock(mutex);
            for (std::size_t s = 0; s < worst.size(); ++s) {
                worst[s].see(found[s]);
            }
        });
        check_worst(f, worst);
        for (std::size_t s = 0; s < worst.size(); ++s) {
            MESSAGE(f.name << " " << std::string(available_kernels()[s]->name) << ": "
                           << worst[s].text());
        }
    }
}

}  // namespace hourglass
