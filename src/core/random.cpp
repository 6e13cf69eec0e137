#include "hourglass/core/random.hpp"

#include <bit>
#include <cassert>
#include <cmath>

// This file is compiled with -ffp-contract=off: a fused multiply-add rounds once where a multiply
// and an add round twice, and the numbers would depend on the processor.

namespace hourglass {
namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

// ln x for x > 0. The mathematical library's log may differ in its last bit from one library to the
// next; this one is made of exactly rounded operations only, and good to a few units in the last
// place, which is all that a random number needs.
//   x = m 2^e, m in [sqrt(1/2), sqrt(2));   ln x = e ln 2 + 2 atanh(s),   s = (m - 1) / (m + 1)
double natural_log(double x) {
    int exponent = 0;
    double mantissa = std::frexp(x, &exponent);  // exact
    if (mantissa < 0.70710678118654752440) {
        mantissa *= 2;
        --exponent;
    }
    const double s = (mantissa - 1) / (mantissa + 1);
    const double s2 = s * s;
    double series = 0;  // atanh(s) / s = 1 + s^2 / 3 + s^4 / 5 + ...; s^2 < 0.03, so 12 terms do
    for (int term = 23; term >= 1; term -= 2) {
        series = series * s2 + 1.0 / term;
    }
    return exponent * 0.69314718055994530942 + 2 * s * series;
}

}  // namespace

Rng::Rng(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
        word = splitmix64(seed);
    }
}

std::uint64_t Rng::bits() {
    auto& s = state_;
    const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = std::rotl(s[3], 45);
    return result;
}

double Rng::uniform() {
    return static_cast<double>(bits() >> 11) * 0x1p-53;
}

double Rng::uniform(double low, double high) {
    return low + (high - low) * uniform();
}

// The polar method.
double Rng::normal() {
    if (spare_normal_) {
        const double spare = *spare_normal_;
        spare_normal_.reset();
        return spare;
    }
    for (;;) {  // a point in the unit disc; its angle and its radius make two independent normals
        const double u = 2 * uniform() - 1;
        const double v = 2 * uniform() - 1;
        const double s = u * u + v * v;
        if (s > 0 && s < 1) {
            const double factor = std::sqrt(-2 * natural_log(s) / s);
            spare_normal_ = v * factor;
            return u * factor;
        }
    }
}

std::size_t Rng::below(std::size_t bound) {
    assert(bound > 0);
    // 2^64 mod bound values at the bottom are thrown away, so that every remainder is as likely.
    const std::uint64_t rejected = (0 - std::uint64_t{bound}) % bound;
    std::uint64_t value = bits();
    while (value < rejected) {
        value = bits();
    }
    return static_cast<std::size_t>(value % bound);
}

}  // namespace hourglass
