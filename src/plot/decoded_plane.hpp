#pragma once

#include <string>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/core/matrix.hpp"
#include "hourglass/plot/image_sheet.hpp"

namespace hourglass {

/// A grid of decoded images over a box of the latent plane, each with a margin of one pixel.
struct DecodedPlane {
    const PictureShape& shape;
    std::size_t columns;  // of images
    std::size_t rows;

    /// A block of the data file: the values of all pixels, row after row from the top.
    /// @param images  (columns * rows, width * height), from the top left
    std::string block(const Matrix& images) const;

    /// The element of a plot command that draws block `index`.
    std::string plot(const LatentBox& box, std::size_t index) const;
};

}  // namespace hourglass
