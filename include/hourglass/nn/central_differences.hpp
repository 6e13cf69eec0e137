#pragma once

#include <functional>
#include <span>
#include <vector>

#include "hourglass/core/scalar.hpp"

namespace hourglass {

/// Derivatives of some numbers f_k by some values v.
struct Derivatives {
    std::vector<std::size_t> positions;   // of the values
    std::vector<std::vector<double>> of;  // [k][e]: df_k / dv at positions[e]
    std::size_t skipped = 0;              // positions within two steps, 2h, of a kink: they are left out

    /// [e]: the derivative of sum_k f_k
    std::vector<double> sum() const;
};

/// What fills in numbers from the values as they are at each call, always as many.
using Numbers = std::function<void(std::vector<double>&)>;

/// What appends which side of each kink the last call of that was on, always as many numbers, of its own choice. May be
/// empty, and may append none, where there are no kinks.
using Sides = std::function<void(std::vector<int>&)>;

/// Fourth-order central differences,
///   df/dv = (8 (f(v+h) - f(v-h)) - (f(v+2h) - f(v-2h))) / 12h + O(h^4).
/// Moves each value by up to 2h and puts it back.
/// @param positions  of the values that are moved
Derivatives central_differences(std::span<Scalar> values, const std::vector<std::size_t>& positions,
                                const Numbers& f, const Sides& sides, double h);

/// The positions 0, ..., size - 1, or only so many of them, spread evenly. @param at_most  0: all
std::vector<std::size_t> spread_positions(std::size_t size, std::size_t at_most);

}  // namespace hourglass
