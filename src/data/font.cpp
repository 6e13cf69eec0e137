#include "hourglass/data/font.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>

#include "hourglass/core/error.hpp"

namespace hourglass {
namespace {

/// Bytes of a file as they may be shown in a message: short, and without control characters.
std::string printable(std::string_view bytes) {
    constexpr std::size_t longest = 20;
    std::string result;
    for (const char c : bytes.substr(0, longest)) {
        result += std::isprint(static_cast<unsigned char>(c)) ? c : '?';
    }
    return "'" + result + (bytes.size() > longest ? "...'" : "'");
}

class FontParser {
public:
    FontParser(std::istream& input, std::string file) : input_(input) {
        font_.file = std::move(file);
    }

    Font parse() {
        while (next_line()) {
            if (!line_.empty()) {
                parse_glyph();
            }
        }
        if (font_.glyphs.empty()) {
            throw Error(font_.file + ": expected glyphs, found an empty file");
        }
        return std::move(font_);
    }

private:
    bool next_line() {
        if (!std::getline(input_, line_)) {
            return false;
        }
        ++number_;
        if (line_.ends_with('\r')) {
            line_.pop_back();
        }
        return true;
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Error(font_.file + ":" + std::to_string(number_) + ": " + what);
    }

    void parse_glyph() {
        Glyph glyph = parse_header();
        const int header_line = number_;
        const auto [seen, is_new] = lines_.emplace(glyph.code, header_line);
        if (!is_new) {
            fail("glyph " + glyph.name + " is there already, at line " +
                 std::to_string(seen->second));
        }
        if (!names_.insert(glyph.name).second) {
            fail("another glyph is called " + glyph.name + " already");
        }
        for (std::size_t row = 0; row < glyph_height; ++row) {
            if (!next_line() || line_.empty() || line_.starts_with("0x")) {
                fail("glyph " + glyph.name + " has " + std::to_string(row) + " rows, expected " +
                     std::to_string(glyph_height));
            }
            parse_row(glyph.pixels);
        }
        font_.glyphs.push_back(std::move(glyph));
    }

    // 0x61 a
    Glyph parse_header() const {
        Glyph glyph;
        const std::size_t space = line_.find(' ');
        const char* first = line_.data() + 2;
        const char* last = line_.data() + std::min(space, line_.size());
        const bool two_words = line_.starts_with("0x") && space != std::string::npos && space > 2 &&
                               space + 1 < line_.size();
        const auto code = two_words ? std::from_chars(first, last, glyph.code, 16)
                                    : std::from_chars_result{first, std::errc::invalid_argument};
        if (code.ec != std::errc{} || code.ptr != last) {
            fail("expected a glyph's code and name, such as 0x61 a, got " + printable(line_));
        }
        glyph.name = line_.substr(space + 1);
        if (!std::ranges::all_of(glyph.name, [](unsigned char c) { return std::isgraph(c); })) {
            fail("expected a name of visible characters, got " + printable(glyph.name));
        }
        return glyph;
    }

    // .###.
    void parse_row(Vector& pixels) const {
        if (line_.size() != glyph_width) {
            fail("expected " + std::to_string(glyph_width) + " pixels, got " +
                 std::to_string(line_.size()) + ": " + printable(line_));
        }
        for (const char c : line_) {
            if (c != '#' && c != '.') {
                fail("expected '#' or '.', got " + printable({&c, 1}));
            }
            pixels.push_back(c == '#' ? Scalar{1} : Scalar{-1});
        }
    }

    std::istream& input_;
    std::string line_;
    int number_ = 0;
    std::map<unsigned, int> lines_;  // code -> where its glyph begins
    std::set<std::string> names_;
    Font font_;
};

}  // namespace

Matrix Font::pixels() const {
    Matrix X(size(), glyph_pixels);
    for (std::size_t i = 0; i < size(); ++i) {
        std::ranges::copy(glyphs[i].pixels, X.row(i).begin());
    }
    return X;
}

std::vector<std::string> Font::names() const {
    std::vector<std::string> result;
    for (const Glyph& glyph : glyphs) {
        result.push_back(glyph.name);
    }
    return result;
}

std::optional<std::size_t> Font::find(std::string_view name) const {
    for (std::size_t i = 0; i < size(); ++i) {
        char code[16];
        std::snprintf(code, sizeof code, "0x%02x", glyphs[i].code);
        const bool is_character =
            name.size() == 1 && glyphs[i].code == static_cast<unsigned char>(name.front());
        if (name == glyphs[i].name || name == code || is_character) {
            return i;
        }
    }
    return std::nullopt;
}

std::string Font::text() const {
    std::string result;
    for (const Glyph& glyph : glyphs) {
        char code[16];
        std::snprintf(code, sizeof code, "0x%02x", glyph.code);
        result += std::string(code) + " " + glyph.name + "\n" + text_art(glyph.pixels);
    }
    return result;
}

Font read_font(const std::filesystem::path& path) {
    std::ifstream input(path, std::ios::binary);
    if (!input || std::filesystem::is_directory(path)) {
        throw Error(path.string() + ": cannot be opened; expected a font file");
    }
    return FontParser(input, path.string()).parse();
}

std::string text_art(std::span<const Scalar> image) {
    assert(image.size() == glyph_pixels);
    std::string result;
    for (std::size_t i = 0; i < image.size(); ++i) {
        result += image[i] > 0 ? '#' : '.';
        if ((i + 1) % glyph_width == 0) {
            result += '\n';
        }
    }
    return result;
}

}  // namespace hourglass
