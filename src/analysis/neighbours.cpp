#include "hourglass/analysis/neighbours.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "hourglass/core/rows.hpp"
#include "hourglass/core/threads.hpp"
#include "squared_distances.hpp"

namespace hourglass {
namespace {

struct Neighbour {
    double squared_distance;
    std::uint32_t point;

    friend bool operator<(const Neighbour& a, const Neighbour& b) {
        return a.squared_distance != b.squared_distance ? a.squared_distance < b.squared_distance : a.point < b.point;
    }
};

/// Writes the k nearest of point i, from a row of rounded distances that finds a few more than that.
void write_neighbours(Neighbours& near, const Matrix& X, std::size_t i, std::span<const Scalar> rounded) {
    thread_local std::vector<Distant> found;
    thread_local std::vector<Neighbour> candidates;
    constexpr std::size_t more = 32;
    find_nearest(found, rounded, i, std::min(near.k + more, X.rows() - 1));
    candidates.clear();
    for (const Distant& other : found) {
        candidates.push_back({squared_distance(X.row(i), X.row(other.point)), other.point});
    }
    std::ranges::sort(candidates, std::less());
    for (std::size_t m = 0; m < near.k; ++m) {
        near.indices[i * near.k + m] = candidates[m].point;
        near.squared_distances[i * near.k + m] = candidates[m].squared_distance;
    }
}

}  // namespace

Neighbours nearest_neighbours(const Matrix& X, std::size_t k) {
    const std::size_t n = X.rows();
    assert(k >= 1 && k < n);
    Neighbours near{k, std::vector<std::uint32_t>(n * k), std::vector<double>(n * k)};
    const SquaredDistances distances(X);
    Matrix D;
    std::vector<std::size_t> points;
    for (std::size_t begin = 0; begin < n; begin += points_at_a_time) {
        points.resize(std::min(points_at_a_time, n - begin));
        std::iota(points.begin(), points.end(), begin);
        distances.of(D, points);
        in_parallel(points.size(), 1, [&](std::size_t first, std::size_t last) {
            for (std::size_t r = first; r < last; ++r) {
                write_neighbours(near, X, points[r], D.row(r));
            }
        });
    }
    return near;
}

double neighbour_purity(const Matrix& X, const std::vector<std::size_t>& labels, std::size_t k) {
    assert(labels.size() == X.rows());
    const Neighbours near = nearest_neighbours(X, k);
    std::size_t same = 0;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        same += static_cast<std::size_t>(
            std::ranges::count_if(near.of(i), [&](std::uint32_t j) { return labels[j] == labels[i]; }));
    }
    return static_cast<double>(same) / static_cast<double>(X.rows() * k);
}

double purity_by_chance(const std::vector<std::size_t>& labels) {
    std::map<std::size_t, double> counts;
    for (const std::size_t label : labels) {
        ++counts[label];
    }
    double sum = 0;
    for (const auto& [label, count] : counts) {
        sum += std::pow(count / static_cast<double>(labels.size()), 2);
    }
    return sum;
}

}  // namespace hourglass
