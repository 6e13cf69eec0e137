#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// The names of points on a map, none over another or over a point: beside the point where there is room,
/// else farther away with a line to it, else left out.
struct MapLabels {
    std::string data;          // two blocks: x, y, name of those shown; x, y, dx, dy of the lines
    std::size_t left_out = 0;  // names that found no room

    /// "12 of 300 names are left out: there is no room", or nothing.
    std::string note(std::size_t all) const;
};

/// What there is room for, in screen pixels.
struct MapRoom {
    double width = 0;  // of the plot
    double height = 0;
    double letter_width = 0;
    double letter_height = 0;
};
/// @param codes  (n, >= 2)   @param labels  (n); the first ones are placed first
MapLabels place_labels(const LatentBox& box, const Matrix& codes,
                       const std::vector<std::string>& labels, const MapRoom& room);

/// Commands for the axes of a latent plane over the box: their names, ranges and tics.
std::string plane_axes(const LatentBox& box);

}  // namespace hourglass
