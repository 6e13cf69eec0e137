#pragma once

#include <vector>

#include "hourglass/core/window.hpp"

namespace hourglass::testing {

inline constexpr auto same = Window::Padding::same;

/// A window over an image of the channels in, and the channels that come out of a convolution with it.
struct WindowCase {
    Window window;
    std::size_t channels;
};

/// Small ones that a convolution could get wrong: 1x1, even and rectangular windows, strides larger than the
/// window, sizes that do not divide, borders on one side only, windows as large as their image, one channel
/// and many.
inline std::vector<WindowCase> awkward_windows() {
    return {
        {{{4, 4, 1}, 3, 3}, 1},
        {{{5, 4, 2}, 3, 3, 1, same}, 3},
        {{{4, 6, 1}, 3, 3, 2, same}, 2},  // a border below and on the right
        {{{5, 5, 2}, 3, 3, 2, same}, 1},  // one all around
        {{{3, 4, 3}, 1, 1}, 2},
        {{{5, 5, 1}, 1, 1, 3, same}, 2},
        {{{5, 6, 2}, 2, 2, 1, same}, 2},
        {{{7, 6, 1}, 2, 2, 3}, 2},  // the stride larger than the window, and what is left over
        {{{6, 7, 1}, 4, 2, 1, same}, 1},
        {{{3, 5, 2}, 1, 3, 2}, 3},
        {{{3, 3, 2}, 3, 3, 1, same}, 2},  // as large as the image, and most of it on the border
        {{{4, 3, 1}, 4, 3}, 5},
        {{{1, 1, 6}, 1, 1}, 4},
        {{{2, 2, 17}, 2, 1, 1, same}, 2},
        {{{2, 2, 2}, 2, 2}, 18},
    };
}

}  // namespace hourglass::testing
