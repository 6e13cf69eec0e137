// tanh, sigmoid and exp of many numbers at once. Included by kernels.cpp alone.
//
// Each is right to 2 units in the last place for every float there is; a test looks at all 2^32. The
// polynomials are minimax fits (Lawson's iteration, in double); the split of ln 2 into a short and a
// long part is Cody & Waite's (1980).
#pragma once

#include <type_traits>

#include "simd/kernels.hpp"
#include "simd/simd.hpp"

namespace hourglass::HOURGLASS_ISA {

#ifdef HOURGLASS_SIMD

using Floats = stdx::native_simd<float>;
using Ints = stdx::rebind_simd_t<int, Floats>;

HOURGLASS_INLINE Ints bits_of(const Floats& x) {
    return std::bit_cast<Ints>(x);
}

HOURGLASS_INLINE Floats from_bits(const Ints& x) {
    return std::bit_cast<Floats>(x);
}

HOURGLASS_INLINE Floats magnitude(const Floats& x) {
    return from_bits(bits_of(x) & 0x7fffffff);
}

/// |x| with the sign of y, which may be that of -0.
HOURGLASS_INLINE Floats with_sign_of(const Floats& y, const Floats& x) {
    return from_bits((bits_of(x) & 0x7fffffff) | (bits_of(y) & Ints(-0x7fffffff - 1)));
}

/// 2^n. @pre  -126 <= n <= 127
HOURGLASS_INLINE Floats power_of_two(const Ints& n) {
    return from_bits((n + 127) << 23);
}

/// exp(x) = 2^power mantissa, with mantissa from 0.7 to 1.5. @pre  |x| < 1000, or x is NaN
struct Exponential {
    Floats mantissa;
    Ints power;
};
HOURGLASS_INLINE Exponential split_exp(const Floats& x) {
    // Adding 1.5 * 2^23 leaves no room for fractions: the last bits are x / ln 2, rounded.
    const Floats shift = 0x1.8p23f;
    const Floats shifted = x * 0x1.715476p0f + shift;
    const Floats n = shifted - shift;
    const Floats r_high = x - n * 0x1.62e4p-1f;         // exact: n has few bits, and so has this part
    const Floats r = r_high - n * 0x1.7f7d1cp-20f;      // x - n ln 2, |r| <= ln 2 / 2
    // exp(r) = 1 + r + r^2 q(r)
    Floats q = 0x1.6a23cep-10f;
    q = q * r + 0x1.123a2p-7f;
    q = q * r + 0x1.5558f2p-5f;
    q = q * r + 0x1.555492p-3f;
    q = q * r + 0x1.fffffcp-2f;
    const Floats tail = r * r * q + r;
    return {tail + 1.0f, bits_of(shifted) - bits_of(shift)};
}

HOURGLASS_INLINE Floats exp_of(const Floats& x) {
    Floats in_range = x;  // beyond these bounds the result is 0 or infinite anyway; NaN stays
    where(x < -110.0f, in_range) = -110.0f;
    where(x > 90.0f, in_range) = 90.0f;
    const Exponential e = split_exp(in_range);
    const Ints half = e.power >> 1;  // in two steps, since 2^-150 is no float
    return e.mantissa * power_of_two(half) * power_of_two(e.power - half);
}

/// tanh x, by a polynomial near 0, and as 1 - 2 / (exp(2|x|) + 1) elsewhere.
HOURGLASS_INLINE Floats tanh_of(const Floats& x) {
    const Floats size = magnitude(x);
    Floats in_range = size;
    where(size > 10.0f, in_range) = 10.0f;  // 1 - tanh is less than half a unit from 9.1 on
    const Exponential e = split_exp(in_range + in_range);
    Floats y = 1.0f - 2.0f / (e.mantissa * power_of_two(e.power) + 1.0f);
    const Floats x2 = size * size;
    Floats p = -0x1.75e1cep-8f;
    p = p * x2 + 0x1.52269cp-6f;
    p = p * x2 + -0x1.b83c5ap-5f;
    p = p * x2 + 0x1.110726p-3f;
    p = p * x2 + -0x1.555532p-2f;
    where(size < 0.625f, y) = size + size * x2 * p;
    return with_sign_of(x, y);
}

/// 1 / (1 + exp(-x)), and for negative x the same as exp(x) / (1 + exp(x)), which does not overflow.
HOURGLASS_INLINE Floats sigmoid_of(const Floats& x) {
    const Floats e = exp_of(-magnitude(x));
    Floats numerator = e;
    where(x >= 0.0f, numerator) = 1.0f;
    Floats y = numerator / (1.0f + e);
    where(x < -1.0f, y) = e - e * y;  // the same again, with the rounding of 1 + e made smaller by e
    return y;
}

/// y_i = f(x_i)
template <Floats f(const Floats&)>
void for_each(float* y, const float* x, std::size_t size) {
    std::size_t i = 0;
    for (; i + Floats::size() <= size; i += Floats::size()) {
        f(Floats(x + i, stdx::element_aligned)).copy_to(y + i, stdx::element_aligned);
    }
    if (i < size) {
        const Floats lane([](auto j) { return static_cast<float>(static_cast<std::size_t>(j)); });
        const auto rest = lane < static_cast<float>(size - i);
        Floats value = 0;
        where(rest, value).copy_from(x + i, stdx::element_aligned);
        store(y + i, f(value), rest);
    }
}

template <Floats f(const Floats&)>
constexpr Kernels::Function vectorized() {
    if constexpr (std::is_same_v<Scalar, float>) {
        return for_each<f>;
    } else {
        return nullptr;
    }
}

constexpr Kernels::Function vectorized_exp = vectorized<exp_of>();
constexpr Kernels::Function vectorized_tanh = vectorized<tanh_of>();
constexpr Kernels::Function vectorized_sigmoid = vectorized<sigmoid_of>();

#else

constexpr Kernels::Function vectorized_exp = nullptr;
constexpr Kernels::Function vectorized_tanh = nullptr;
constexpr Kernels::Function vectorized_sigmoid = nullptr;

#endif

}  // namespace hourglass::HOURGLASS_ISA
