#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

// The letters of data/fonts. A font of one's own may have another size: see Font.
constexpr std::size_t glyph_width = 5;
constexpr std::size_t glyph_height = 7;
constexpr std::size_t glyph_pixels = glyph_width * glyph_height;

/// One letter of a font.
struct Glyph {
    unsigned code = 0;  // of the character, as in Unicode
    std::string name;   // "a", "space", "DEL": what a label says, in UTF-8
    Vector pixels;      // (height * width), row after row from the top left; +1 ink, -1 paper
};

/// A set of letters of binary pixels, all of one size.
struct Font {
    std::string file;       // the name of the file it was read from, for messages
    std::size_t width = 0;  // of a glyph, in pixels
    std::size_t height = 0;
    std::vector<Glyph> glyphs;

    std::size_t size() const { return glyphs.size(); }
    std::size_t glyph_size() const { return width * height; }  // pixels of each

    /// All glyphs as samples: (size(), glyph_size()), values +1 and -1.
    Matrix pixels() const;

    /// The name of each glyph: (size()).
    std::vector<std::string> names() const;

    /// The position of the glyph called `name`: its name, its character, or its code as 0x61.
    std::optional<std::size_t> find(std::string_view name) const;

    /// A font file's text: what read_font reads.
    std::string text() const;
};

/// Reads text art: for each glyph a header line, `0x61 a`, then its rows, `#` for ink and `.` for
/// paper. The first glyph says how wide and high all are, up to 10,000 pixels. Empty lines between
/// glyphs are skipped.
/// @throws Error  naming file and line, if the file cannot be read or is not such a text
Font read_font(const std::filesystem::path& path);

/// `image` (height * width) as lines of text art; a pixel above 0 is ink.
std::string text_art(std::span<const Scalar> image, std::size_t width);

}  // namespace hourglass
