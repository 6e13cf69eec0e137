#pragma once

#include <span>
#include <vector>

#include "simd/kernels.hpp"
#include "testing.hpp"

namespace hourglass::testing {

/// The instruction sets that have a fused multiply-add, and so have to agree on every bit. On a
/// processor without the wide ones, the one that there is.
inline std::vector<const Kernels*> fused_kernels() {
    const std::span<const Kernels* const> sets = available_kernels();
    return {sets.begin(), sets.size() > 1 ? sets.end() - 1 : sets.end()};
}

/// Sizes around the widths of the registers, and some that take several.
inline const std::vector<std::size_t> awkward_sizes = {0,  1,  2,  3,  4,  5,  7,  8,   9,   15,
                                                       16, 17, 31, 32, 33, 63, 65, 100, 1000};

/// Numbers from 1/2 to 2 in size, of both signs: no sum of two of them loses many digits by chance.
inline Vector signed_values(std::size_t size, Rng& rng) {
    Vector result(size);
    for (Scalar& value : result) {
        value = static_cast<Scalar>((0.5 + 1.5 * rng.uniform()) * (rng.below(2) == 0 ? 1 : -1));
    }
    return result;
}

/// Normal numbers.
inline Vector normal_values(std::size_t size, Rng& rng) {
    Vector result(size);
    for (Scalar& value : result) {
        value = static_cast<Scalar>(rng.normal());
    }
    return result;
}

}  // namespace hourglass::testing
