#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace hourglass {

/// An image file that is being decoded, row by row; no more than a few rows of it are in memory.
class ImageDecoder {
public:
    ImageDecoder() = default;
    ImageDecoder(const ImageDecoder&) = delete;
    ImageDecoder& operator=(const ImageDecoder&) = delete;
    virtual ~ImageDecoder() = default;

    virtual std::size_t width() const = 0;
    virtual std::size_t height() const = 0;

    /// The next row, on black, from 0 black to 1: the luma of its pixels (width), or red, green and blue of each
    /// (width * 3). An interlaced file gives a row in parts, which may come in any order; pixels of other parts
    /// are 0 in each.
    /// @returns which row it is; nothing after the last, when the file was seen to be whole
    virtual std::optional<std::size_t> next_row(std::span<double> values) = 0;
};

/// Reads the header. All of this throws Error with a message that begins with `file`; the libraries
/// print nothing.
/// @param input  the file at its start, open until the decoder is destroyed
std::unique_ptr<ImageDecoder> decode_jpeg(std::FILE* input, const std::string& file);
std::unique_ptr<ImageDecoder> decode_png(std::FILE* input, const std::string& file);

/// @throws Error  if the image is larger than any that is read; before any memory is asked for
void require_size(std::size_t width, std::size_t height, const std::string& file);

/// Y' = 0.2126 R' + 0.7152 G' + 0.0722 B'
inline double luma_of(double red, double green, double blue) {
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

}  // namespace hourglass
