#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hourglass {

/// The bytes of a PNG file of `width` x `height` pixels.
/// @param rgb  red, green and blue of each pixel (height * width * 3), row after row from the top
std::string png_bytes(const std::vector<std::uint8_t>& rgb, std::size_t width, std::size_t height);

}  // namespace hourglass
