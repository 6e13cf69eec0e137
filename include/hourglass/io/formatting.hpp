#pragma once

#include <cstdio>
#include <string>
#include <vector>

// Texts of reports, captions and options.

namespace hourglass {

/// As printf: a line for a report.
template <typename... Values>
std::string text(const char* format, Values... values) {
    char line[300];
    std::snprintf(line, sizeof line, format, values...);
    return line;
}

/// A text with spaces up to a column's width, in characters: of UTF-8 each may be several bytes.
std::string padded(std::string text, std::size_t width);

/// A sentence in lines of at most 78 characters, each indented.
std::string wrapped(const std::string& sentence, const std::string& indent);

/// "a, b, c"
std::string listed(const std::vector<std::string>& names);

/// "1", "2", ..., to `count`.
std::vector<std::string> numbered(std::size_t count);

/// 35, 25, 15, 2 as "35-25-15-2".
std::string widths_text(const std::vector<std::size_t>& widths, const char* separator = "-");

/// "35-25-15-2-15-25-35" of an encoder's widths 35, 25, 15, 2.
std::string mirrored_text(const std::vector<std::size_t>& widths);

/// Numbers with commas between them, of double or std::size_t; none, if the text is anything else.
template <typename Number>
std::vector<Number> numbers_from_text(const std::string& text);

}  // namespace hourglass
