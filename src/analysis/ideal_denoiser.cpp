#include "hourglass/analysis/ideal_denoiser.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass {
namespace {

/// count * ln(p), where no pixel of probability 0 costs nothing.
double log_power(std::size_t count, double p) {
    return count == 0 ? 0 : static_cast<double>(count) * std::log(p);
}

}  // namespace

double IdealDenoiser::log_likelihood(std::span<const Scalar> noisy,
                                     std::span<const Scalar> image) const {
    if (noise_.kind == Noise::Kind::gaussian) {
        const double distance = squared_distance(noisy, image);
        if (noise_.level == 0) {
            return distance == 0 ? 0 : -std::numeric_limits<double>::infinity();
        }
        return -distance / (2 * noise_.level * noise_.level);
    }
    const double p = noise_.kind == Noise::Kind::flip ? noise_.level : noise_.level / 2;
    const std::size_t flipped = wrong_pixels(noisy, image);
    return log_power(flipped, p) + log_power(noisy.size() - flipped, 1 - p);
}

std::vector<double> IdealDenoiser::posterior(std::span<const Scalar> noisy) const {
    std::vector<double> result(X_.rows());
    for (std::size_t i = 0; i < X_.rows(); ++i) {
        result[i] = log_likelihood(noisy, X_.row(i));
    }
    const double largest = std::ranges::max(result);
    if (!std::isfinite(largest)) {  // no image could have become this one: nothing is known
        std::ranges::fill(result, 1 / static_cast<double>(X_.rows()));
        return result;
    }
    double sum = 0;
    for (double& value : result) {
        value = std::exp(value - largest);
        sum += value;
    }
    for (double& value : result) {
        value /= sum;
    }
    return result;
}

std::vector<std::size_t> IdealDenoiser::most_probable(const Matrix& noisy) const {
    std::vector<std::size_t> result(noisy.rows());
    for (std::size_t i = 0; i < noisy.rows(); ++i) {
        const std::vector<double> probability = posterior(noisy.row(i));
        result[i] =
            static_cast<std::size_t>(std::ranges::max_element(probability) - probability.begin());
    }
    return result;
}

Matrix IdealDenoiser::posterior_mean(const Matrix& noisy) const {
    Matrix mean(noisy.rows(), X_.cols());
    for (std::size_t i = 0; i < noisy.rows(); ++i) {
        const std::vector<double> probability = posterior(noisy.row(i));
        for (std::size_t j = 0; j < X_.cols(); ++j) {
            double sum = 0;
            for (std::size_t k = 0; k < X_.rows(); ++k) {
                sum += probability[k] * static_cast<double>(X_(k, j));
            }
            mean(i, j) = static_cast<Scalar>(sum);
        }
    }
    return mean;
}

}  // namespace hourglass
