#include "hourglass/data/image.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

const fs::path reference = HOURGLASS_SOURCE_DIR "/tests/reference/images";
const fs::path oxford = HOURGLASS_SOURCE_DIR "/../shared/data/oxford102";

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
    CHECK(testing::contains(complaint(folder.write("gif.png", "GIF89a....")), "found neither"));
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
                                "expected an image of 1 to 50000000 pixels, got " + size));
    };
    check(png_of_size("\x7f\xff\xff\xff"s, "\x7f\xff\xff\xff"s, "\x9b\xab\x9c\x31"s),
          "2147483647 x 2147483647");
    check(png_of_size("\0\0\x27\x10"s, "\0\0\x27\x10"s, "\x35\x2c\xf5\x70"s), "10000 x 10000");
    check(jpeg_of_size("\xff\xdc"s, "\xff\xdc"s), "65500 x 65500");
    CHECK(testing::contains(complaint(folder.write("none", jpeg_of_size("\0\0"s, "\0\x08"s))),
                            "damaged JPEG"));
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

TEST_CASE("read_image_folder: images come in the order of their names and the rest is said") {
    const testing::TemporaryFolder folder;
    folder.write("c.PNG", bytes_of_reference("rgba.png"));
    folder.write("a.jpeg", bytes_of_reference("colour.jpg"));
    folder.write("B.Jpg", bytes_of_reference("gray.jpg"));
    folder.write("LICENSE.txt", "free\n");
    folder.write(".png", "hidden, without an extension\n");
    fs::create_directory(folder.path() / "more.png");

    const ImageSet set = read_image_folder(folder.path(), 6);
    CHECK(set.side == 6);
    CHECK(set.size() == 3);
    CHECK(set.names == std::vector<std::string>{"B.Jpg", "a.jpeg", "c.PNG"});
    CHECK(set.skipped == std::vector<std::string>{".png: not a .jpg, .jpeg or .png file",
                                                  "LICENSE.txt: not a .jpg, .jpeg or .png file",
                                                  "more.png: a folder"});
    REQUIRE(set.X.rows() == 3);
    REQUIRE(set.X.cols() == 36);
    CHECK(std::ranges::equal(set.X.row(0), read_image(reference / "gray.jpg", 6)));
    CHECK(std::ranges::equal(set.X.row(1), read_image(reference / "colour.jpg", 6)));
    CHECK(std::ranges::equal(set.X.row(2), read_image(reference / "rgba.png", 6)));
}

TEST_CASE("read_image_folder: a folder that is missing or has no image is named") {
    const testing::TemporaryFolder folder;
    const auto message = [](const fs::path& path) {
        return testing::error_message([&] { read_image_folder(path, 4); });
    };
    const std::string name = folder.path().string();
    CHECK(testing::contains(message(folder.path() / "none"),
                            name + "/none: expected a folder of images: "));
    CHECK(message(folder.path()) ==
          name + ": expected .jpg, .jpeg or .png files, found none among 0 entries");
    const fs::path file = folder.write("notes.txt", "");
    CHECK(message(folder.path()) ==
          name + ": expected .jpg, .jpeg or .png files, found none among 1 entries");
    CHECK(testing::contains(message(file), file.string() + ": expected a folder of images: "));
}

TEST_CASE("read_image_folder: a damaged image is an error and not skipped") {
    const testing::TemporaryFolder folder;
    folder.write("a.png", bytes_of_reference("rgba.png"));
    const fs::path bad = folder.write("b.jpg", "not an image");
    CHECK(testing::error_message([&] {
              read_image_folder(folder.path(), 4);
          }).starts_with(bad.string() + ": expected a JPEG or PNG file"));
}

