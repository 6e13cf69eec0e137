#pragma once

#include <cstdio>
#include <string_view>

namespace hourglass {

/// How the stored rows and columns of an image lie in what is to be seen.
struct Orientation {
    bool columns_reversed = false;  // the first stored column is at the right (or at the bottom)
    bool rows_reversed = false;     // the first stored row is at the bottom (or at the right)
    bool transposed = false;        // stored rows are to be seen as columns
};

/// What a camera or phone notes in an image file about how it was held: tag 0x0112 in the APP1
/// segment of a JPEG or the eXIf chunk of a PNG. Not there, or not readable: as it is stored.
/// Reads from the start of the file; leaves it there again.
/// @see  CIPA DC-008 (Exif 2.32), 4.6.4 A, "Orientation"
Orientation jpeg_orientation(std::FILE* input);
Orientation png_orientation(std::FILE* input);

/// The same, of the bytes of an Exif block, which begins as a TIFF file does.
Orientation exif_orientation(std::string_view tiff);

}  // namespace hourglass
