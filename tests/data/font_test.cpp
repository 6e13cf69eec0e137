#include "hourglass/data/font.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

std::filesystem::path font_path(int number) {
    return HOURGLASS_SOURCE_DIR "/data/fonts/font" + std::to_string(number) + ".txt";
}

/// A glyph as the assignment lists it: a byte a row, 0x10 the leftmost pixel.
struct Bytes {
    int font;
    unsigned code;
    std::string name;
    std::array<unsigned, glyph_height> rows;
};

const std::vector<Bytes> known_glyphs = {
    {1, 0x20, "space", {0, 0, 0, 0, 0, 0, 0}},     {1, 0x23, "#", {10, 10, 31, 10, 31, 10, 10}},
    {1, 0x37, "7", {31, 1, 2, 4, 8, 8, 8}},        {2, 0x40, "@", {14, 17, 23, 21, 23, 16, 15}},
    {2, 0x51, "Q", {14, 17, 17, 17, 21, 18, 13}},  {3, 0x61, "a", {0, 14, 1, 13, 19, 19, 13}},
    {3, 0x6b, "k", {16, 16, 18, 20, 24, 20, 18}},  {3, 0x7b, "{", {6, 8, 8, 16, 8, 8, 6}},
    {3, 0x7f, "DEL", {31, 31, 31, 31, 31, 31, 31}}};

Vector pixels_of(const Bytes& glyph) {
    Vector pixels;
    for (const unsigned row : glyph.rows) {
        for (unsigned bit = 0x10; bit != 0; bit >>= 1) {
            pixels.push_back((row & bit) != 0 ? Scalar{1} : Scalar{-1});
        }
    }
    return pixels;
}

// Two glyphs of 8 lines each.
const std::string two_glyphs =
    "0x61 a\n.....\n.###.\n....#\n.##.#\n#..##\n#..##\n.##.#\n"
    "0x62 b\n#....\n#....\n#....\n#.##.\n##..#\n#...#\n####.\n";

/// `text` with the line `number`, from 1, taken out (or replaced).
std::string with_line(std::string text, int number, const std::string& line, bool insert = false) {
    std::size_t begin = 0;
    for (int n = 1; n < number; ++n) {
        begin = text.find('\n', begin) + 1;
    }
    return text.replace(begin, insert ? 0 : text.find('\n', begin) + 1 - begin, line);
}

/// What read_font complains about this text, which is in a file called bad.txt.
std::string complaint(const std::string& text) {
    const testing::TemporaryFolder folder;
    const auto path = folder.write("bad.txt", text);
    const std::string message = testing::error_message([&] { read_font(path); });
    CHECK(message.find('\n') == std::string::npos);
    return message;
}

}  // namespace

TEST_CASE("Font: each of the three has its 32 letters in the order of their codes") {
    for (const int number : {1, 2, 3}) {
        const Font font = read_font(font_path(number));
        REQUIRE(font.size() == 32);
        for (unsigned i = 0; i < 32; ++i) {
            CHECK(font.glyphs[i].code == 0x20u * static_cast<unsigned>(number) + i);
            CHECK(font.glyphs[i].pixels.size() == glyph_pixels);
        }
        CHECK(font.file == font_path(number).string());
    }
}

TEST_CASE("Font: letters equal the row bytes of the assignment bit for bit") {
    for (const Bytes& known : known_glyphs) {
        CAPTURE(known.name);
        const Font font = read_font(font_path(known.font));
        const Glyph& glyph = font.glyphs[known.code % 0x20];
        CHECK(glyph.code == known.code);
        CHECK(glyph.name == known.name);
        CHECK(glyph.pixels == pixels_of(known));
        const Matrix X = font.pixels();
        CHECK(std::ranges::equal(X.row(known.code % 0x20), pixels_of(known)));
    }
}

TEST_CASE("Font: its text is the file again") {
    for (const int number : {1, 2, 3}) {
        CHECK(read_font(font_path(number)).text() == testing::bytes_of(font_path(number)));
    }
}

TEST_CASE("Font: a letter is found by its name and its character and its code") {
    const Font font = read_font(font_path(3));
    CHECK(font.find("a") == 1);
    CHECK(font.find("0x61") == 1);
    CHECK(font.find("DEL") == 31);
    CHECK(font.find("0x7f") == 31);
    CHECK(font.find("\x7f") == 31);
    CHECK_FALSE(font.find("A"));
    CHECK_FALSE(font.find(""));
    CHECK_FALSE(font.find("aa"));
    CHECK(read_font(font_path(1)).find(" ") == 0);
    CHECK(read_font(font_path(1)).find("space") == 0);
}

