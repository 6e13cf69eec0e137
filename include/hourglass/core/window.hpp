#pragma once

#include <cstddef>
#include <string>

namespace hourglass {

/// An image in a row of a matrix: its pixels row after row, the channels of a pixel side by side.
struct ImageShape {
    std::size_t height = 1;
    std::size_t width = 1;
    std::size_t channels = 1;

    /// How many numbers it has, and where in its row the first channel of a pixel is.
    std::size_t size() const { return height * width * channels; }
    std::size_t at(std::size_t y, std::size_t x) const { return (y * width + x) * channels; }

    std::string text() const;  // "28x28x1"

    friend bool operator==(const ImageShape&, const ImageShape&) = default;
};

/// A window that moves over an image, from place to place: what a convolution and a pooling look through.
/// The numbers under it, row after row, are a patch. Places are counted row after row too, and as many of
/// them are in the order of channel-last images: place r has its numbers where pixel r of the output has
/// them.
struct Window {
    /// valid: the window stays inside the image. same: the image has a border, as wide as it takes for
    /// ceil(height / stride) places down and ceil(width / stride) across; where it cannot be equally wide on
    /// both sides, there is one more below and on the right, as in Keras.
    enum class Padding { valid, same };

    ImageShape image;
    std::size_t rows = 1;  // of the window
    std::size_t cols = 1;
    std::size_t stride = 1;
    Padding padding = Padding::valid;
    std::size_t top = 0;   // rows of the border above the image ...
    std::size_t left = 0;  // ... and columns left of it; what is below and on the right follows
    std::size_t places_down = 1;
    std::size_t places_across = 1;

    Window() = default;

    /// @throws Error  saying what fits, if a number is 0 or too large, or the window is larger than its image
    Window(const ImageShape& image, std::size_t rows, std::size_t cols, std::size_t stride = 1,
           Padding padding = Padding::valid);

    std::size_t places() const { return places_down * places_across; }

    /// How many numbers a patch has: rows x cols x channels.
    std::size_t patch() const { return rows * cols * image.channels; }

    /// Where in its image number k of the patch at place r is; image.size() on the border.
    std::size_t position(std::size_t r, std::size_t k) const;

    std::string text() const;  // "3x3,s2,same"; a stride of 1 and valid go without saying

    friend bool operator==(const Window&, const Window&) = default;
};

/// The window over an image of `channels` whose places are the pixels of `input`: a transposed convolution
/// paints with it. The image is the larger by the stride, and where padding is valid by what the window
/// overhangs, as in Keras: height stride, or height stride + max(rows - stride, 0).
/// @throws Error  as the constructor does
Window transposed_window(const ImageShape& input, std::size_t channels, std::size_t rows, std::size_t cols,
                         std::size_t stride = 1, Window::Padding padding = Window::Padding::valid);

}  // namespace hourglass
