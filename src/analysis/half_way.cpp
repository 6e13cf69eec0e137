#include "hourglass/analysis/half_way.hpp"

#include <algorithm>
#include <cmath>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass {

std::vector<double> row_errors(const Matrix& Y, const Matrix& X) {
    std::vector<double> errors;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        errors.push_back(squared_distance(Y.row(i), X.row(i)) / static_cast<double>(X.cols()));
    }
    return errors;
}

std::pair<std::size_t, double> nearest_row(std::span<const Scalar> image, const Matrix& X) {
    std::pair<std::size_t, double> nearest = {0, INFINITY};
    for (std::size_t i = 0; i < X.rows(); ++i) {
        const double distance =
            squared_distance(image, X.row(i)) / static_cast<double>(image.size());
        if (distance < nearest.second) {
            nearest = {i, distance};
        }
    }
    return nearest;
}

namespace {

/// What the decoder makes of the code between two others: (1, d).
Matrix half_way(const Autoencoder& model, const Matrix& codes, std::size_t i, std::size_t j) {
    const Matrix line = line_codes(codes.row(i), codes.row(j), 3);
    Matrix middle(1, codes.cols());
    std::ranges::copy(line.row(1), middle.row(0).begin());
    return model.decode(middle);
}

}  // namespace

std::size_t half_way_candidates(std::size_t samples) {
    constexpr double most_comparisons = 500'000;  // of a pair's image with a sample
    const double most = std::sqrt(2 * most_comparisons / static_cast<double>(samples));
    return std::min({samples, std::size_t{64}, static_cast<std::size_t>(most) + 2});
}

std::vector<HalfWaySample> half_way_samples(const Autoencoder& model, const Matrix& X,
                                            std::size_t count) {
    const Matrix codes = model.encode(X);
    const std::size_t n = half_way_candidates(X.rows());
    std::vector<HalfWaySample> all;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j) {
            const Matrix image = half_way(model, codes, i, j);
            const auto [nearest, distance] = nearest_row(image.row(0), X);
            all.push_back({i, j, {}, nearest, distance});
        }
    }
    std::ranges::stable_sort(all, std::greater{}, &HalfWaySample::distance);
    std::vector<HalfWaySample> chosen;
    for (HalfWaySample& sample : all) {
        const bool used = std::ranges::any_of(chosen, [&](const HalfWaySample& other) {
            return sample.first == other.first || sample.first == other.second ||
                   sample.second == other.first || sample.second == other.second;
        });
        if (!used && chosen.size() < count) {
            const Matrix image = half_way(model, codes, sample.first, sample.second);
            sample.image.assign(image.flat().begin(), image.flat().end());
            chosen.push_back(sample);
        }
    }
    return chosen;
}

}  // namespace hourglass
