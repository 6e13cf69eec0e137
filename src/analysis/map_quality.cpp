#include "hourglass/analysis/map_quality.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include "hourglass/core/threads.hpp"
#include "squared_distances.hpp"

namespace hourglass {
namespace {

/// The r for which `other` is the r-th nearest of a point, whose distances these are.
std::size_t rank_of(std::uint32_t other, std::span<const Scalar> distances, std::size_t itself) {
    const Scalar distance = distances[other];
    std::size_t nearer = 0, before = 0;
    for (const Scalar d : distances) {
        nearer += d < distance;
    }
    for (std::uint32_t j = 0; j < other; ++j) {
        before += distances[j] == distance;
    }
    const Distant of_itself = {distances[itself], static_cast<std::uint32_t>(itself)};
    return 1 + nearer + before - (of_itself < Distant{distance, other});
}

/// sum_{j in U} (r_ij - k): of those near in `of` and not near in `truth`, how far they are in truth.
std::size_t intrusion(std::span<const Scalar> truth, std::span<const Scalar> of, std::size_t i, std::size_t k) {
    thread_local std::vector<Distant> near;
    find_nearest(near, of, i, k);
    std::size_t sum = 0;
    for (const Distant& other : near) {
        const std::size_t rank = rank_of(other.point, truth, i);
        sum += rank > k ? rank - k : 0;
    }
    return sum;
}

}  // namespace

MapQuality map_quality(const Matrix& X, const Matrix& Y, std::size_t k, std::size_t most) {
    const std::size_t n = X.rows(), count = std::min(n, most);
    assert(Y.rows() == n && n >= 3 && k >= 1 && most >= 1);
    k = std::min(k, (n - 1) / 2);
    const SquaredDistances in_X(X), in_Y(Y);
    Matrix D_X, D_Y;
    std::vector<std::size_t> points, untrue(points_at_a_time), torn(points_at_a_time);
    double not_trusted = 0, not_continuous = 0;
    for (std::size_t begin = 0; begin < count; begin += points_at_a_time) {
        points.clear();
        for (std::size_t s = begin; s < std::min(begin + points_at_a_time, count); ++s) {
            points.push_back(s * n / count);
        }
        in_X.of(D_X, points);
        in_Y.of(D_Y, points);
        in_parallel(points.size(), 1, [&](std::size_t first, std::size_t last) {
            for (std::size_t r = first; r < last; ++r) {
                untrue[r] = intrusion(D_X.row(r), D_Y.row(r), points[r], k);
                torn[r] = intrusion(D_Y.row(r), D_X.row(r), points[r], k);
            }
        });
        for (std::size_t r = 0; r < points.size(); ++r) {
            not_trusted += static_cast<double>(untrue[r]);
            not_continuous += static_cast<double>(torn[r]);
        }
    }
    const double worst = static_cast<double>(count * k) * static_cast<double>(2 * n - 3 * k - 1) / 2;
    return {1 - not_trusted / worst, 1 - not_continuous / worst, k, count};
}

}  // namespace hourglass
