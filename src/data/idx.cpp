#include "hourglass/data/idx.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "gz_file.hpp"
#include "hourglass/core/error.hpp"

namespace hourglass {
namespace {

/// What an IDX file of bytes holds: "images" in three dimensions, "labels" in one.
struct Idx {
    std::array<std::size_t, 3> sizes = {1, 1, 1};
    std::string bytes;  // the product of the sizes
};

std::uint8_t byte(char c) {
    return static_cast<std::uint8_t>(c);
}

std::size_t big_endian(const char* bytes) {
    return std::size_t{byte(bytes[0])} << 24 | std::size_t{byte(bytes[1])} << 16 |
           std::size_t{byte(bytes[2])} << 8 | byte(bytes[3]);
}

std::string size_text(const Idx& idx, const std::string& what) {
    const auto [n, height, width] = idx.sizes;
    return std::to_string(n) + " " + what +
           (what == "images" ? " of " + std::to_string(height) + "x" + std::to_string(width) : "");
}

Idx read_idx_file(GzFile& file, std::size_t dimensions, const std::string& what) {
    const std::string header = file.read(4 + 4 * dimensions);
    const std::string magic{'\0', '\0', '\x08', static_cast<char>(dimensions)};
    if (header.substr(0, 4) != magic) {
        file.fail("expected an IDX file of " + what + ", which begins with the bytes 0 0 8 " +
                  std::to_string(dimensions));
    }
    if (header.size() < 4 + 4 * dimensions) {
        file.fail("ends within its header");
    }
    Idx idx;
    for (std::size_t d = 0; d < dimensions; ++d) {
        idx.sizes[d] = big_endian(header.data() + 4 + 4 * d);
    }
    const auto [n, height, width] = idx.sizes;
    const std::size_t pixels = height * width;  // of 32 bits each, so that nothing overflows
    if (n == 0 || pixels == 0 || pixels > max_idx_pixels || n > max_idx_pixels / pixels) {
        file.fail("expected 1 to " + std::to_string(max_idx_pixels) + " bytes, its header says " +
                  size_text(idx, what));
    }
    idx.bytes = file.read(n * pixels + 1);  // and by one more that the file ends there
    if (idx.bytes.size() != n * pixels) {
        file.fail("its header says " + size_text(idx, what) + ", and it holds " +
                  (idx.bytes.size() < n * pixels ? std::to_string(idx.bytes.size() / pixels)
                                                 : std::string("more")));
    }
    return idx;
}

std::filesystem::path find_file(const std::filesystem::path& folder, const std::string& name) {
    for (const std::string& found : {name, name + ".gz"}) {
        if (std::error_code unknown; std::filesystem::exists(folder / found, unknown)) {
            return folder / found;
        }
    }
    throw Error(folder.string() + ": " + name +
                " is missing; expected train-images-idx3-ubyte, train-labels-idx1-ubyte, "
                "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each as it is or with .gz "
                "behind its name");
}

}  // namespace

std::vector<std::size_t> read_idx_labels(const std::filesystem::path& path) {
    GzFile file(path);
    const Idx idx = read_idx_file(file, 1, "labels");
    std::vector<std::size_t> labels;
    for (const char label : idx.bytes) {
        if (byte(label) >= idx_classes) {
            file.fail("label " + std::to_string(labels.size() + 1) + " is " +
                      std::to_string(byte(label)) + ", expected 0 to " +
                      std::to_string(idx_classes - 1));
        }
        labels.push_back(byte(label));
    }
    return labels;
}

LabelledImages read_idx_images(const std::filesystem::path& path) {
    GzFile file(path);
    const Idx idx = read_idx_file(file, 3, "images");
    const auto [n, height, width] = idx.sizes;
    LabelledImages result{height, width, Matrix(n, height * width), {}};
    std::ranges::transform(idx.bytes, result.X.flat().begin(),
                           [](char pixel) { return static_cast<Scalar>(byte(pixel)) / 255; });
    return result;
}

LabelledImages read_idx(const std::filesystem::path& images, const std::filesystem::path& labels) {
    LabelledImages result = read_idx_images(images);
    result.labels = read_idx_labels(labels);
    if (result.size() != result.X.rows()) {
        throw Error(labels.string() + ": has " + std::to_string(result.size()) +
                    " labels, expected one for each of the " + std::to_string(result.X.rows()) +
                    " images of " + images.string());
    }
    return result;
}

TrainAndTest read_mnist(const std::filesystem::path& folder) {
    std::array<std::filesystem::path, 4> files;  // all are looked for before one is read
    std::ranges::transform(std::array{"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                      "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"},
                           files.begin(), [&](const char* name) { return find_file(folder, name); });
    TrainAndTest sets{read_idx(files[0], files[1]),
                      read_idx(files[2], files[3]),
                      {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}};
    const LabelledImages &train = sets.train, &test = sets.test;
    if (train.height != test.height || train.width != test.width) {
        throw Error(files[2].string() + ": expected images of " + std::to_string(train.height) +
                    "x" + std::to_string(train.width) + ", as those to train on, got " +
                    std::to_string(test.height) + "x" + std::to_string(test.width));
    }
    return sets;
}

TrainAndTest read_fashion_mnist(const std::vector<std::filesystem::path>& folders) {
    for (const std::filesystem::path& folder : folders) {
        if (std::error_code unknown; std::filesystem::exists(folder, unknown)) {
            TrainAndTest sets = read_mnist(folder);
            sets.classes = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                            "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
            return sets;
        }
    }
    throw Error("Fashion-MNIST is missing: install the Debian package dataset-fashion-mnist, or put "
                "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and "
                "t10k-labels-idx1-ubyte.gz of https://github.com/zalandoresearch/fashion-mnist into " +
                folders.back().string());
}

LabelledImages first_images(const TrainAndTest& sets, std::size_t count) {
    const LabelledImages &test = sets.test, &train = sets.train;
    LabelledImages first{test.height, test.width, Matrix(count, test.X.cols()), test.labels};
    first.labels.insert(first.labels.end(), train.labels.begin(), train.labels.end());
    first.labels.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::ranges::copy(i < test.size() ? test.X.row(i) : train.X.row(i - test.size()),
                          first.X.row(i).begin());
    }
    return first;
}

void binarize(Matrix& X) {
    for (Scalar& x : X.flat()) {
        x = x > Scalar(0.5) ? Scalar(1) : Scalar(0);
    }
}

Matrix one_hot(const std::vector<std::size_t>& labels, std::size_t classes) {
    Matrix T(labels.size(), classes);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        T(i, labels[i]) = 1;
    }
    return T;
}

}  // namespace hourglass
