#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// Which row of X each row of Y (m, d) is taken for: the one with the fewest pixels on the other side
/// of zero; of those, the one at the smallest squared distance; of those, the first. (m)
/// @param X  training samples (n, d), n > 0
std::vector<std::size_t> taken_for(const Matrix& Y, const Matrix& X);

/// counts(i, j): how often sample i, distorted, was taken for sample j; (n, n). Whole numbers, exact to
/// 2^24 also in float.
/// @param truth, taken  (m), each below n
Matrix confusion_counts(std::size_t n, std::span<const std::size_t> truth,
                        std::span<const std::size_t> taken);

/// ||z_i - z_j|| of every two codes (n, latent size): (n, n), in latent units.
Matrix latent_distances(const Matrix& codes);

/// Of distances (n, n), the other sample at the smallest one, for each; itself, where there is no other. (n)
std::vector<std::size_t> nearest_others(const Matrix& distances);

/// In how many pixels every two samples (n, d) lie on different sides of zero: (n, n).
Matrix hamming_distances(const Matrix& X);

/// Every two samples i < j, in the order (0, 1), (0, 2), ..., (n-2, n-1); all vectors of one length.
struct PairTable {
    std::vector<std::size_t> first, second;  // i and j
    std::vector<double> latent_distance;     // in latent units
    std::vector<double> hamming_distance;    // in pixels
    std::vector<double> confusion;           // the rate below, in [0, 1]

    std::size_t size() const { return first.size(); }
};

/// The rate of confusion of a pair is the mean of two: how often i was taken for j, of all times that i
/// was shown, and how often j was taken for i. NaN where one of them was never shown.
/// @param codes  (n, latent size)   @param X  (n, d)   @param counts  (n, n), as confusion_counts
PairTable pair_table(const Matrix& codes, const Matrix& X, const Matrix& counts);

}  // namespace hourglass
