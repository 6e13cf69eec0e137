#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hourglass {

/// A character of UTF-8, and the bytes it takes.
struct Character {
    char32_t code = 0;
    std::size_t length = 0;  // 0: the bytes are no UTF-8

    /// Neither a control character nor a blank, nor what turns or breaks the line it stands in.
    bool is_visible() const;
};

/// The character that `text` begins with.
/// @see  RFC 3629, section 4: the shortest form alone, no surrogates, at most U+10FFFF
Character first_character(std::string_view text);

/// How many characters; a byte that is no UTF-8 counts as one.
std::size_t count_characters(std::string_view text);

/// Bytes of a file as they may be shown in a message: in quotes, short, a question mark for what
/// cannot be seen.
std::string printable(std::string_view text);

}  // namespace hourglass
