#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// Photographs as samples.
struct ImageSet {
    std::size_t side = 0;  // of the square images, in pixels
    Matrix X;              // (n, side * side), row after row from the top; -1 black, +1 white
    std::vector<std::string> names;    // (n) file names, as found or as the list has them
    std::vector<std::string> skipped;  // a line for each entry left out: which, why

    std::size_t size() const { return names.size(); }
};

/// The largest image that is read, so that a damaged or hostile header cannot ask for all memory.
constexpr std::size_t max_image_pixels = 50'000'000;

/// One photograph as a sample (side * side), values in [-1, 1]. In this order:
///   crop     the square in the middle; an odd difference drops one more at the right or bottom
///   luma     Y' = 0.2126 R' + 0.7152 G' + 0.0722 B' (Rec. 709), of the values as the file stores
///            them: gamma-encoded, whatever colour profile or gamma the file names
///   alpha    Y' alpha: the image is laid on black
///   average  each pixel is the mean of the area that it covers, a part of a source pixel counting
///            as that part; an image that is too small is enlarged by the same rule
///   scale    x = 2 Y' - 1
/// The first bytes of the file say what it is, not its name. JPEG: gray or colour, baseline or
/// progressive, 8 bits; not CMYK. PNG: all of them, 16 bits, palettes and interlacing included. The
/// orientation that a camera notes in the file (EXIF) is ignored.
/// @pre  side > 0
/// @throws Error  naming the file, if it is missing, something else, cut short, damaged, or of more
///                than max_image_pixels
/// @see  Rec. ITU-R BT.709-6, item 3.2
Vector read_image(const std::filesystem::path& path, std::size_t side);

/// All files .jpg, .jpeg and .png (in either case) of a folder, but not of those below it, in the
/// order of their names, byte by byte. Other entries are listed in `skipped`.
/// @pre  side > 0
/// @throws Error  naming the folder, if it cannot be read or has no such file; or the first file
///                that read_image refuses
ImageSet read_image_folder(const std::filesystem::path& folder, std::size_t side);

/// The files that a list names, one a line, in its order. A relative name starts from `folder`.
/// Empty lines and lines that start with # are skipped.
/// @pre  side > 0
/// @throws Error  naming the list, if it cannot be read or names no file; and its line, if
///                read_image refuses the file
ImageSet read_image_list(const std::filesystem::path& list, const std::filesystem::path& folder,
                         std::size_t side);

}  // namespace hourglass
