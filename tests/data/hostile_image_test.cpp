#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>

#include "hourglass/data/image.hpp"
#include "making_images.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// Files that cost more than they are worth, and files that are not what their name says.

namespace hourglass {
namespace {

using namespace std::string_literals;
using testing::png_chunk;

std::string reference_bytes(const std::string& name) {
    return testing::bytes_of(HOURGLASS_SOURCE_DIR "/tests/reference/images/" + name);
}

std::string complaint(const std::string& bytes) {
    const testing::TemporaryFolder folder;
    const auto path = folder.write("image", bytes);
    const std::string message = testing::error_message([&] { read_image(path, 4); });
    return message.starts_with(path.string() + ": ") ? message.substr(path.string().size() + 2)
                                                     : message;
}

Vector image_of(const std::string& bytes, std::size_t side = 4) {
    const testing::TemporaryFolder folder;
    return read_image(folder.write("image", bytes), side);
}

/// The most memory that this process ever had, in MB.
long peak() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

std::string with_byte(std::string bytes, std::string_view marker, std::size_t offset, char value) {
    const std::size_t at = bytes.find(marker);
    REQUIRE(at != std::string::npos);
    bytes[at + offset] = value;
    return bytes;
}

// A progressive gray JPEG of 8 x 8 pixels: its first scan, then an empty one `scans` times.
std::string jpeg_of_scans(int scans) {
    const auto segment = [](char kind, const std::string& data) {
        return "\xff"s + kind + testing::big_endian(data.size() + 2, 2) + data;
    };
    const auto table = [&](char place, char symbol) {
        return segment('\xc4', place + "\1"s + std::string(15, '\0') + symbol);
    };
    const std::string ac = segment('\xda', "\1\1\0\1\x3f\0"s) + "\x7f"s;  // one end of block
    std::string bytes = "\xff\xd8" + segment('\xdb', '\0' + std::string(64, '\1')) +
                        segment('\xc2', "\x08\0\x08\0\x08\1\1\x11\0"s) + table('\0', '\0') +
                        table('\x10', '\0') + segment('\xda', "\1\1\0\0\0\0"s) + "\x7f"s;
    for (int i = 1; i < scans; ++i) {
        bytes += ac;
    }
    return bytes + "\xff\xd9";
}

}  // namespace

TEST_CASE("read_image: chunks beside the pixels of a PNG take no memory whatever they claim") {
    const std::vector<std::vector<int>> rows = {{0, 100}, {200, 255}};
    const Vector plain = image_of(testing::gray_png(rows));
    const std::string bomb = testing::deflated(std::string(1'000'000, 'x'), 500);
    const long before = peak();
    for (const std::string& chunk :
         {png_chunk("zTXt", "Comment\0\0"s + bomb), png_chunk("iTXt", "C\0\1\0\0\0"s + bomb),
          png_chunk("iCCP", "profile\0\0"s + bomb),
          png_chunk("tEXt", "Comment\0"s + std::string(1'000'000, 'x'))}) {
        CHECK(image_of(testing::gray_png(rows, chunk)) == plain);
        CHECK(image_of(testing::gray_png(rows, "", chunk)) == plain);
    }
    for (const std::string kind : {"sPLT", "tEXt", "zTXt", "iCCP", "eXIf", "abCd"}) {
        CAPTURE(kind);
        CHECK(complaint(testing::gray_png(rows, png_chunk(kind, "x\0\0"s, 0x7fffffff))) ==
              "damaged PNG: the file is cut short");
    }
    CHECK(peak() - before < 200);  // 2000 where one is believed; a sanitizer keeps what was freed
}

TEST_CASE("read_image: ten thousand small chunks and APP1 segments cost nothing") {
    std::string chunks;
    std::string segments;
    for (int i = 0; i < 10'000; ++i) {
        chunks += png_chunk("tEXt", "a\0b"s);
        segments += "\xff\xe1\0\x08Exif\0\0"s;
    }
    CHECK(image_of(testing::gray_png({{7}}, chunks)) == image_of(testing::gray_png({{7}})));
    const std::string jpeg = reference_bytes("gray.jpg");
    CHECK(image_of(jpeg.substr(0, 2) + segments + jpeg.substr(2)) == image_of(jpeg));
}

TEST_CASE("read_image: a JPEG of a thousand scans is refused and one of a few is not") {
    CHECK(image_of(jpeg_of_scans(2)) == image_of(jpeg_of_scans(1)));
    CHECK(complaint(jpeg_of_scans(max_jpeg_scans)) == "");
    CHECK(complaint(jpeg_of_scans(max_jpeg_scans + 1)) ==
          "damaged JPEG: it has more than 100 scans");
    CHECK(complaint(jpeg_of_scans(1000)) == "damaged JPEG: it has more than 100 scans");
    CHECK(complaint(jpeg_of_scans(100'000)) == "damaged JPEG: it has more than 100 scans");
}

TEST_CASE("read_image: photographs larger than a phone's are read in little memory") {
    // A third of each side, 8 megapixels, where unoptimized code sums the pixels.
    constexpr std::size_t share = testing::scalar_is_double ? 3 : 1;
    const std::string large = testing::black_png(8160 / share, 6144 / share);
    const std::string interlaced = testing::black_png(9000 / share, 8000 / share, true);
    const std::string jpeg = testing::flat_jpeg(8160 / share, 6144 / share, 0, {.channels = 3});
    const long before = peak();
    CHECK(image_of(large) == Vector(16, -1));
    CHECK(image_of(interlaced) == Vector(16, -1));
    CHECK(image_of(jpeg) == Vector(16, -1));
    CHECK(peak() - before < 30);  // interlaced at once took 576 of 72 megapixels
}

TEST_CASE("read_image: a header that claims too much is refused before any memory is taken") {
    const auto header = [](std::size_t width, std::size_t height) {
        return "\x89PNG\r\n\x1a\n" +
               png_chunk("IHDR", testing::big_endian(width, 4) + testing::big_endian(height, 4) +
                                     "\x10\6\0\0\1"s) +
               png_chunk("IDAT", testing::deflated("x")) + png_chunk("IEND", "");
    };
    const long before = peak();
    for (const auto& [width, height] :
         std::vector<std::pair<std::size_t, std::size_t>>{{65'536, 1},
                                                          {1, 65'536},
                                                          {0x7fffffff, 1},
                                                          {1, 0x7fffffff},
                                                          {65'535, 65'535},
                                                          {15'812, 15'812}}) {
        CHECK(complaint(header(width, height)) ==
              "expected an image of 1 to 250000000 pixels, at most 65535 a side, got " +
                  std::to_string(width) + " x " + std::to_string(height));
    }
    CHECK(testing::contains(complaint(header(15'811, 15'811)), "damaged PNG"));
    std::string progressive = testing::flat_jpeg(8, 8, 0, {.channels = 3, .progressive = true});
    const std::size_t frame = progressive.find("\xff\xc2");
    progressive.replace(frame + 5, 4, "\x3a\x98\x3a\x98");  // 15000 x 15000
    CHECK(complaint(progressive) ==
          "expected a baseline or progressive JPEG of 8 bits, got one in several scans that takes "
          "more than 500 MB of memory; save it as baseline");
    CHECK(peak() - before < 50);
}

TEST_CASE("read_image: an intact JPEG of another kind is not called damaged") {
    const std::string expected = "expected a baseline or progressive JPEG of 8 bits, got ";
    const std::string jpeg = reference_bytes("gray.jpg");
    CHECK(complaint(with_byte(jpeg, "\xff\xc0", 1, '\xc3')) == expected + "a lossless one");
    CHECK(complaint(with_byte(jpeg, "\xff\xc0", 1, '\xcb')) == expected + "a lossless one");
    CHECK(complaint(with_byte(jpeg, "\xff\xc0", 1, '\xc5')) == expected + "a hierarchical one");
    CHECK(complaint(with_byte(jpeg, "\xff\xc0", 1, '\xcf')) == expected + "a hierarchical one");
    CHECK(complaint(with_byte(jpeg, "\xff\xc0", 1, '\xf7')) == expected + "JPEG-LS");
    CHECK(complaint(with_byte(jpeg, "\xff\xc0", 4, '\x0c')) == expected + "one of 12 bits");
    CHECK(complaint(testing::flat_jpeg(9, 9, 5, {.channels = 4})) ==
          "expected a gray or colour JPEG, got one of 4 channels, such as CMYK");
    CHECK(complaint(testing::flat_jpeg(9, 9, 5, {.channels = 2})) ==
          "expected a gray or colour JPEG, got one of 2 channels");
    // Arithmetic coding is read where libjpeg has it.
    const std::string arithmetic =
        complaint(testing::flat_jpeg(9, 9, 255, {.channels = 1, .arithmetic = true}));
    CHECK((arithmetic.empty() || arithmetic == expected + "one in arithmetic coding"));
}

TEST_CASE("read_image: what has the name of a JPEG and is something else is said") {
    const std::vector<std::pair<std::string, std::string>> others = {
        {"GIF89a", "a GIF image"},
        {"RIFF\x24\0\0\0WEBPVP8 "s, "a WebP image"},
        {"\0\0\0\x18"
         "ftypheic\0\0\0\0"s,
         "a HEIC image"},
        {"\0\0\0\x1c"
         "ftypavif"s,
         "an AVIF image"},
        {"\0\0\0\x0cjP  \r\n\x87\n"s, "a JPEG 2000 image"},
        {"\xff\x4f\xff\x51", "a JPEG 2000 image"},
        {"\xff\x0a", "a JPEG XL image"},
        {"II*\0\x08\0\0\0"s, "a TIFF image or a camera's raw file"},
        {"BM6\0"s, "a BMP image"},
        {"<!DOCTYPE html>", "a web page"},
        {"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"},
        {"\0\x05\x16\x07\0\2\0\0"s, "an AppleDouble file"},
        {"\x89PNG\r\n\x1a\n\0\0\0\4CgBI"s, "a PNG that Xcode changed"},
        {"\x89PNG\r\n", "neither by its first bytes"},
        {"\xff\xd8", "neither by its first bytes"},
        {"", "an empty file"}};
    for (const auto& [bytes, kind] : others) {
        CHECK(testing::contains(complaint(bytes), "expected a JPEG or PNG file, found " + kind));
    }
}

}  // namespace hourglass
