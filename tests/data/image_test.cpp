#include "hourglass/data/image.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "data/making_images.hpp"
#include "hourglass/data/png.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

const fs::path reference = HOURGLASS_SOURCE_DIR "/tests/reference/images";

/// A line of expected.csv, which tests/reference/images.py writes.
struct Expected {
    std::string file;
    std::size_t side = 0;
    double tolerance = 0;
    std::vector<double> x;
};

std::vector<Expected> read_expected() {
    std::istringstream input(testing::bytes_of(reference / "expected.csv"));
    std::vector<Expected> result;
    std::string line;
    std::getline(input, line);  // the header
    while (std::getline(input, line)) {
        std::istringstream fields(line);
        Expected expected;
        std::string field;
        std::getline(fields, expected.file, ',');
        std::getline(fields, field, ',');
        expected.side = std::stoul(field);
        std::getline(fields, field, ',');
        expected.tolerance = std::stod(field);
        while (std::getline(fields, field, ',')) {
            expected.x.push_back(std::stod(field));
        }
        result.push_back(expected);
    }
    return result;
}

double largest_difference(const Vector& a, const std::vector<double>& b) {
    if (a.size() != b.size()) {
        return INFINITY;
    }
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
    }
    return largest;
}

/// What read_image complains about this file: one short line that begins with the file's name.
std::string complaint(const fs::path& path) {
    const std::string message = testing::error_message([&] { read_image(path, 4); });
    CHECK(message.starts_with(path.string() + ": "));
    CHECK(message.find('\n') == std::string::npos);
    CHECK(message.size() < path.string().size() + 200);
    return message;
}

/// What is written to file descriptor 2 while `call` runs, past every stream of C++.
template <typename Call>
std::string stderr_of(const Call& call) {
    const testing::TemporaryFolder folder;
    std::fflush(stderr);
    const int before = dup(2);
    const int file = open((folder.path() / "stderr").c_str(), O_WRONLY | O_CREAT, 0600);
    REQUIRE(before >= 0);
    REQUIRE(file >= 0);
    dup2(file, 2);
    call();
    std::fflush(stderr);
    dup2(before, 2);
    close(before);
    close(file);
    return testing::bytes_of(folder.path() / "stderr");
}

std::string bytes_of_reference(const std::string& name) {
    return testing::bytes_of(reference / name);
}

/// A PNG whose header says that it has so many pixels. `header_crc` is that of its IHDR.
std::string png_of_size(std::string_view width, std::string_view height, std::string_view crc) {
    std::string bytes = bytes_of_reference("rgb_square.png");
    return bytes.replace(16, 4, width).replace(20, 4, height).replace(29, 4, crc);
}

/// A JPEG whose header says that it has so many pixels.
std::string jpeg_of_size(std::string_view height, std::string_view width) {
    std::string bytes = bytes_of_reference("colour.jpg");
    const std::size_t frame = bytes.find("\xff\xc0");
    REQUIRE(frame != std::string::npos);
    return bytes.replace(frame + 5, 2, height).replace(frame + 7, 2, width);
}

}  // namespace

TEST_CASE("read_image: pixels equal those computed with NumPy for every kind of file") {
    const auto all = read_expected();
    REQUIRE(all.size() == 4 * 22);
    for (const Expected& expected : all) {
        CAPTURE(expected.file);
        CAPTURE(expected.side);
        const Vector x = read_image(reference / expected.file, expected.side);
        CHECK(largest_difference(x, expected.x) <= expected.tolerance);
        CHECK(std::ranges::all_of(x, [](Scalar value) { return value >= -1 && value <= 1; }));
    }
}

TEST_CASE("read_image: of three channels, their luma is what one channel holds") {
    for (const Expected& expected : read_expected()) {
        CAPTURE(expected.file);
        const Vector x = read_image(reference / expected.file, expected.side, 3);
        REQUIRE(x.size() == 3 * expected.x.size());
        Vector luma(expected.x.size());
        for (std::size_t i = 0; i < luma.size(); ++i) {  // the weights differ, so an exchanged colour shows
            const double red = x[3 * i], green = x[3 * i + 1], blue = x[3 * i + 2];
            luma[i] = static_cast<Scalar>(0.2126 * red + 0.7152 * green + 0.0722 * blue);
        }
        CHECK(largest_difference(luma, expected.x) <= expected.tolerance + 1e-6);
    }
}

TEST_CASE("read_image: says how large the image is in its file, seen upright") {
    const testing::TemporaryFolder folder;
    StoredSize stored;
    read_image(folder.write("a.png", testing::gray_png({{0, 255, 0}, {255, 0, 255}})), 1, 3, &stored);
    CHECK(stored == StoredSize{3, 2});
    const std::string turned = testing::exif_block(6, true);
    read_image(folder.write("a.jpg", testing::flat_jpeg(3, 2, 9, {.exif = turned})), 1, 1, &stored);
    CHECK(stored == StoredSize{2, 3});
}

TEST_CASE("read_image: an image of one pixel becomes a constant of any size") {
    CHECK(read_image(reference / "one_white.png", 7) == Vector(49, 1));
    CHECK(read_image(reference / "one_black.png", 7) == Vector(49, -1));
    for (const Scalar x : read_image(reference / "one_gray.png", 64)) {
        CHECK(static_cast<double>(x) == doctest::Approx(2 * 100 / 255.0 - 1));
    }
}

TEST_CASE("read_image: the first bytes decide and not the name") {
    const testing::TemporaryFolder folder;
    CHECK(read_image(folder.write("png.jpg", bytes_of_reference("rgba.png")), 5) ==
          read_image(reference / "rgba.png", 5));
    CHECK(read_image(folder.write("jpeg", bytes_of_reference("gray.jpg")), 5) ==
          read_image(reference / "gray.jpg", 5));
}

