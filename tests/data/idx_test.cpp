#include "hourglass/data/idx.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <zlib.h>

#include "idx_bytes.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using testing::idx_bytes;

/// As a file of gzip: `data`, then `zeros` zero bytes.
std::string gzipped(const std::string& data, std::size_t zeros = 0) {
    const testing::TemporaryFolder folder;
    const std::string path = (folder.path() / "packed").string();
    const gzFile file = gzopen(path.c_str(), "wb1");
    REQUIRE(gzwrite(file, data.data(), static_cast<unsigned>(data.size())) ==
            static_cast<int>(data.size()));
    const std::string block(1'000'000, '\0');
    for (; zeros > 0; zeros -= std::min(zeros, block.size())) {
        REQUIRE(gzwrite(file, block.data(),
                        static_cast<unsigned>(std::min(zeros, block.size()))) > 0);
    }
    REQUIRE(gzclose(file) == Z_OK);
    return testing::bytes_of(path);
}

const std::string pixels = {0, 51, 102, '\xff', 1, 2, 3, 4, 5, 6, 7, 8};  // of 2 images of 2x3
const std::string images = idx_bytes({2, 2, 3}, pixels);
const std::string labels = idx_bytes({2}, {9, 0});

LabelledImages read(const std::string& image_file, const std::string& label_file) {
    const testing::TemporaryFolder folder;
    return read_idx(folder.write("images", image_file), folder.write("labels", label_file));
}

/// What is said of such files, without the path of their folder.
std::string complaint(const std::string& image_file, const std::string& label_file = labels) {
    const testing::TemporaryFolder folder;
    std::string message = testing::error_message([&] {
        read_idx(folder.write("images", image_file), folder.write("labels", label_file));
    });
    const std::string path = folder.path().string() + "/";
    for (std::size_t at; (at = message.find(path)) != std::string::npos;) {
        message.erase(at, path.size());
    }
    CHECK(std::ranges::count(message, '\n') == 0);
    return message;
}

/// The most memory that this process ever had, in MB.
long peak() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

}  // namespace

TEST_CASE("read_idx: pixels are 0 to 1, row after row, and each image has its label") {
    for (const bool packed : {false, true}) {
        CAPTURE(packed);
        const LabelledImages set =
            packed ? read(gzipped(images), gzipped(labels)) : read(images, labels);
        CHECK(set.size() == 2);
        CHECK(set.height == 2);
        CHECK(set.width == 3);
        CHECK(set.labels == std::vector<std::size_t>{9, 0});
        REQUIRE(set.X.rows() == 2);
        REQUIRE(set.X.cols() == 6);
        CHECK(set.X(0, 0) == 0);
        CHECK(set.X(0, 1) == Scalar(0.2));
        CHECK(set.X(0, 3) == 1);
        CHECK(set.X(1, 5) == Scalar(8) / 255);
    }
}

TEST_CASE("read_idx: a file that is cut short or goes on says how much it holds") {
    for (std::size_t length = 0; length < images.size(); ++length) {
        CAPTURE(length);
        const std::string expected =
            length < 4    ? "images: expected an IDX file of images, which begins with the bytes 0 0 8 3"
            : length < 16 ? "images: ends within its header"
                          : "images: its header says 2 images of 2x3, and it holds ";
        CHECK(complaint(images.substr(0, length)).starts_with(expected));
    }
    CHECK(complaint(images.substr(0, 16 + 7)) ==
          "images: its header says 2 images of 2x3, and it holds 1");
    CHECK(complaint(images + "x") == "images: its header says 2 images of 2x3, and it holds more");
    CHECK(complaint(images, labels.substr(0, 9)) ==
          "labels: its header says 2 labels, and it holds 1");
    CHECK(complaint(images, labels.substr(0, 7)) == "labels: ends within its header");
}

TEST_CASE("read_idx: a file of another kind is refused, and images are no labels") {
    CHECK(complaint("P5 28 28 255").starts_with("images: expected an IDX file of images"));
    CHECK(complaint(labels).starts_with("images: expected an IDX file of images"));
    CHECK(complaint(images, images) ==
          "labels: expected an IDX file of labels, which begins with the bytes 0 0 8 1");
    std::string floats = images;
    floats[2] = '\x0d';
    CHECK(complaint(floats).starts_with("images: expected an IDX file of images"));
}

TEST_CASE("read_idx: a count that lies takes no memory") {
    const long before = peak();
    CHECK(complaint(idx_bytes({0x7fffffff, 28, 28}, pixels)) ==
          "images: expected 1 to 1000000000 bytes, its header says 2147483647 images of 28x28");
    CHECK(complaint(idx_bytes({0xffffffff, 0xffffffff, 0xffffffff}, pixels))
              .starts_with("images: expected 1 to 1000000000 bytes"));
    CHECK(complaint(idx_bytes({0, 28, 28}, "")).starts_with("images: expected 1 to"));
    CHECK(complaint(idx_bytes({2, 0, 3}, "")).starts_with("images: expected 1 to"));
    CHECK(complaint(idx_bytes({1'000'000, 31, 32}, pixels)) ==
          "images: its header says 1000000 images of 31x32, and it holds 0");
    CHECK(complaint(images, idx_bytes({999'999'999}, "\1")) ==
          "labels: its header says 999999999 labels, and it holds 1");
    CHECK(peak() - before < 100);
}

