#include "utf8.hpp"

#include <algorithm>
#include <array>

namespace hourglass {

bool Character::is_visible() const {
    const bool is_control = code <= ' ' || (code >= 0x7f && code <= 0xa0);
    const bool is_layout =
        (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) || code == 0xfeff;
    return length > 0 && !is_control && !is_layout;
}

Character first_character(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = text.empty() ? 0xff : byte(0);
    if (first < 0x80) {
        return {first, 1};
    }
    const std::size_t length = first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length == 0 || first > 0xf4 || text.size() < length) {
        return {};
    }
    char32_t code = first & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) {
            return {};
        }
        code = code << 6 | (byte(i) & 0x3f);
    }
    constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < least[length] || code > 0x10ffff || is_surrogate ? Character{}
                                                                   : Character{code, length};
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); ++count) {
        text.remove_prefix(std::max<std::size_t>(first_character(text).length, 1));
    }
    return count;
}

std::string printable(std::string_view text) {
    constexpr int most = 20;
    std::string result;
    for (int n = 0; n < most && !text.empty(); ++n) {
        const Character c = first_character(text);
        const std::size_t length = std::max<std::size_t>(c.length, 1);
        result += c.is_visible() || c.code == ' ' ? text.substr(0, length) : "?";
        text.remove_prefix(length);
    }
    return "'" + result + (text.empty() ? "'" : "...'");
}

}  // namespace hourglass
