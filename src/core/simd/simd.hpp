// The vector type of the fast kernels. Each build of kernels.cpp, one for every instruction set, has
// one of its own in a namespace of its own: HOURGLASS_ISA is avx512, avx2 or baseline.
#pragma once

#include <cstddef>
#include <utility>

#include "hourglass/core/scalar.hpp"

#ifdef HOURGLASS_SIMD
#include <bit>
#include <experimental/simd>
#include <limits>
#include <type_traits>
#else
#include <cmath>
#include <functional>
#endif

// A loop over the registers of a tile: unrolled, or its arrays would live in memory.
#define HOURGLASS_UNROLL _Pragma("GCC unroll 16")
// What has to vanish into its caller for the same reason.
#define HOURGLASS_INLINE [[gnu::always_inline]] inline

namespace hourglass::HOURGLASS_ISA {

#ifdef HOURGLASS_SIMD

namespace stdx = std::experimental;

/// As many numbers as one register holds: 16 floats with AVX-512, 8 with AVX2, 4 with SSE or NEON.
using Pack = stdx::native_simd<Scalar>;

/// Which lanes of a pack take part.
using Mask = Pack::mask_type;

/// The first `count` lanes: none for 0, all from Pack::size() on.
HOURGLASS_INLINE Mask first_lanes(std::size_t count) {
    const Pack lane([](auto i) { return static_cast<Scalar>(static_cast<std::size_t>(i)); });
    return lane < static_cast<Scalar>(count);
}

HOURGLASS_INLINE Pack load(const Scalar* p) {
    return Pack(p, stdx::element_aligned);
}

/// The lanes of `mask` from memory, zero in the others.
HOURGLASS_INLINE Pack load(const Scalar* p, const Mask& mask) {
    Pack x = 0;
    where(mask, x).copy_from(p, stdx::element_aligned);
    return x;
}

HOURGLASS_INLINE void store(Scalar* p, const Pack& x) {
    x.copy_to(p, stdx::element_aligned);
}

/// The lanes of `mask` alone.
template <class Simd>
HOURGLASS_INLINE void store(typename Simd::value_type* p, const Simd& x,
                            const typename Simd::mask_type& mask) {
#if defined(__SSE2__) && !defined(__AVX__)
    // libstdc++ takes maskmovdqu here, which writes past the cache, and may end the program where a lane
    // that the mask leaves out is on a page that is not there.
    for (std::size_t i = 0; i < Simd::size(); ++i) {
        if (mask[i]) {
            p[i] = x[i];
        }
    }
#else
    where(mask, x).copy_to(p, stdx::element_aligned);
#endif
}

/// n / d to 2 units in the last place for d from 2^-127 to 2^126, and 0 for an infinite d. (Adam's is at least
/// its epsilon.) AVX-512 has an instruction for 14 bits of 1 / d, and one Newton step makes them 24; dividing
/// takes twice as long, and the unit that divides is the one that Adam's square root waits for.
HOURGLASS_INLINE Pack fast_quotient(const Pack& n, const Pack& d) {
#ifdef __AVX512F__
    if constexpr (std::is_same_v<Scalar, float>) {
        const Pack guess = std::bit_cast<Pack>(_mm512_rcp14_ps(std::bit_cast<__m512>(d)));
        const Pack largest = std::numeric_limits<Scalar>::max();
        const Pack finite = stdx::min(largest, d);  // for an infinite d the guess is 0, and 0 it stays
        return n * (guess + guess * (Pack(1) - finite * guess));
    }
#endif
    return n / d;
}

/// In each lane: x > 0 ? yes : no
HOURGLASS_INLINE Pack where_positive(const Pack& x, const Pack& yes, const Pack& no) {
    Pack result = no;
    where(x > 0, result) = yes;
    return result;
}

// A shuffle is the one thing that simd lacks and the sums of lanes need: a builtin of GCC and Clang.
using RawPack [[gnu::vector_size(sizeof(Pack))]] = Scalar;

/// Lane i of the result is lane lane[i] of x followed by y.
template <std::size_t... lane>
HOURGLASS_INLINE Pack shuffle(const Pack& x, const Pack& y) {
    return std::bit_cast<Pack>(__builtin_shufflevector(std::bit_cast<RawPack>(x),
                                                       std::bit_cast<RawPack>(y), lane...));
}

#else  // the same in plain loops, for a standard library without <experimental/simd>

using Mask = std::size_t;

HOURGLASS_INLINE Mask first_lanes(std::size_t count) {
    return count;
}

struct Pack {
    static constexpr std::size_t size() { return 16 / sizeof(Scalar); }

