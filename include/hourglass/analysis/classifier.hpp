#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// The place of the largest of a row of numbers, the first of those equal: the class that a classifier names.
std::size_t most_probable_class(std::span<const Scalar> y);

/// The same of each row of Y (n, classes): (n).
std::vector<std::size_t> most_probable_classes(const Matrix& Y);

/// The share of the samples that are taken for what they are.
/// @param truth, taken  (n), n > 0
double accuracy(const std::vector<std::size_t>& truth, const std::vector<std::size_t>& taken);

/// Of the samples that are taken for another class, the `count` that are so with the highest probability, the worst
/// first; fewer where there are not so many.
/// @param Y  probabilities (n, classes)
std::vector<std::size_t> most_wrongly_taken(const Matrix& Y, const std::vector<std::size_t>& truth,
                                            std::size_t count);

/// Numbers that stand for samples, such as their codes, and the class of each.
struct Features {
    Matrix X;                         // (n, d)
    std::vector<std::size_t> labels;  // (n)
};

/// A linear probe: the accuracy on `test` of a classifier that is linear, a softmax of W x + b, trained on `train`. What
/// it cannot tell apart is not separated by planes in these features.
/// First the mean of `train` is taken from each feature, and all are divided by one standard deviation. Adam takes 2000 steps
/// on batches of 250, or 300 on all samples where they are no more than that.
/// @see  Alain & Bengio 2017, "Understanding intermediate layers using linear classifier probes"
double linear_probe(const Features& train, const Features& test, std::size_t classes,
                    std::uint64_t seed);

/// The same with ten samples of each class to learn from: the mean over five draws of them. NaN where there are not so
/// many.
double few_labels_probe(const Features& train, const Features& test, std::size_t classes, std::uint64_t seed);

/// The positions of `count` samples of each class, in an order drawn from `seed`; fewer where a class has not so many.
std::vector<std::size_t> few_of_each_class(const std::vector<std::size_t>& labels, std::size_t classes,
                                           std::size_t count, std::uint64_t seed);

}  // namespace hourglass
