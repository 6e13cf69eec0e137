#include "hourglass/io/formatting.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace hourglass {

std::string padded(std::string text, std::size_t width) {
    const auto characters = static_cast<std::size_t>(
        std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; }));
    text.append(width - std::min(width, characters), ' ');
    return text;
}

std::string listed(const std::vector<std::string>& names) {
    std::string result;
    for (const std::string& name : names) {
        result += (result.empty() ? "" : ", ") + name;
    }
    return result;
}

std::vector<std::string> numbered(std::size_t count) {
    std::vector<std::string> numbers;
    while (numbers.size() < count) {
        numbers.push_back(std::to_string(numbers.size() + 1));
    }
    return numbers;
}

std::string widths_text(const std::vector<std::size_t>& widths, const char* separator) {
    std::string text;
    for (const std::size_t width : widths) {
        text += (text.empty() ? "" : separator) + std::to_string(width);
    }
    return text;
}

std::string mirrored_text(const std::vector<std::size_t>& widths) {
    std::vector<std::size_t> all = widths;
    all.insert(all.end(), widths.rbegin() + 1, widths.rend());
    return widths_text(all);
}

template <typename Number>
std::vector<Number> numbers_from_text(const std::string& text) {
    std::vector<Number> numbers;
    const char* at = text.data();
    const char* last = text.data() + text.size();
    while (true) {
        Number number = {};
        const auto [end, error] = std::from_chars(at, last, number);
        if (error != std::errc{} || (end != last && *end != ',')) {
            return {};
        }
        numbers.push_back(number);
        if (end == last) {
            return numbers;
        }
        at = end + 1;
    }
}

template std::vector<double> numbers_from_text(const std::string&);
template std::vector<std::size_t> numbers_from_text(const std::string&);

std::string wrapped(const std::string& sentence, const std::string& indent) {
    std::istringstream words(sentence);
    std::string lines, line = indent, word;
    while (words >> word) {
        if (line.size() + word.size() > 78) {
            lines += line + "\n";
            line = indent;
        }
        line += (line == indent ? "" : " ") + word;
    }
    return lines + line + "\n";
}

}  // namespace hourglass
