#include "hourglass/data/image_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "hourglass/data/image.hpp"
#include "making_images.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

const fs::path reference = HOURGLASS_SOURCE_DIR "/tests/reference/images";
const fs::path oxford = HOURGLASS_SOURCE_DIR "/../shared/data/oxford102";

std::string bytes_of_reference(const std::string& name) {
    return testing::bytes_of(reference / name);
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

}  // namespace

TEST_CASE("ImageSet: an image is found by its position from 1 and by its name with or without its ending") {
    ImageSet set;
    set.names = {"rose.png", "iris.jpg"};
    CHECK(set.find("1") == 0);
    CHECK(set.find("2") == 1);
    CHECK(set.find("iris") == 1);
    CHECK(set.find("iris.jpg") == 1);
    for (const char* text : {"", "0", "3", "-1", "1x", "iri", "iris.png"}) {
        CHECK_MESSAGE(!set.find(text), text);
    }
    CHECK(set.label(1) == "2: iris");
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
    CHECK(set.skipped == std::vector<std::string>{"more.png: a folder", ".png: hidden",
                                                  "LICENSE.txt: not a .jpg, .jpeg or .png file"});
    REQUIRE(set.X.rows() == 3);
    REQUIRE(set.X.cols() == 36);
    CHECK(std::ranges::equal(set.X.row(0), read_image(reference / "gray.jpg", 6)));
    CHECK(std::ranges::equal(set.X.row(1), read_image(reference / "colour.jpg", 6)));
    CHECK(std::ranges::equal(set.X.row(2), read_image(reference / "rgba.png", 6)));
}

TEST_CASE("read_image_folder: in colour, and how images of several sizes were made one size is said") {
    const testing::TemporaryFolder folder;
    folder.write("a.png", testing::gray_png({{0, 255}, {255, 0}}));
    const ImageSet as_they_are = read_image_folder(folder.path(), 2, 3);
    CHECK(as_they_are.channels == 3);
    CHECK(as_they_are.X == Matrix{{-1, -1, -1, 1, 1, 1, 1, 1, 1, -1, -1, -1}});
    CHECK(as_they_are.scaling() == "as they are");
    CHECK(read_image_folder(folder.path(), 1).scaling() ==
          "from 2x2, cropped to the square in the middle and scaled to 1x1");
    folder.write("b.png", testing::gray_png({{0, 255, 9}}));
    CHECK(read_image_folder(folder.path(), 2).scaling() ==
          "from 2 sizes, 3x1 to 2x2, cropped to the square in the middle and scaled to 2x2");
}

TEST_CASE("read_image_folder: of a folder without images the subfolders are classes") {
    const testing::TemporaryFolder folder;
    const std::string image = testing::gray_png({{0, 255}, {255, 0}});
    for (const std::string name : {"sea", "forest", "empty", ".git"}) {
        fs::create_directory(folder.path() / name);
    }
    for (const std::string name : {"sea/b.png", "sea/a.png", "forest/9.png", "sea/._a.png", ".git/a.png"}) {
        folder.write(name, image);
    }
    fs::create_directory(folder.path() / "sea" / "deeper");
    folder.write("sea/deeper/a.png", image);
    folder.write("LICENSE.txt", "free\n");
    const ImageSet set = read_image_folder(folder.path(), 2);
    CHECK(set.names == std::vector<std::string>{"forest/9.png", "sea/a.png", "sea/b.png"});
    CHECK(set.classes == std::vector<std::string>{"forest", "sea"});
    CHECK(set.labels == std::vector<std::size_t>{0, 1, 1});
    CHECK(set.X.row(2)[1] == 1);
    CHECK(set.skipped == std::vector<std::string>{"sea/deeper: a folder", "empty: a folder without images",
                                                  ".git, sea/._a.png: hidden",
                                                  "LICENSE.txt: not a .jpg, .jpeg or .png file"});
    CHECK(set.find("a") == 1);
    // With images of its own the folder has no classes.
    folder.write("own.png", image);
    const ImageSet own = read_image_folder(folder.path(), 2);
    CHECK(own.names == std::vector<std::string>{"own.png"});
    CHECK(own.classes.empty());
    CHECK(own.labels.empty());
}

TEST_CASE("read_image_folder: a bad image of a class is named with its folder") {
    const testing::TemporaryFolder folder;
    fs::create_directory(folder.path() / "sea");
    const fs::path bad = folder.write("sea/b.jpg", "not an image");
    CHECK(testing::error_message([&] {
              read_image_folder(folder.path(), 4);
          }).starts_with(bad.string() + ": expected a JPEG or PNG file"));
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
          name + ": expected .jpg, .jpeg or .png files, or folders of them, found none among 0 entries");
    const fs::path file = folder.write("notes.txt", "");
    CHECK(message(folder.path()) ==
          name + ": expected .jpg, .jpeg or .png files, or folders of them, found none among 1 entries");
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

