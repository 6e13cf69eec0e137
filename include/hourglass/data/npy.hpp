#pragma once

#include <filesystem>
#include <string>

#include "hourglass/data/table.hpp"

namespace hourglass {

/// An array that numpy.save wrote: bytes (u1), whole numbers (i4, i8) or floats (f4, f8), little-endian, in the order of C or
/// Fortran, versions 1 to 3. The first dimension is that of the rows, all others make the columns, in the order of C. Bytes
/// in three or four dimensions are images of (rows, height, width) or (..., channels), and are divided by 255.
/// @throws Error  naming the file, if it is no such file, is of another type, or is shorter or longer than its header says;
///                and the row and column of a value that is not finite, or is NaN unless options.missing allows it. What a
///                header claims takes no memory before that much was read.
/// @see  numpy.lib.format
Table read_npy(const std::filesystem::path& path, Missing missing = Missing::refuse);

/// The bytes of such a file: version 1, f4 or f8, in the order of C.
std::string npy_bytes(const Matrix& X);

}  // namespace hourglass
