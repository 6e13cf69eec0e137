#pragma once

#include <cstddef>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// How far one can believe neighbours on a map, in [0, 1]; about 1/2 for points that are anywhere.
struct MapQuality {
    double trustworthiness = 0;  // are neighbours on the map neighbours indeed?
    double continuity = 0;       // are neighbours neighbours on the map, too?
    std::size_t k = 0;           // of how many neighbours
    std::size_t looked_at = 0;   // of how many points
};

/// The trustworthiness of a map Y (n, 2) of points X (n, d):
///   T = 1 - 2 / (n k (2n - 3k - 1)) sum_i sum_{j in U_i} (r_ij - k)
/// where U_i are those of the k nearest of i on the map that are not so in X, and j is the r_ij-th nearest of i in X. The
/// continuity is the same with map and points exchanged.
/// @param k     cut to (n - 1) / 2
/// @param most  of more points than that, the sums are over so many of them, evenly spread; ranks are among all
/// @pre  n >= 3
/// @see  Venna & Kaski 2001, "Neighborhood preservation in nonlinear projection methods"
MapQuality map_quality(const Matrix& X, const Matrix& Y, std::size_t k = 12, std::size_t most = 10'000);

}  // namespace hourglass
