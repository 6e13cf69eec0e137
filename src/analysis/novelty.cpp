#include "hourglass/analysis/novelty.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass {
namespace {

/// @param others  no image is the neighbour of itself or of one that is the same
NearestRows neighbours(const Matrix& images, const Matrix& X, bool others) {
    NearestRows found;
    const auto pixels = static_cast<double>(X.cols());
    for (std::size_t i = 0; i < images.rows(); ++i) {
        std::pair<double, std::size_t> nearest = {INFINITY, 0};
        for (std::size_t k = 0; k < X.rows(); ++k) {
            const double distance = squared_distance(images.row(i), X.row(k)) / pixels;
            if (!others || distance > 0) {
                nearest = std::min(nearest, {distance, k});
            }
        }
        found.distance.push_back(nearest.first);
        found.nearest.push_back(nearest.second);
    }
    return found;
}

}  // namespace

double NearestRows::share_below(double limit) const {
    const auto below = std::ranges::count_if(distance, [limit](double d) { return d < limit; });
    return static_cast<double>(below) / static_cast<double>(distance.size());
}

NearestRows neighbours_of(const Matrix& images, const Matrix& X) {
    return neighbours(images, X, false);
}

NearestRows neighbours_in_pixels(const Matrix& images, const Matrix& X) {
    NearestRows found;
    for (std::size_t i = 0; i < images.rows(); ++i) {
        const auto [sample, pixels] = nearest_sample(images.row(i), X);
        found.nearest.push_back(sample);
        found.distance.push_back(static_cast<double>(pixels));
    }
    return found;
}

NearestRows neighbours_within(const Matrix& X) {
    assert(X.rows() > 1);
    return neighbours(X, X, true);
}

Limits limits_of(const NearestRows& within) {
    return {median(within.distance), std::ranges::min(within.distance)};
}

}  // namespace hourglass
