#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hourglass {

/// An image file that is being decoded, row by row from the top.
class ImageDecoder {
public:
    ImageDecoder() = default;
    ImageDecoder(const ImageDecoder&) = delete;
    ImageDecoder& operator=(const ImageDecoder&) = delete;
    virtual ~ImageDecoder() = default;

    virtual std::size_t width() const = 0;
    virtual std::size_t height() const = 0;

    /// The luma of the next row, on black: (width), 0 black, 1 white.
    virtual void read_row(std::span<double> luma) = 0;

    /// After the last row: sees that the file is whole.
    virtual void finish() = 0;
};

/// Reads the header. All of this throws Error with a message that begins with `file`; the libraries
/// print nothing.
/// @param bytes  the file, which the decoder looks at until it is destroyed
std::unique_ptr<ImageDecoder> decode_jpeg(std::string_view bytes, const std::string& file);
std::unique_ptr<ImageDecoder> decode_png(std::string_view bytes, const std::string& file);

/// @throws Error  if the image has more pixels than are read; before any memory is asked for
void require_size(std::size_t width, std::size_t height, const std::string& file);

/// Y' = 0.2126 R' + 0.7152 G' + 0.0722 B'
inline double luma_of(double red, double green, double blue) {
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

}  // namespace hourglass
