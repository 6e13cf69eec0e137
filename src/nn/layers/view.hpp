// What a window sees of an image at one of its places, for the pooling layers.
#pragma once

#include <algorithm>
#include <cstddef>

#include "hourglass/core/window.hpp"

namespace hourglass {

/// The pixels under the window: rows [top, bottom) and columns [left, right) of the image, without its border.
struct View {
    std::size_t top, bottom, left, right;

    std::size_t pixels() const { return (bottom - top) * (right - left); }
};

/// At place `place`, counted row after row.
inline View view(const Window& window, std::size_t place) {
    const std::size_t y =
        place / window.places_across * window.stride;  // counted from where the border begins
    const std::size_t x = place % window.places_across * window.stride;
    return {.top = std::max(y, window.top) - window.top,
            .bottom = std::min(y + window.rows - window.top, window.image.height),
            .left = std::max(x, window.left) - window.left,
            .right = std::min(x + window.cols - window.left, window.image.width)};
}

}  // namespace hourglass
