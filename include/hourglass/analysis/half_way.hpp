#pragma once

#include <span>
#include <utility>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

/// sum_j (y_ij - x_ij)^2 / d of each row i of Y and X (n, d): (n).
std::vector<double> row_errors(const Matrix& Y, const Matrix& X);

/// The row of X that is most like an image, by the mean squared difference, and that difference.
std::pair<std::size_t, double> nearest_row(std::span<const Scalar> image, const Matrix& X);

/// An image that is no training sample: what lies half-way between the codes of two.
struct HalfWaySample {
    std::size_t first = 0;  // the two
    std::size_t second = 0;
    Vector image;             // (d)
    std::size_t nearest = 0;  // the sample most like it
    double distance = 0;      // the mean squared difference from that
};

/// Of how many samples, the first ones, the pairs are looked at: at most 64, and fewer where there are many to
/// compare with.
std::size_t half_way_candidates(std::size_t samples);

/// The `count` half-way images that differ most from every sample, no sample used twice.
std::vector<HalfWaySample> half_way_samples(const Autoencoder& model, const Matrix& X,
                                            std::size_t count);

}  // namespace hourglass
