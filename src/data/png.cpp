#include "hourglass/data/png.hpp"

#include <png.h>

#include <cassert>

#include "hourglass/core/error.hpp"

namespace hourglass {

std::string png_bytes(const std::vector<std::uint8_t>& rgb, std::size_t width, std::size_t height) {
    assert(rgb.size() == width * height * 3);
    png_image image = {};
    image.version = PNG_IMAGE_VERSION;
    image.format = PNG_FORMAT_RGB;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(height);
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string bytes(size, '\0');
    if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, rgb.data(), 0, nullptr)) {
        throw Error("a PNG of " + std::to_string(width) + "x" + std::to_string(height) +
                    " pixels cannot be made: " + image.message);
    }
    bytes.resize(size);
    return bytes;
}

}  // namespace hourglass