TEST_CASE("Font: line ends of Windows and empty lines between letters change nothing") {
    const testing::TemporaryFolder folder;
    std::string windows;
    for (const char c : with_line(two_glyphs, 9, "\n\n", true)) {
        windows += c == '\n' ? "\r\n" : std::string(1, c);
    }
    CHECK(read_font(folder.write("windows.txt", windows)).text() == two_glyphs);
    const std::string no_last_end = two_glyphs.substr(0, two_glyphs.size() - 1);
    CHECK(read_font(folder.write("end.txt", no_last_end)).text() == two_glyphs);
}

TEST_CASE("Font: a file that is not there or is a folder or is empty is named") {
    const testing::TemporaryFolder folder;
    const auto message = [&](const std::filesystem::path& path) {
        return testing::error_message([&] { read_font(path); });
    };
    CHECK(message(folder.path() / "none.txt") ==
          (folder.path() / "none.txt").string() + ": cannot be opened; expected a font file");
    CHECK(testing::contains(message(folder.path()), folder.path().string() + ": cannot be opened"));
    CHECK(testing::contains(complaint(""), "bad.txt: expected glyphs, found an empty file"));
    CHECK(testing::contains(complaint("\n\n"), "bad.txt: expected glyphs, found an empty file"));
}

TEST_CASE("Font: a letter with too few or too many rows is named with file and line") {
    CHECK(testing::contains(complaint(with_line(two_glyphs, 4, "")),
                            "bad.txt:15: glyph b has 7 rows, expected 6, as glyph a has"));
    CHECK(testing::contains(complaint(with_line(two_glyphs, 16, "")),
                            "bad.txt:15: glyph b has 6 rows, expected 7, as glyph a has"));
    CHECK(testing::contains(complaint(with_line(two_glyphs, 9, "#####\n", true)),
                            "bad.txt:17: glyph b has 7 rows, expected 8, as glyph a has"));
    CHECK(testing::contains(
        complaint(with_line(two_glyphs, 5, "\n", true)),
        "bad.txt:6: expected a glyph's code and name, such as 0x61 a, got '.##.#'"));
    CHECK(testing::contains(complaint(two_glyphs.substr(0, 23)),
                            "bad.txt:4: expected 5 pixels, got 4"));
    CHECK(testing::contains(complaint("0x61 a\n"), "bad.txt:1: glyph a has no rows"));
}

