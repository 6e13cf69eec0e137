#pragma once

#include <filesystem>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// The largest image that is read, so that a few hostile bytes cannot ask for minutes: more than the
/// 200 megapixels of a phone. However large, no more than a few of its rows are in memory.
constexpr std::size_t max_image_pixels = 250'000'000;
constexpr std::size_t max_image_side = 65'535;

/// All of a progressive JPEG has to be in memory, as 2 bytes a coefficient: 6 a pixel, or 3 with the
/// halved colours that cameras write.
constexpr std::size_t max_progressive_bytes = 500'000'000;

/// So many scans of a JPEG are read; programs write 1 to 20, and each costs a pass over the image.
constexpr int max_jpeg_scans = 100;

/// How large an image is in its file, seen upright.
struct StoredSize {
    std::size_t width = 0;
    std::size_t height = 0;

    auto operator<=>(const StoredSize&) const = default;
};

/// One photograph as a sample (side * side * channels), values in [-1, 1]. In this order:
///   crop     the square in the middle; an odd difference drops one more at the right or bottom
///   luma     Y' = 0.2126 R' + 0.7152 G' + 0.0722 B' (Rec. 709), of the values as the file stores
///            them: gamma-encoded, whatever colour profile or gamma the file names; with 3 channels
///            red, green and blue in its place, side by side for each pixel
///   alpha    Y' alpha: the image is laid on black
///   average  each pixel is the mean of the area that it covers, a part of a source pixel counting
///            as that part; an image that is too small is enlarged by the same rule
///   scale    x = 2 Y' - 1
/// Right, bottom and so on are those of the upright image: the orientation that a camera notes in
/// the file (EXIF) is honoured.
/// The first bytes of the file say what it is, not its name. JPEG: gray or colour, baseline or
/// progressive, 8 bits; not CMYK, lossless or 12 bits. PNG: all of them, 16 bits, palettes and
/// interlacing included; what a PNG holds beside its pixels is skipped.
/// @param stored  if there is one, it is set to the size of the file's image
/// @pre  side > 0; channels is 1 or 3
/// @throws Error  naming the file, if it is missing, something else (and what), of a kind that is
///                not supported, cut short, damaged, or larger than the limits above
/// @see  Rec. ITU-R BT.709-6, item 3.2
Vector read_image(const std::filesystem::path& path, std::size_t side, std::size_t channels = 1,
                  StoredSize* stored = nullptr);

}  // namespace hourglass
