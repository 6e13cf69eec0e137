#include "hourglass/analysis/image_baselines.hpp"

#include <cmath>
#include <optional>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/data/noise.hpp"

namespace hourglass {
namespace {

/// Of the images of a class, or of all: how many there are, and the sum of each pixel.
struct PixelSums {
    double count = 0;
    std::vector<double> sums;

    PixelSums(const LabelledImages& images, std::optional<std::size_t> label) : sums(images.X.cols()) {
        for (std::size_t i = 0; i < images.size(); ++i) {
            if (label && images.labels[i] != *label) {
                continue;
            }
            ++count;
            for (std::size_t j = 0; j < sums.size(); ++j) {
                sums[j] += static_cast<double>(images.X(i, j));
            }
        }
    }
};

/// -ln p of all test images together: linear in the pixels, so that their sums are enough.
double total_nats(const LabelledImages& train, const LabelledImages& test, std::optional<std::size_t> label) {
    const PixelSums seen(train, label), shown(test, label);
    double nats = 0;
    for (std::size_t j = 0; j < seen.sums.size(); ++j) {
        const double p = (seen.sums[j] + 1) / (seen.count + 2);
        nats -= shown.sums[j] * std::log(p) + (shown.count - shown.sums[j]) * std::log(1 - p);
    }
    return nats;
}

/// The mean squared error where each test image is taken for the mean of the training images.
double mean_image_error(const LabelledImages& train, const LabelledImages& test) {
    const PixelSums seen(train, std::nullopt);
    double squares = 0;
    for (std::size_t i = 0; i < test.size(); ++i) {
        for (std::size_t j = 0; j < test.X.cols(); ++j) {
            const double difference = static_cast<double>(test.X(i, j)) - seen.sums[j] / seen.count;
            squares += difference * difference;
        }
    }
    return squares / static_cast<double>(test.X.size());
}

}  // namespace

std::vector<Baseline> reconstruction_baselines(const TrainAndTest& sets, const Pca& pca) {
    const Matrix& X = sets.test.X;
    return {{"pca", pca.name(), mean_squared_difference(pca.reconstruct(X), X)},
            {"mean_image", "mean image", mean_image_error(sets.train, sets.test)}};
}

std::vector<Baseline> denoising_baselines(const LabelledImages& test, const Matrix& noisy) {
    const Matrix filtered = median_filter(noisy, test.height, test.width);
    return {{"do_nothing", "do nothing", mean_squared_difference(noisy, test.X)},
            {"median_filter", "median filter, 3x3", mean_squared_difference(filtered, test.X)}};
}

std::vector<Baseline> density_baselines(const TrainAndTest& sets) {
    const auto& [train, test, classes] = sets;
    const auto n = static_cast<double>(test.size());
    double by_class = 0;
    for (std::size_t label = 0; label < idx_classes; ++label) {
        by_class += total_nats(train, test, label);
    }
    return {{"mean_image", "mean image", total_nats(train, test, std::nullopt) / n},
            {"class_means", "mean image of each class",
             by_class / n + std::log(static_cast<double>(idx_classes))}};
}

}  // namespace hourglass
