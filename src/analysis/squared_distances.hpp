// Distances from some points to all of them: what neighbours and ranks are found by.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

class SquaredDistances {
public:
    /// @param X  (n, d), which must outlive this object
    explicit SquaredDistances(const Matrix& X);

    /// d_ij = |x_i - x_j|^2 of the points i in `rows` and all points j: (rows.size(), n). Of few dimensions by their
    /// differences; of many as |x_i|^2 + |x_j|^2 - 2 x_i x_j about the mean, which a product computes, and rounds by about
    /// as much as the last digits of |x_i|^2.
    void of(Matrix& D, std::span<const std::size_t> rows) const;

private:
    void by_differences(Matrix& D, std::span<const std::size_t> rows) const;

    const Matrix& X_;
    Matrix transposed_;  // (d, n), where the dimensions are few
    Matrix centred_;     // (n, d), where they are many
    Vector squares_;     // (n) of the centred points
};

/// How many points a product takes at a time: a matrix of that many rows and n columns is kept.
inline constexpr std::size_t points_at_a_time = 256;

/// A point, and how far it is; the nearer is the less, and of those equally near the first.
struct Distant {
    Scalar squared_distance;
    std::uint32_t point;

    friend bool operator<(const Distant& a, const Distant& b) {
        return a.squared_distance != b.squared_distance ? a.squared_distance < b.squared_distance : a.point < b.point;
    }
};

/// The k nearest of the points of a row of distances (n) without the point itself, in no order. @pre  k < n
void find_nearest(std::vector<Distant>& nearest, std::span<const Scalar> distances, std::size_t itself, std::size_t k);

}  // namespace hourglass
