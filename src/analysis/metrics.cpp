#include "hourglass/analysis/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "hourglass/core/rows.hpp"

namespace hourglass {

std::size_t wrong_pixels(std::span<const Scalar> image, std::span<const Scalar> target) {
    assert(image.size() == target.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < image.size(); ++i) {
        wrong += (image[i] > 0) != (target[i] > 0);
    }
    return wrong;
}

std::vector<std::size_t> wrong_pixels(const Matrix& Y, const Matrix& T) {
    std::vector<std::size_t> result(Y.rows());
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        result[i] = wrong_pixels(Y.row(i), T.row(i));
    }
    return result;
}

PixelErrors count_pixel_errors(const Matrix& Y, const Matrix& T) {
    PixelErrors errors;
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        const auto y = Y.row(i);
        const auto t = T.row(i);
        std::size_t wrong = 0;
        for (std::size_t j = 0; j < y.size(); ++j) {
            if ((y[j] > 0) != (t[j] > 0)) {
                ++wrong;
                errors.saturated += std::abs(y[j]) > static_cast<Scalar>(saturation);
            }
        }
        errors.total += wrong;
        errors.worst = std::max(errors.worst, wrong);
        errors.exact += wrong == 0;
        errors.at_most_one += wrong <= 1;
    }
    errors.mean = static_cast<double>(errors.total) / static_cast<double>(Y.rows());
    return errors;
}

std::optional<int> first_epoch_within(const std::vector<PixelErrors>& history, std::size_t most) {
    for (std::size_t epoch = 1; epoch < history.size(); ++epoch) {
        if (history[epoch].worst <= most) {
            return static_cast<int>(epoch);
        }
    }
    return std::nullopt;
}

double mean_squared_difference(const Matrix& Y, const Matrix& T) {
    return squared_distance(Y.flat(), T.flat()) / static_cast<double>(Y.size());
}

Matrix mean_image(const Matrix& X) {
    std::vector<double> sums(X.cols());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::ranges::transform(sums, X.row(i), sums.begin(),
                               [](double sum, Scalar x) { return sum + static_cast<double>(x); });
    }
    Matrix mean(X.rows(), X.cols());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::ranges::transform(sums, mean.row(i).begin(), [&](double sum) {
            return static_cast<Scalar>(sum / static_cast<double>(X.rows()));
        });
    }
    return mean;
}

double median(std::vector<double> values) {
    return quantile(std::move(values), 0.5);
}

double quantile(std::vector<double> values, double q) {
    if (values.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double rank = std::ceil(q * static_cast<double>(values.size()));
    const std::size_t position = rank < 1 ? 0 : static_cast<std::size_t>(rank) - 1;
    const auto nth = values.begin() + static_cast<std::ptrdiff_t>(position);
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

std::vector<std::size_t> largest_first(const std::vector<double>& values) {
    std::vector<std::size_t> positions(values.size());
    std::iota(positions.begin(), positions.end(), std::size_t{0});
    std::ranges::stable_sort(positions, std::ranges::greater(), [&](std::size_t i) { return values[i]; });
    return positions;
}

}  // namespace hourglass
