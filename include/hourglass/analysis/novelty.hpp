#pragma once

#include <cstddef>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

// Does a new image belong to a set, and is it new? Both by its distance from the image of the set that is nearest.

/// For each of several images, the row of the set that is nearest, and its distance.
struct NearestRows {
    std::vector<std::size_t> nearest;
    std::vector<double> distance;

    /// The share of the images whose distance is below `limit`.
    double share_below(double limit) const;
};

/// By the mean squared difference of the pixels. @param images  (n, d)   @param X  the set (N, d)
NearestRows neighbours_of(const Matrix& images, const Matrix& X);

/// The same for images of two values: the distance is the number of pixels on the other side of zero.
NearestRows neighbours_in_pixels(const Matrix& images, const Matrix& X);

/// neighbours_of the set itself, an image's neighbour being one that is not the same.
/// @pre  two rows of X differ
NearestRows neighbours_within(const Matrix& X);

/// What the set itself says about how near is near.
struct Limits {
    /// An image belongs to the set if it is nearer to it than this: the median of the distances within the set. It is
    /// then no stranger there than half of the set's own images.
    double near = 0;
    /// It is a copy if it is nearer than this: the distance of the two images of the set, no two of them the same, that
    /// are most alike, and still two images.
    double copy = 0;
};
Limits limits_of(const NearestRows& within);

}  // namespace hourglass