TEST_CASE("read_image_list: files come in the order of the list") {
    const testing::TemporaryFolder folder;
    const std::string absolute = (reference / "gray8.png").string();
    const auto list =
        folder.write("list.txt", "# three\r\nrgba.png\r\n\r\n" + absolute + "\ngray.jpg");
    const ImageSet set = read_image_list(list, reference, 3);
    CHECK(set.side == 3);
    CHECK(set.names == std::vector<std::string>{"rgba.png", absolute, "gray.jpg"});
    CHECK(set.skipped.empty());
    REQUIRE(set.X.rows() == 3);
    CHECK(std::ranges::equal(set.X.row(0), read_image(reference / "rgba.png", 3)));
    CHECK(std::ranges::equal(set.X.row(1), read_image(absolute, 3)));
    CHECK(std::ranges::equal(set.X.row(2), read_image(reference / "gray.jpg", 3)));
}

TEST_CASE("read_image_list: what is wrong is named with list and line") {
    using namespace std::string_literals;
    const testing::TemporaryFolder folder;
    const auto message = [&](const fs::path& list) {
        const std::string result =
            testing::error_message([&] { read_image_list(list, reference, 3); });
        CHECK(result.find('\n') == std::string::npos);
        CHECK(result.starts_with(list.string() + ":"));
        return result;
    };
    CHECK(testing::contains(message(folder.path() / "none.txt"), "none.txt: cannot be opened"));
    CHECK(testing::contains(message(folder.path()), ": cannot be opened; expected a list"));
    CHECK(testing::contains(message(folder.write("empty.txt", "# nothing\n\n")),
                            "empty.txt: expected the names of image files, found none"));
    CHECK(testing::contains(
        message(folder.write("list.txt", "# one is missing\nrgba.png\nnone.png\n")),
        "list.txt:3: " + (reference / "none.png").string() + ": cannot be opened"));
    CHECK(testing::contains(
        message(folder.write("list.txt", "expected.csv\n")),
        "list.txt:1: " + (reference / "expected.csv").string() + ": expected a JPEG"));
    CHECK(testing::contains(
        message(folder.write("list.txt", std::string(5000, 'x'))),
        "list.txt:1: expected the name of an image file, got a line of 5000 bytes"));
    CHECK(testing::contains(message(folder.write("list.txt", "a\0b"s)), "got a line of 3 bytes"));
    CHECK(testing::contains(message(folder.write("list.txt", std::string(900, 'x'))),
                            "cannot be opened"));
}

TEST_CASE("read_image_folder: the flowers of the project are 24 pictures on black") {
    const ImageSet set = read_image_folder(HOURGLASS_SOURCE_DIR "/data/flowers", 32);
    REQUIRE(set.size() == 24);
    CHECK(set.names.front() == "adeenia.png");
    CHECK(set.names.back() == "yellow-flower.png");
    CHECK(set.skipped == std::vector<std::string>{"LICENSE.txt: not a .jpg, .jpeg or .png file"});
    for (std::size_t i = 0; i < set.size(); ++i) {
        CAPTURE(set.names[i]);
        const auto [least, most] = std::ranges::minmax(set.X.row(i));
        CHECK(least == -1);
        CHECK(most > -0.6);  // the rose is dark red
    }
}

TEST_CASE("read_image_folder: photographs of the Oxford 102 Flowers") {
    if (!fs::exists(oxford)) {
        MESSAGE("skipped, for there is no folder " << oxford.string());
        return;
    }
    const ImageSet set = read_image_folder(oxford, 2);
    REQUIRE(set.size() == 120);
    CHECK(set.skipped == std::vector<std::string>{"labels.csv: not a .jpg, .jpeg or .png file"});
    // Means of the quarters, as Pillow decodes; the sides of the squares are even.
    const std::vector<std::pair<std::string, std::vector<double>>> means = {
        {"image_00033.jpg", {-0.3430, -0.2878, -0.3448, -0.2730}},
        {"image_02279.jpg", {-0.1769, 0.0640, -0.5003, -0.1005}},
        {"image_06201.jpg", {-0.0662, -0.1702, -0.4654, -0.3996}}};
    for (const auto& mean : means) {
        const std::string& name = mean.first;
        CAPTURE(name);
        const auto found = std::ranges::find(set.names, name);
        REQUIRE(found != set.names.end());
        const auto row = set.X.row(static_cast<std::size_t>(found - set.names.begin()));
        CHECK(largest_difference(Vector(row.begin(), row.end()), mean.second) < 2.0 / 255);
    }
}

}  // namespace hourglass
