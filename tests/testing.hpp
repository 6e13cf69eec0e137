#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "hourglass/core/error.hpp"
#include "hourglass/core/matrix.hpp"
#include "hourglass/core/random.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/threads.hpp"

namespace hourglass::testing {

inline constexpr bool scalar_is_double = sizeof(Scalar) == 8;

/// What a few dozen roundings cost: how far two ways of computing the same number may be apart.
inline constexpr double rounding = scalar_is_double ? 1e-13 : 3e-5;

/// Normal numbers, the same in each run.
inline Matrix random_matrix(std::size_t rows, std::size_t cols, Rng& rng) {
    Matrix result(rows, cols);
    for (Scalar& value : result.flat()) {
        value = static_cast<Scalar>(rng.normal());
    }
    return result;
}

/// max_ij |a_ij - b_ij|; infinite where the shapes differ or a value is NaN, so that `<` fails.
inline double largest_difference(const Matrix& A, const Matrix& B) {
    if (A.rows() != B.rows() || A.cols() != B.cols()) {
        return INFINITY;
    }
    double largest = 0;
    for (std::size_t i = 0; i < A.size(); ++i) {
        const double difference =
            std::abs(static_cast<double>(A.flat()[i]) - static_cast<double>(B.flat()[i]));
        if (!(difference <= largest)) {
            largest = std::isnan(difference) ? INFINITY : difference;
        }
    }
    return largest;
}

/// "dW[2] is 3, and should be 4", for the first number that is further off than `tolerance`; empty if none is.
/// @param tolerance  relative to what it should be, where that is more than 1
inline std::string first_difference(const std::string& name, std::span<const Scalar> found,
                                    std::span<const Scalar> expected, double tolerance = rounding) {
    if (found.size() != expected.size()) {
        return name + " has " + std::to_string(found.size()) + " numbers, and should have " +
               std::to_string(expected.size());
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        const double is = static_cast<double>(found[i]), should = static_cast<double>(expected[i]);
        if (!(std::abs(is - should) <= tolerance * std::max(1.0, std::abs(should)))) {
            return name + "[" + std::to_string(i) + "] is " + to_text(is) + ", and should be " +
                   to_text(should);
        }
    }
    return "";
}

/// The same of a matrix: "dW[1,0] is 3, and should be 4".
inline std::string first_difference(const std::string& name, const Matrix& found, const Matrix& expected,
                                    double tolerance = rounding) {
    if (found.rows() != expected.rows() || found.cols() != expected.cols()) {
        return name + " is " + shape_text(found) + ", and should be " + shape_text(expected);
    }
    for (std::size_t i = 0; i < found.rows(); ++i) {
        for (std::size_t j = 0; j < found.cols(); ++j) {
            const std::string element = name + "[" + std::to_string(i) + "," + std::to_string(j) + "]";
            const Scalar is = found(i, j), should = expected(i, j);
            const std::string message = first_difference(element, {&is, 1}, {&should, 1}, tolerance);
            if (!message.empty()) {
                return element + message.substr(element.size() + 3);  // without its [0]
            }
        }
    }
    return "";
}

/// Are they the same bit for bit? Unlike ==, it tells 0 from -0, and a NaN is equal to itself.
inline bool same_bits(std::span<const Scalar> a, std::span<const Scalar> b) {
    using Bits = std::conditional_t<scalar_is_double, std::uint64_t, std::uint32_t>;
    const auto bits = [](Scalar x) { return std::bit_cast<Bits>(x); };
    return std::ranges::equal(a, b, {}, bits, bits);
}

/// As many threads as this while it lives, and then as many as before.
class WithThreads {
public:
    explicit WithThreads(int count) { set_threads(count); }
    ~WithThreads() { set_threads(before_); }
    WithThreads(const WithThreads&) = delete;
    WithThreads& operator=(const WithThreads&) = delete;

private:
    int before_ = threads();
};

/// What the Error says that `call` throws; empty if it throws none.
template <typename Call>
std::string error_message(const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// 'text', as messages quote what they found.
inline std::string quoted(std::string_view text) {
    return std::string("'").append(text).append("'");
}

}  // namespace hourglass::testing
