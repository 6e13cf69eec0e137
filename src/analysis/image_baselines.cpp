#include "hourglass/analysis/image_baselines.hpp"

#include <cmath>
#include <optional>

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

}  // namespace

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

double mean_image_nats(const LabelledImages& train, const LabelledImages& test) {
    return total_nats(train, test, std::nullopt) / static_cast<double>(test.size());
}

double class_mean_nats(const LabelledImages& train, const LabelledImages& test) {
    double nats = 0;
    for (std::size_t label = 0; label < idx_classes; ++label) {
        nats += total_nats(train, test, label);
    }
    return nats / static_cast<double>(test.size()) + std::log(static_cast<double>(idx_classes));
}

}  // namespace hourglass
