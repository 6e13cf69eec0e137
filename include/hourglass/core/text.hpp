#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass {

/// A number for a message: with so many significant digits and no trailing zeros, as 0.003 or 1e-08.
std::string to_text(double value, int digits = 6);

/// The shortest text that reads back as just this number.
std::string to_exact_text(double value);

/// The position that a number, counted from 1, names among `count` things; nothing, if the text is anything else.
std::optional<std::size_t> position_from_text(std::string_view text, std::size_t count);

/// What came from outside, for a message of one line: control characters become question marks.
std::string one_line(std::string_view text);

/// Without the blanks at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace hourglass