TEST_CASE("Font: the first letter says how wide and high all are") {
    const testing::TemporaryFolder folder;
    const auto glyph = [](const std::string& header, std::size_t width, std::size_t height) {
        std::string text = header + "\n";
        for (std::size_t r = 0; r < height; ++r) {
            text += std::string(width - 1, r % 2 == 0 ? '#' : '.') + "#\n";
        }
        return text;
    };
    for (const auto& [width, height] :
         std::vector<std::pair<std::size_t, std::size_t>>{{8, 8}, {1, 1}, {3, 5}, {100, 100}}) {
        const std::string text = glyph("0x61 a", width, height) + glyph("0x62 b", width, height);
        const Font font = read_font(folder.write("font.txt", text));
        CHECK(font.width == width);
        CHECK(font.height == height);
        CHECK(font.pixels().cols() == width * height);
        CHECK(font.pixels().rows() == 2);
        CHECK(font.text() == text);
    }
    CHECK(testing::contains(complaint(glyph("0x61 a", 8, 8) + glyph("0x62 b", 5, 7)),
                            "bad.txt:11: expected 8 pixels, got 5"));
    CHECK(testing::contains(complaint(glyph("0x61 a", 101, 100)),
                            "bad.txt:101: expected a glyph of at most 10000 pixels"));
    CHECK(testing::contains(complaint("0x61 a\n" + std::string(200'000, '#')),
                            "bad.txt:2: expected text, got a line of more than 100000 bytes"));
    CHECK(text_art(Vector{1, -1, -1, 1, 1, 1}, 2) == "#.\n.#\n##\n");
}

TEST_CASE("Font: names are characters of UTF-8 and not bytes") {
    const testing::TemporaryFolder folder;
    const auto named = [&](const std::string& header) {
        return read_font(folder.write("font.txt", header + "\n##\n"));
    };
    CHECK(named("0xe9 \u00e9").find("\u00e9") == 0);
    CHECK(named("0xe9 e-acute").find("\u00e9") == 0);  // by its code
    CHECK(named("0x20ac \u20ac").names() == std::vector<std::string>{"\u20ac"});
    CHECK(named("0x1f600 smile").find("\U0001f600") == 0);
    CHECK(named("0x3a9 \u03a9mega").find("\u03a9mega") == 0);
    CHECK_FALSE(named("0xe9 \u00e9").find("\xe9"));
    // Latin-1, the shortest form missed, a surrogate, a cut character, invisible ones
    for (const std::string name : {"\xe9", "\xc0\xaf", "\xed\xa0\x80", "a\xe2\x82",
                                   "\xf5\x80\x80\x80", "\u00a0", "\u0085", "a\u202e", "\u200b"}) {
        CAPTURE(name);
        CHECK(
            testing::contains(complaint("0xe9 " + name + "\n##\n"),
                              "bad.txt:1: expected a name of visible characters, in UTF-8, got "));
    }
    CHECK(testing::contains(complaint(with_line(two_glyphs, 5, ".##\u2588#\n")),
                            "bad.txt:5: expected '#' or '.', got '\u2588'"));
    CHECK(testing::contains(complaint(with_line(two_glyphs, 5, "\u2588\u2588#\n")),
                            "bad.txt:5: expected 5 pixels, got 3: '\u2588\u2588#'"));
}

TEST_CASE("Font: a byte order mark in front is no part of the first header") {
    const testing::TemporaryFolder folder;
    CHECK(read_font(folder.write("mark.txt", "\xef\xbb\xbf" + two_glyphs)).text() == two_glyphs);
    CHECK(read_font(folder.write("mark.txt", "\xef\xbb\xbf\r\n" + two_glyphs)).text() ==
          two_glyphs);
    CHECK(testing::contains(complaint("\xef\xbb\xbf"), "expected glyphs, found an empty file"));
    CHECK(testing::contains(complaint("\xef\xbb\xbf"
                                      "61 a\n"),
                            "bad.txt:1: expected a glyph's code"));
    CHECK(testing::contains(complaint(std::string("\xff\xfe") + "0\0x\0"),
                            "expected a font file in UTF-8, found UTF-16"));
}

TEST_CASE("Font: a row that is too short or too long is named with file and line") {
    CHECK(testing::contains(complaint(with_line(two_glyphs, 3, ".###\n")),
                            "bad.txt:3: expected 5 pixels, got 4: '.###'"));
    CHECK(testing::contains(complaint(with_line(two_glyphs, 16, "####..\n")),
                            "bad.txt:16: expected 5 pixels, got 6: '####..'"));
}

TEST_CASE("Font: an unknown character is named with file and line") {
    CHECK(testing::contains(complaint(with_line(two_glyphs, 5, ".##x#\n")),
                            "bad.txt:5: expected '#' or '.', got 'x'"));
    CHECK(testing::contains(complaint(with_line(two_glyphs, 5, ".##\x01#\n")),
                            "bad.txt:5: expected '#' or '.', got '?'"));
}

TEST_CASE("Font: a letter that comes twice is named with both lines") {
    CHECK(testing::contains(complaint(two_glyphs + with_line(two_glyphs, 1, "0x61 other\n")),
                            "bad.txt:17: glyph other is there already, at line 1"));
}

TEST_CASE("Font: a bad header is named with file and line") {
    for (const std::string header :
         {"61 a", "0x61", "0x61 ", "0xzz a", "0x61a", "0x6 1 a", "0x61  a", "a", "0x a", "0x-1 a",
          "0x123456789 a", "0x61 \x01"}) {
        CAPTURE(header);
        CHECK(testing::contains(complaint(with_line(two_glyphs, 9, header + "\n")),
                                "bad.txt:9: expected a "));
    }
}

TEST_CASE("Font: a binary file is refused in one short line of visible characters") {
    std::string bytes;
    Rng rng(1);
    for (int i = 0; i < 4096; ++i) {
        bytes += static_cast<char>(rng.below(256));
    }
    const std::string message = complaint("\x89PNG\r\n\x1a\n" + bytes);
    CHECK(testing::contains(message, "bad.txt:1: expected a glyph's code and name"));
    CHECK(message.size() < 300);
    CHECK(std::ranges::all_of(message, [](unsigned char c) { return c >= ' ' && c < 127; }));
}

TEST_CASE("Font: a file cut short anywhere gives whole letters of one size or an error") {
    for (std::size_t length = 0; length < two_glyphs.size() - 1; ++length) {
        CAPTURE(length);
        const testing::TemporaryFolder folder;
        const auto path = folder.write("cut.txt", two_glyphs.substr(0, length));
        // Cut within the first row, the font is less wide; at the end of another of the first
        // letter, less high. Later it shows.
        const bool whole = length > 7 && length <= 49 && (length < 12 || length % 6 <= 1);
        CHECK(testing::error_message([&] { read_font(path); }).empty() == whole);
    }
}

}  // namespace hourglass
