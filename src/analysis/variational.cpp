#include "hourglass/analysis/variational.hpp"

#include <cmath>

#include "hourglass/analysis/pca.hpp"
#include "hourglass/core/random.hpp"

namespace hourglass {

std::vector<double> kl_of_units(const Matrix& X) {
    const std::size_t latent_size = X.cols() / 2;
    std::vector<double> kl(latent_size);
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = 0; j < latent_size; ++j) {
            const auto mu = static_cast<double>(X(i, j)), s = static_cast<double>(X(i, latent_size + j));
            kl[j] += (mu * mu + std::exp(s) - s - 1) / (2 * static_cast<double>(X.rows()));
        }
    }
    return kl;
}

double normal_quantile(double p) {
    assert(p > 0 && p < 1);
    double low = -40, high = 40;  // no double lies beyond
    while (high - low > 1e-12) {
        const double middle = (low + high) / 2;
        (std::erfc(-middle / std::sqrt(2.0)) / 2 < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

Matrix quantile_plane(const Matrix& codes, std::size_t columns, std::size_t rows) {
    const auto quantile = [](std::size_t i, std::size_t of) {
        return normal_quantile((static_cast<double>(i) + 0.5) / static_cast<double>(of));
    };
    Matrix plane(columns * rows, 2);
    for (std::size_t p = 0; p < plane.rows(); ++p) {
        plane(p, 0) = static_cast<Scalar>(quantile(p % columns, columns));
        plane(p, 1) = static_cast<Scalar>(quantile(rows - 1 - p / columns, rows));
    }
    if (codes.cols() == 2) {
        return plane;
    }
    const Pca widest = fit_pca(codes, 2);
    Matrix along(plane.rows(), widest.components.size());
    for (std::size_t p = 0; p < plane.rows(); ++p) {
        for (std::size_t c = 0; c < along.cols(); ++c) {
            along(p, c) = plane(p, c) * static_cast<Scalar>(std::sqrt(widest.variances[c]));
        }
    }
    return widest.expand(along);
}

Matrix prior_codes(std::size_t count, std::size_t latent_size, std::uint64_t seed) {
    Rng rng(seed);
    Matrix codes(count, latent_size);
    for (Scalar& value : codes.flat()) {
        value = static_cast<Scalar>(rng.normal());
    }
    return codes;
}

}  // namespace hourglass
