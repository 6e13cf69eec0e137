#pragma once

#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/random.hpp"
#include "hourglass/data/noise.hpp"

namespace hourglass {

/// `count` copies of X, one after the other.
Matrix repeated(const Matrix& X, std::size_t count);

/// Several copies of a set of images at each noise level, and the same clean: noisy(i) came from clean(i), a
/// copy of row i % n.
class NoisySet {
public:
    /// @param X  images (n, d), pixels +1 and -1   @param sets  copies of them for each level
    NoisySet(const Matrix& X, Noise::Kind kind, std::vector<double> levels, std::size_t sets);

    /// Draws new noise for all of them.
    void distort(Rng& rng);

    /// The memory of the two, and of what distort needs besides.
    std::size_t bytes() const;

    Matrix clean;  // (levels * sets * n, d), level after level
    Matrix noisy;

private:
    Matrix block_clean_;  // one level's images
    Matrix block_;
    Noise::Kind kind_;
    std::vector<double> levels_;
};

}  // namespace hourglass