    Scalar lane[16 / sizeof(Scalar)];

    Pack() = default;
    Pack(Scalar value) {
        for (Scalar& x : lane) {
            x = value;
        }
    }
    Pack& operator+=(const Pack& other) { return *this = *this + other; }

    friend Pack operator+(const Pack& x, const Pack& y) { return combine(x, y, std::plus{}); }
    friend Pack operator-(const Pack& x, const Pack& y) { return combine(x, y, std::minus{}); }
    friend Pack operator*(const Pack& x, const Pack& y) { return combine(x, y, std::multiplies{}); }
    friend Pack operator/(const Pack& x, const Pack& y) { return combine(x, y, std::divides{}); }
    friend Pack sqrt(const Pack& x) {
        return combine(x, x, [](Scalar a, Scalar) { return std::sqrt(a); });
    }
    friend Pack where_positive(const Pack& x, const Pack& yes, const Pack& no) {
        Pack result;
        for (std::size_t i = 0; i < size(); ++i) {
            result.lane[i] = x.lane[i] > 0 ? yes.lane[i] : no.lane[i];
        }
        return result;
    }

private:
    template <class Operation>
    static Pack combine(const Pack& x, const Pack& y, const Operation& operation) {
        Pack result;
        for (std::size_t i = 0; i < size(); ++i) {
            result.lane[i] = operation(x.lane[i], y.lane[i]);
        }
        return result;
    }
};

HOURGLASS_INLINE Pack fast_quotient(const Pack& n, const Pack& d) {
    return n / d;
}

HOURGLASS_INLINE Pack load(const Scalar* p, Mask count = Pack::size()) {
    Pack x = 0;
    for (std::size_t i = 0; i < Pack::size() && i < count; ++i) {
        x.lane[i] = p[i];
    }
    return x;
}

HOURGLASS_INLINE void store(Scalar* p, const Pack& x, Mask count = Pack::size()) {
    for (std::size_t i = 0; i < Pack::size() && i < count; ++i) {
        p[i] = x.lane[i];
    }
}

template <std::size_t... lane>
HOURGLASS_INLINE Pack shuffle(const Pack& x, const Pack& y) {
    Pack result;
    std::size_t i = 0;
    ((result.lane[i++] = lane < Pack::size() ? x.lane[lane] : y.lane[lane - Pack::size()]), ...);
    return result;
}

#endif

// Prefetches that many packs; a hint, and harmless past the end of an array. To L2 (locality 2, where 3 is L1)
// comes what shall not drive out of L1 what is in use.
template <std::size_t Packs, int Locality>
HOURGLASS_INLINE void prefetch_packs(const Scalar* p) {
    HOURGLASS_UNROLL
    for (std::size_t i = 0; i < Packs; ++i) {
        __builtin_prefetch(p + i * Pack::size(), 0, Locality);
    }
}

/// Halves the lanes that each sum of x and y is spread over, from Spread to Spread / 2, by adding the upper
/// half to the lower one. The sums of x come first in the result, then those of y.
template <std::size_t Spread>
HOURGLASS_INLINE Pack add_halves(const Pack& x, const Pack& y) {
    constexpr std::size_t half = Spread / 2;
    return [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
        return shuffle<(i / half * Spread + i % half)...>(x, y) +
               shuffle<(i / half * Spread + i % half + half)...>(x, y);
    }(std::make_index_sequence<Pack::size()>());
}

}  // namespace hourglass::HOURGLASS_ISA
