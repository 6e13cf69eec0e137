// Images with the border that a window reaches over, and their patches as the kernels of convolutions take
// them.
#pragma once

#include <algorithm>
#include <cstddef>

#include "hourglass/core/window.hpp"
#include "simd/kernels.hpp"

namespace hourglass {

/// An image with its border, and the patches in it, some rows of places at a time.
struct Bordered {
    static constexpr std::size_t places_at_a_time = 128;  // or those of one row

    const Window& window;
    std::size_t height, width;  // as far as the windows reach, and the image
    std::size_t rows;           // of places at a time
    bool narrow;                // are their patches copied side by side?

    explicit Bordered(const Window& w)
        : window(w),
          height(std::max(w.top + w.image.height, (w.places_down - 1) * w.stride + w.rows)),
          width(std::max(w.left + w.image.width, (w.places_across - 1) * w.stride + w.cols)),
          rows(std::clamp<std::size_t>(places_at_a_time / w.places_across, 1, w.places_down)),
          narrow(w.cols * w.image.channels < Kernels::row_of_patch) {}

    std::size_t pitch() const { return width * window.image.channels; }
    bool has_border() const { return height > window.image.height || width > window.image.width; }

    /// What a part of the work takes of scratch: the image, if it has a border, and the narrow patches.
    std::size_t image_size() const { return has_border() ? height * pitch() : 0; }
    std::size_t size() const {
        return image_size() + (narrow ? rows * window.places_across * window.patch() : 0);
    }

    /// Where row y of the image begins, from the start of the border on.
    std::size_t row(std::size_t y) const {
        return (window.top + y) * pitch() + window.left * window.image.channels;
    }

    /// From a row of places to the next.
    std::size_t next() const { return window.stride * pitch(); }

    /// The patches of row `down` of the places.
    template <class T>
    PatchesOf<T> patches(T* image, std::size_t down) const {
        return {image + down * next(), window.stride * window.image.channels, pitch(), window.rows,
                window.cols * window.image.channels};
    }

    /// Patches that were copied side by side.
    template <class T>
    PatchesOf<T> side_by_side(T* p) const {
        return {p, window.patch(), 0, 1, window.patch()};
    }
};

/// use(first row, rows) for all rows of places, so many at a time as they are worked on.
template <class Use>
void for_each_rows(const Bordered& b, const Use& use) {
    for (std::size_t down = 0; down < b.window.places_down; down += b.rows) {
        use(down, std::min(b.rows, b.window.places_down - down));
    }
}

/// Copies an image into its border. @param memory  all zero, or used for this before
inline const Scalar* with_border(Scalar* memory, const Scalar* x, const Bordered& b) {
    if (!b.has_border()) {
        return x;
    }
    const std::size_t length = b.window.image.width * b.window.image.channels;
    for (std::size_t y = 0; y < b.window.image.height; ++y) {
        std::copy_n(x + y * length, length, memory + b.row(y));
    }
    return memory;
}

/// use(number p of the narrow patches of these rows, side by side; the pixel that it lies over) for each.
template <class T, class Use>
void for_each_narrow(T* image, std::size_t down, std::size_t rows, const Bordered& b, const Use& use) {
    std::size_t p = 0;
    for (std::size_t row = down; row < down + rows; ++row) {
        const PatchesOf<T> patches = b.patches(image, row);
        for (std::size_t i = 0; i < b.window.places_across; ++i) {
            for (std::size_t u = 0; u < patches.rows; ++u) {
                T* const x = patches.row(i, u);
                for (std::size_t k = 0; k < patches.length; ++k) {
                    use(p++, x[k]);
                }
            }
        }
    }
}

/// run(patches, places in a row, first of them, rows) for all patches of an image, as a kernel takes them:
/// those of some rows of places, or copied side by side.
template <class Run>
void for_each_patches(const Scalar* image, Scalar* memory, const Bordered& b, const Run& run) {
    Scalar* const narrow = memory + b.image_size();
    const std::size_t across = b.window.places_across;
    for_each_rows(b, [&](std::size_t down, std::size_t rows) {
        if (b.narrow) {
            for_each_narrow(image, down, rows, b, [&](std::size_t p, Scalar x) { narrow[p] = x; });
            run(b.side_by_side<const Scalar>(narrow), rows * across, down * across, std::size_t{1});
        } else {
            run(b.patches(image, down), across, down * across, rows);
        }
    });
}

}  // namespace hourglass