TEST_CASE("read_idx: a gzip bomb is read to the size that its header says, and no further") {
    const std::string bomb = gzipped(images, 300'000'000);
    CHECK(bomb.size() < 2'000'000);
    const long before = peak();
    CHECK(complaint(bomb) == "images: its header says 2 images of 2x3, and it holds more");
    CHECK(peak() - before < 50);
}

TEST_CASE("read_idx: a damaged gzip file is told from an IDX file that is cut short") {
    const std::string packed = gzipped(images);
    for (std::size_t length = 2; length < packed.size(); ++length) {
        CAPTURE(length);
        CHECK(complaint(packed.substr(0, length)).starts_with("images: "));
    }
    CHECK(complaint(packed.substr(0, packed.size() - 8)) ==
          "images: damaged gzip file: it is cut short");
    CHECK(complaint(packed.substr(0, packed.size() - 1)) ==
          "images: damaged gzip file: it is cut short");
    std::string changed = packed;
    changed[packed.size() - 6] = static_cast<char>(changed[packed.size() - 6] ^ 1);  // its checksum
    CHECK(complaint(changed) == "images: damaged gzip file");
    changed = packed;
    changed[10] = '\xff';
    CHECK(complaint(changed) == "images: damaged gzip file");
}

TEST_CASE("read_idx: a label out of range is named, and so are counts that differ") {
    CHECK(complaint(images, idx_bytes({2}, {9, 10})) == "labels: label 2 is 10, expected 0 to 9");
    CHECK(complaint(images, idx_bytes({2}, "\xff\1")) == "labels: label 1 is 255, expected 0 to 9");
    CHECK(complaint(images, idx_bytes({3}, {1, 2, 3})) ==
          "labels: has 3 labels, expected one for each of the 2 images of images");
}

TEST_CASE("read_mnist: finds four files, gzipped or not, and names the one that is missing") {
    const testing::TemporaryFolder folder;
    const auto message = [&] { return testing::error_message([&] { read_mnist(folder.path()); }); };
    const std::string said = folder.path().string() + ": ";
    CHECK(message().starts_with(said + "train-images-idx3-ubyte is missing; expected "));
    folder.write("train-images-idx3-ubyte.gz", gzipped(images));
    CHECK(message().starts_with(said + "train-labels-idx1-ubyte is missing"));
    folder.write("train-labels-idx1-ubyte", labels);
    folder.write("t10k-images-idx3-ubyte", idx_bytes({1, 2, 3}, pixels.substr(6)));
    CHECK(message().starts_with(said + "t10k-labels-idx1-ubyte is missing"));
    folder.write("t10k-labels-idx1-ubyte.gz", gzipped(idx_bytes({1}, {7})));
    const TrainAndTest sets = read_mnist(folder.path());
    CHECK(sets.train.size() == 2);
    CHECK(sets.test.size() == 1);
    CHECK(sets.test.labels[0] == 7);
    CHECK(sets.classes[7] == "7");
    folder.write("t10k-images-idx3-ubyte", idx_bytes({1, 3, 3}, pixels.substr(3)));
    CHECK(message() == (folder.path() / "t10k-images-idx3-ubyte").string() +
                           ": expected images of 2x3, as those to train on, got 3x3");
    CHECK(testing::contains(testing::error_message([&] { read_mnist(folder.path() / "none"); }),
                            "none: train-images-idx3-ubyte is missing"));
}

TEST_CASE("read_idx: a folder and a file that may not be there are said to be so") {
    const testing::TemporaryFolder folder;
    const auto file = folder.write("labels", labels);
    CHECK(testing::error_message([&] { read_idx(folder.path(), file); }) ==
          folder.path().string() + ": cannot be opened: it is a folder");
    CHECK(testing::error_message([&] { read_idx(folder.path() / "none", file); }) ==
          (folder.path() / "none").string() + ": cannot be opened: No such file or directory");
}

TEST_CASE("one_hot: a one at the class and zeros elsewhere") {
    CHECK(one_hot({2, 0}, 3) == Matrix{{0, 0, 1}, {1, 0, 0}});
}

TEST_CASE("read_fashion_mnist: what is missing is said with where to get it and where to put it") {
    const testing::TemporaryFolder folder;
    const auto message = testing::error_message(
        [&] { read_fashion_mnist({folder.path() / "package", folder.path() / "data"}); });
    CHECK(testing::contains(message, "install the Debian package dataset-fashion-mnist"));
    CHECK(testing::contains(message, "t10k-labels-idx1-ubyte.gz"));
    CHECK(message.ends_with(" into " + (folder.path() / "data").string()));
    CHECK(testing::error_message([&] { read_fashion_mnist({folder.path(), folder.path() / "data"}); })
              .starts_with(folder.path().string() + ": train-images-idx3-ubyte is missing"));
}

TEST_CASE("first_images: those of the test come before those of the training") {
    const TrainAndTest sets{{1, 1, {{1}, {2}}, {3, 4}}, {1, 1, {{5}}, {6}}};
    const LabelledImages first = first_images(sets, 2);
    CHECK(first.X == Matrix{{5}, {1}});
    CHECK(first.labels == std::vector<std::size_t>{6, 3});
    CHECK(first_images(sets, 1).size() == 1);
}

TEST_CASE("binarize: white above one half") {
    Matrix X = {{0, Scalar{0.5}, Scalar{0.75}, 1}};
    binarize(X);
    CHECK(X == Matrix{{0, 0, 1, 1}});
}

}  // namespace hourglass