TEST_CASE("read_image: a file that is missing or no file or something else is named") {
    const testing::TemporaryFolder folder;
    CHECK(testing::contains(complaint(folder.path() / "none.jpg"),
                            "cannot be opened; expected a JPEG"));
    CHECK(testing::contains(complaint(folder.path()), "found a folder"));
    CHECK(testing::contains(complaint(folder.write("empty.png", "")), "found an empty file"));
    CHECK(testing::contains(complaint(folder.write("text.jpg", "Dear diary,\n")),
                            "expected a JPEG or PNG file, found neither by its first bytes"));
    CHECK(testing::contains(complaint(folder.write("gif.png", "GIF89a....")), "found a GIF image"));
    CHECK(testing::contains(complaint("/dev/zero"), "found no regular file"));
    CHECK(testing::contains(complaint(reference / "cmyk.jpg"),
                            "expected a gray or colour JPEG, got one of 4 channels, such as CMYK"));
}

TEST_CASE("read_image: a name with control characters is shown in one line") {
    const testing::TemporaryFolder folder;
    const std::string message =
        testing::error_message([&] { read_image(folder.path() / "two\nlines.jpg", 4); });
    CHECK(testing::contains(message, "two?lines.jpg: cannot be opened"));
}

TEST_CASE("read_image: a file that is cut short is refused") {
    for (const std::string name : {"colour.jpg", "progressive.jpg", "gray.jpg", "rgb_landscape.png",
                                   "rgb_interlaced.png", "palette.png", "gray16.png"}) {
        CAPTURE(name);
        const testing::TemporaryFolder folder;
        const std::string bytes = bytes_of_reference(name);
        for (std::size_t length = 0; length < bytes.size();
             length += length + 40 < bytes.size() ? 7 : 1) {
            CAPTURE(length);
            const std::string message = complaint(folder.write("cut", bytes.substr(0, length)));
            if (length > bytes.size() - 10) {
                CHECK(testing::contains(message, "the file is cut short"));
            }
        }
    }
}

TEST_CASE("read_image: a changed byte gives an image or an error of one line and no more") {
    const testing::TemporaryFolder folder;
    Rng rng(1);
    for (const std::string name :
         {"colour.jpg", "progressive.jpg", "rgb_landscape.png", "palette.png"}) {
        CAPTURE(name);
        const std::string bytes = bytes_of_reference(name);
        for (std::size_t i = 0; i < bytes.size(); i += 3) {
            CAPTURE(i);
            std::string changed = bytes;
            changed[i] = static_cast<char>(rng.below(256));
            const auto path = folder.write("changed", changed);
            const std::string message = testing::error_message([&] { read_image(path, 4); });
            CHECK((message.empty() || message.starts_with(path.string() + ": ")));
            CHECK(message.find('\n') == std::string::npos);
        }
    }
}

TEST_CASE("read_image: a header that declares too many pixels is refused before they are stored") {
    using namespace std::string_literals;
    const testing::TemporaryFolder folder;
    const auto check = [&](const std::string& bytes, const std::string& size) {
        CHECK(testing::contains(complaint(folder.write("large", bytes)),
                                "expected an image of 1 to 250000000 pixels, at most 65535 a "
                                "side, got " +
                                    size));
    };
    check(png_of_size("\x7f\xff\xff\xff"s, "\x7f\xff\xff\xff"s, "\x9b\xab\x9c\x31"s),
          "2147483647 x 2147483647");
    check(jpeg_of_size("\xff\xdc"s, "\xff\xdc"s), "65500 x 65500");
    CHECK(testing::contains(complaint(folder.write("none", jpeg_of_size("\0\0"s, "\0\x08"s))),
                            "got one without pixels, or that says how many after them (DNL)"));
}

TEST_CASE("read_image: the libraries print nothing") {
    const testing::TemporaryFolder folder;
    const auto cut = [&](const std::string& name) {
        const std::string bytes = bytes_of_reference(name);
        return folder.write("cut", bytes.substr(0, bytes.size() - 20));
    };
    std::vector<std::string> messages;
    const std::string printed = stderr_of([&] {
        read_image(reference / "rgb_odd_chunks.png", 4);
        for (const std::string name : {"gray.jpg", "progressive.jpg", "rgb16.png"}) {
            const auto path = cut(name);
            messages.push_back(testing::error_message([&] { read_image(path, 4); }));
        }
    });
    CHECK(printed.empty());
    CHECK(std::ranges::none_of(messages, &std::string::empty));
}

TEST_CASE("png_bytes: read again, each pixel has its colours at its place") {
    const testing::TemporaryFolder folder;
    std::vector<std::uint8_t> rgb;
    for (int value = 0; value < 3 * 3 * 3; ++value) {
        rgb.push_back(static_cast<std::uint8_t>(9 * value));
    }
    const Vector read = read_image(folder.write("a.png", png_bytes(rgb, 3, 3)), 3, 3);
    REQUIRE(read.size() == rgb.size());
    for (std::size_t i = 0; i < rgb.size(); ++i) {
        CHECK(static_cast<double>(read[i]) == doctest::Approx(2 * rgb[i] / 255.0 - 1));
    }
    const std::string wide = png_bytes(std::vector<std::uint8_t>(3 * 2 * 5), 5, 2);
    StoredSize size;
    read_image(folder.write("b.png", wide), 2, 3, &size);
    CHECK(size == StoredSize{5, 2});
}

}  // namespace hourglass
