#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

// IDX, the format of MNIST and of the sets made after it: two zero bytes, the kind of number (8: a byte), the
// number of dimensions, the size of each as 32 bits with the highest first, then the numbers. A gzipped file is
// unpacked on the way, whatever its name ends in.
// @see  LeCun, Cortes & Burges, "The MNIST database of handwritten digits"

/// The most pixels that a file of images may have in all: 21 times those of MNIST.
constexpr std::size_t max_idx_pixels = 1'000'000'000;

/// How many classes the images of such a set have.
constexpr std::size_t idx_classes = 10;

/// Images of one size, and of which class each is.
struct LabelledImages {
    std::size_t height = 0, width = 0;  // in pixels
    Matrix X;                           // (n, height * width), row after row from the top; 0 to 1
    std::vector<std::size_t> labels;    // (n), each below idx_classes

    std::size_t size() const { return labels.size(); }
};

/// A file of images and the file of their labels.
/// @throws Error  naming the file, if it cannot be read, is no such file, is damaged, holds fewer or more bytes than it
///                says, or a label is out of range; or both, if their counts differ. What a file claims takes no
///                memory before that much of it was read.
LabelledImages read_idx(const std::filesystem::path& images, const std::filesystem::path& labels);

/// The file of images alone, without labels; and that of the labels. @throws Error  as read_idx
LabelledImages read_idx_images(const std::filesystem::path& path);
std::vector<std::size_t> read_idx_labels(const std::filesystem::path& path);

/// A set to train on, and one of images of the same size to test on.
struct TrainAndTest {
    LabelledImages train, test;
    std::vector<std::string> classes = {};  // (idx_classes) what they are called
};

/// The first `count` images: those of the test, then those of the training. @pre  there are so many
LabelledImages first_images(const TrainAndTest& sets, std::size_t count);

/// The four files of MNIST in a folder: train-images-idx3-ubyte, train-labels-idx1-ubyte, and t10k- for the test;
/// each as it is or with .gz behind its name. The classes are called 0 to 9.
/// @throws Error  as read_idx; naming the folder, if one is missing
TrainAndTest read_mnist(const std::filesystem::path& folder);

/// Fashion-MNIST, with the names of its classes, from the first of these folders that is there.
/// @throws Error  as read_mnist; if there is none, saying where to get the files, and to put them into the last
TrainAndTest read_fashion_mnist(const std::vector<std::filesystem::path>& folders);

/// Makes each pixel black or white, 0 or 1: white above one half.
void binarize(Matrix& X);

/// The class numbers as targets for a softmax: (labels.size(), classes), 1 at the class and 0 elsewhere.
/// @pre  every label < classes
Matrix one_hot(const std::vector<std::size_t>& labels, std::size_t classes);

}  // namespace hourglass