TEST_CASE("read_image_folder: all bad images are told in one message") {
    const testing::TemporaryFolder folder;
    folder.write("a.png", bytes_of_reference("rgba.png"));
    folder.write("b.jpg", "GIF89a");
    folder.write("c.jpg", bytes_of_reference("cmyk.jpg"));
    folder.write("d.png", bytes_of_reference("rgba.png").substr(0, 60));
    const auto message = [&] {
        return testing::error_message([&] { read_image_folder(folder.path(), 4); });
    };
    const std::string name = folder.path().string();
    CHECK(message().starts_with(name + ": 3 of 4 images cannot be read: " + name + "/b.jpg: "));
    for (const std::string part :
         {"/b.jpg: expected a JPEG or PNG file, found a GIF image; ", "/c.jpg: expected a gray ",
          "/d.png: damaged PNG: the file is cut short"}) {
        CHECK(testing::contains(message(), part));
    }
    for (int i = 0; i < 97; ++i) {
        folder.write("e" + std::to_string(i) + ".jpg", "");
    }
    CHECK(testing::contains(message(), ": 100 of 101 images cannot be read: "));
    CHECK(message().ends_with("found an empty file; and 50 more"));
    CHECK(message().find('\n') == std::string::npos);
}

TEST_CASE("read_image_folder: what a Mac and others leave beside the images is skipped") {
    const testing::TemporaryFolder folder;
    folder.write("a.png", bytes_of_reference("rgba.png"));
    for (const std::string name : {"._a.png", ".DS_Store", ".hidden.jpg", "._b.JPG"}) {
        folder.write(name, std::string("\0\x05\x16\x07", 4));
    }
    for (int i = 1; i <= 5; ++i) {
        folder.write("label" + std::to_string(i) + ".txt", "rose\n");
    }
    fs::create_directory(folder.path() / "__MACOSX");
    const ImageSet set = read_image_folder(folder.path(), 4);
    CHECK(set.names == std::vector<std::string>{"a.png"});
    CHECK(set.skipped ==
          std::vector<std::string>{
              "__MACOSX: a folder", ".DS_Store, ._a.png, ._b.JPG and 1 more: hidden",
              "label1.txt, label2.txt, label3.txt and 2 more: not a .jpg, .jpeg or .png file"});
    // Who names one in a list wants it, and hears what it is.
    const auto list = folder.write("list.txt", "._a.png\n");
    CHECK(
        testing::contains(testing::error_message([&] { read_image_list(list, folder.path(), 4); }),
                          "._a.png: expected a JPEG or PNG file, found an AppleDouble file"));
}

TEST_CASE("read_image_folder: three thousand images") {
    const testing::TemporaryFolder folder;
    for (int i = 0; i < 3000; ++i) {
        folder.write(std::to_string(1000 + i) + ".png", testing::gray_png({{i % 256}}));
    }
    const ImageSet set = read_image_folder(folder.path(), 8);
    REQUIRE(set.size() == 3000);
    for (std::size_t i : {0u, 1u, 255u, 2999u}) {
        CHECK(set.names[i] == std::to_string(1000 + i) + ".png");
        CHECK(static_cast<double>(set.X(i, 63)) ==
              doctest::Approx(2 * static_cast<double>(i % 256) / 255 - 1));
    }
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

TEST_CASE("read_image_list: a byte order mark in front is no part of the first name") {
    const testing::TemporaryFolder folder;
    const std::string mark = "\xef\xbb\xbf";
    for (const std::string& text :
         {mark + "rgba.png\ngray.jpg\n", mark + "rgba.png\r\ngray.jpg",
          mark + "\nrgba.png\ngray.jpg", mark + "# two\nrgba.png\ngray.jpg\n"}) {
        CHECK(read_image_list(folder.write("list.txt", text), reference, 3).names ==
              std::vector<std::string>{"rgba.png", "gray.jpg"});
    }
    const auto utf16 = folder.write("utf16.txt", std::string("\xff\xfer\0g\0", 6));
    CHECK(testing::error_message([&] { read_image_list(utf16, reference, 3); }) ==
          utf16.string() +
              ": expected a list of image files in UTF-8, found UTF-16; save it as "
              "UTF-8");
}

TEST_CASE("read_image_list: all bad lines are told in one message") {
    const testing::TemporaryFolder folder;
    const auto list = folder.write("list.txt", "none.png\nrgba.png\ncmyk.jpg\n");
    const std::string message =
        testing::error_message([&] { read_image_list(list, reference, 3); });
    const std::string name = list.string();
    CHECK(message.starts_with(name + ": 2 of 3 images cannot be read: " + name + ":1: "));
    CHECK(testing::contains(message, "none.png: cannot be opened"));
    CHECK(testing::contains(message, "; " + name + ":3: "));
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
