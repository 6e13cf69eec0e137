#include "hourglass/data/font.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <set>

#include "hourglass/core/error.hpp"
#include "hourglass/data/text_lines.hpp"
#include "utf8.hpp"

namespace hourglass {
namespace {

constexpr std::size_t max_glyph_pixels = 10'000;

class FontParser {
public:
    explicit FontParser(const std::filesystem::path& path) : lines_(path, "a font file") {
        font_.file = path.string();
    }

    Font parse() {
        for (bool more = lines_.next(); more;) {
            more = lines_.line().empty() ? lines_.next() : parse_glyph();
        }
        if (font_.glyphs.empty()) {
            throw Error(font_.file + ": expected glyphs, found an empty file");
        }
        return std::move(font_);
    }

private:
    // From its header on; false if the file ends with it.
    bool parse_glyph() {
        Glyph glyph = parse_header();
        const auto [seen, is_new] = headers_.emplace(glyph.code, lines_.number());
        if (!is_new) {
            lines_.fail("glyph " + glyph.name + " is there already, at line " +
                        std::to_string(seen->second));
        }
        if (!names_.insert(glyph.name).second) {
            lines_.fail("another glyph is called " + glyph.name + " already");
        }
        std::size_t rows = 0;
        bool more = lines_.next();
        for (; more && is_row(lines_.line()); more = lines_.next()) {
            parse_row(glyph);
            ++rows;
        }
        require_height(glyph, rows);
        font_.glyphs.push_back(std::move(glyph));
        return more;
    }

    // A row with a mistake in it is a row too. What begins with 0x is the next header.
    static bool is_row(std::string_view line) {
        return line.find_first_of("#.") != std::string_view::npos && !line.starts_with("0x");
    }

    // 0x61 a
    Glyph parse_header() const {
        Glyph glyph;
        const std::string& line = lines_.line();
        const std::size_t space = line.find(' ');
        const char* first = line.data() + 2;
        const char* last = line.data() + std::min(space, line.size());
        const bool two_words = line.starts_with("0x") && space != std::string::npos && space > 2 &&
                               space + 1 < line.size();
        const auto code = two_words ? std::from_chars(first, last, glyph.code, 16)
                                    : std::from_chars_result{first, std::errc::invalid_argument};
        if (code.ec != std::errc{} || code.ptr != last) {
            lines_.fail("expected a glyph's code and name, such as 0x61 a, got " + printable(line));
        }
        glyph.name = line.substr(space + 1);
        for (std::string_view rest = glyph.name; !rest.empty();) {
            const Character c = first_character(rest);
            if (!c.is_visible()) {
                lines_.fail("expected a name of visible characters, in UTF-8, got " +
                            printable(glyph.name));
            }
            rest.remove_prefix(c.length);
        }
        return glyph;
    }

    // .###.    the first row of all says how wide the font is
    void parse_row(Glyph& glyph) {
        std::string_view row = lines_.line();
        const std::size_t width = count_characters(row);
        font_.width = font_.width == 0 ? width : font_.width;
        if (width != font_.width) {
            lines_.fail("expected " + std::to_string(font_.width) + " pixels, got " +
                        std::to_string(width) + ": " + printable(row));
        }
        if (glyph.pixels.size() + width > max_glyph_pixels) {
            lines_.fail("expected a glyph of at most " + std::to_string(max_glyph_pixels) +
                        " pixels");
        }
        for (; !row.empty(); row.remove_prefix(1)) {
            if (row.front() != '#' && row.front() != '.') {
                const std::size_t length = std::max<std::size_t>(first_character(row).length, 1);
                lines_.fail("expected '#' or '.', got " + printable(row.substr(0, length)));
            }
            glyph.pixels.push_back(row.front() == '#' ? Scalar{1} : Scalar{-1});
        }
    }

    // The first glyph says how high the font is.
    void require_height(const Glyph& glyph, std::size_t rows) {
        if (rows == 0) {
            lines_.fail("glyph " + glyph.name + " has no rows");
        }
        font_.height = font_.glyphs.empty() ? rows : font_.height;
        if (rows != font_.height) {
            lines_.fail("glyph " + glyph.name + " has " + std::to_string(rows) +
                        " rows, expected " + std::to_string(font_.height) + ", as glyph " +
                        font_.glyphs.front().name + " has");
        }
    }

    TextLines lines_;
    std::map<unsigned, int> headers_;  // code -> the line it stands in
    std::set<std::string> names_;
    Font font_;
};

}  // namespace

Matrix Font::pixels() const {
    Matrix X(size(), glyph_size());
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
    const Character character = first_character(name);
    const bool is_character = character.length > 0 && character.length == name.size();
    for (std::size_t i = 0; i < size(); ++i) {
        char code[16];
        std::snprintf(code, sizeof code, "0x%02x", glyphs[i].code);
        if (name == glyphs[i].name || name == code ||
            (is_character && glyphs[i].code == character.code)) {
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
        result += std::string(code) + " " + glyph.name + "\n" + text_art(glyph.pixels, width);
    }
    return result;
}

Font read_font(const std::filesystem::path& path) {
    return FontParser(path).parse();
}

std::string text_art(std::span<const Scalar> image, std::size_t width) {
    assert(width > 0 && image.size() % width == 0);
    std::string result;
    for (std::size_t i = 0; i < image.size(); ++i) {
        result += image[i] > 0 ? '#' : '.';
        if ((i + 1) % width == 0) {
            result += '\n';
        }
    }
    return result;
}

}  // namespace hourglass
