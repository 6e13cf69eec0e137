#pragma once

#include <string>

#include "hourglass/core/window.hpp"

namespace hourglass {

/// A row of units as the image that it is: of one pixel.
inline ImageShape row_of(std::size_t units) { return {1, 1, units}; }

/// "28x28x1", or "64" for a row of units: as the descriptions of layers say what comes in.
inline std::string shape_text(const ImageShape& shape) {
    return shape.height * shape.width == 1 ? std::to_string(shape.channels) : shape.text();
}

}  // namespace hourglass
