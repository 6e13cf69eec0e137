#pragma once

#include <filesystem>

#include "hourglass/data/table.hpp"

namespace hourglass {

/// A csv file in UTF-8, with or without byte order mark, lines ending in LF or CRLF, as RFC 4180 has it: a value that holds a
/// delimiter, a quote or a line break stands in quotes, and a quote in it is doubled. Blanks around values and empty lines
/// are skipped.
///   delimiter  the first of tab, semicolon, bar and comma that stands in the first line outside of quotes
///   header     there is one if no value of the first line is a number
///   missing    an empty value, ?, NA, N/A, NaN, nan, null, NULL or None
/// Memory: twice that of the numbers.
/// @throws Error  naming file, line and column: of a value that is no finite number or is missing (unless options.missing
///                allows it), a row that has too few values or too many, a quote in the wrong place or never closed; naming
///                the columns there are, for one that is not
/// @see  libcsv, which finds the values; std::from_chars, which makes numbers of them
Table read_csv(const std::filesystem::path& path, const TableOptions& options = {});

}  // namespace hourglass
