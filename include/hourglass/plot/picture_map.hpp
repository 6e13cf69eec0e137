#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/plot/image_sheet.hpp"

// A map whose points are pictures, none of which hides another.

namespace hourglass {

/// Places for points, one each, side by side in rows from the top left.
struct PictureGrid {
    std::size_t columns = 0, rows = 0;
    std::vector<std::size_t> place;  // (n) row * columns + column
    std::vector<double> moved;       // (n) from the point to the middle of its place, in places
};

/// Gives each point the free place nearest to it: first come those that are nearest to the middle of a place, whatever
/// their order. Of all places they take about half, so that few have to go far.
/// @param Y  points (n, 2), n > 0
PictureGrid place_on_grid(const Matrix& Y);

/// That map as the bytes of a PNG: a picture at the place of each point, on white. No gnuplot is needed for it.
/// @param X     the images (n, d)
/// @param side  about how many pixels a picture is wide, if it has more itself: then squares of them become one
std::string picture_map_png(const PictureGrid& grid, const Matrix& X, const PictureShape& shape, std::size_t side);

}  // namespace hourglass
