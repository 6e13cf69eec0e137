#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// The k nearest others of each of n points.
struct Neighbours {
    std::size_t k = 0;
    std::vector<std::uint32_t> indices;     // (n k) the nearest first; of those equally near, the first
    std::vector<double> squared_distances;  // (n k)

    std::size_t points() const { return k > 0 ? indices.size() / k : 0; }
    std::span<const std::uint32_t> of(std::size_t i) const { return std::span(indices).subspan(i * k, k); }
    std::span<const double> squared_distances_of(std::size_t i) const {
        return std::span(squared_distances).subspan(i * k, k);
    }
};

/// By looking at every two of the points X (n, d): right for any d, in n^2 d steps. Distances are compared as products
/// of X round them, and the nearest k + 32 then once more in double.
/// @pre  k < n < 2^32
Neighbours nearest_neighbours(const Matrix& X, std::size_t k);

/// The share of a point's k nearest others that are of its class, its mean over all points X (n, d): 1 where the classes
/// lie apart, about the sum of the squared shares of the classes where they are mixed at random.
/// @param labels  (n)   @pre  k < n
double neighbour_purity(const Matrix& X, const std::vector<std::size_t>& labels, std::size_t k = 10);

/// That sum of squared shares.
double purity_by_chance(const std::vector<std::size_t>& labels);

}  // namespace hourglass
