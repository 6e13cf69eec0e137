#include "hourglass/analysis/variational.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

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

std::vector<std::vector<double>> deviations_of(const Matrix& X) {
    std::vector<std::vector<double>> deviations(X.cols() / 2);
    for (std::size_t j = 0; j < deviations.size(); ++j) {
        for (std::size_t i = 0; i < X.rows(); ++i) {
            deviations[j].push_back(std::exp(static_cast<double>(X(i, deviations.size() + j)) / 2));
        }
    }
    return deviations;
}

Elbo estimate_elbo(const Autoencoder& model, const Matrix& X, std::size_t draws, std::uint64_t seed,
                   const std::function<void(const Matrix&)>& each) {
    assert(draws > 1);
    const std::size_t l = model.latent_layer();
    Workspace ws(model, seed);
    double sum = 0, squares = 0;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        model.forward(ws, X);
        const double reconstruction = model.loss(ws, X, Loss::cross_entropy) - ws.pass[l].penalty;
        sum += reconstruction;
        squares += reconstruction * reconstruction;
        if (each) {
            each(ws.Y());
        }
    }
    const std::vector<double> kl = kl_of_units(ws.A[l - 1]);
    const auto n = static_cast<double>(draws);
    const double mean = sum / n, variance = std::max(squares / n - mean * mean, 0.0);
    return {mean, std::accumulate(kl.begin(), kl.end(), 0.0), std::sqrt(variance / (n - 1))};
}

double entropy_of_rows(const Matrix& X) {
    std::map<std::vector<Scalar>, double> counts;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        ++counts[{X.row(i).begin(), X.row(i).end()}];
    }
    double sum = 0;
    for (const auto& [row, count] : counts) {
        const double p = count / static_cast<double>(X.rows());
        sum -= p * std::log(p);
    }
    return sum;
}

std::size_t used_units(const std::vector<double>& kl) {
    return static_cast<std::size_t>(std::ranges::count_if(kl, [](double of_unit) { return of_unit > used_kl; }));
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

std::vector<Normal> spread_of(const Matrix& codes) {
    std::vector<Normal> units;
    for (std::size_t j = 0; j < codes.cols(); ++j) {
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < codes.rows(); ++i) {
            const auto z = static_cast<double>(codes(i, j));
            sum += z;
            squares += z * z;
        }
        const auto n = static_cast<double>(codes.rows());
        units.push_back({sum / n, std::sqrt(std::max(squares / n - sum / n * (sum / n), 0.0))});
    }
    return units;
}

Matrix draw_codes(std::size_t count, const std::vector<Normal>& units, std::uint64_t seed) {
    Rng rng(seed);
    Matrix codes(count, units.size());
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < units.size(); ++j) {
            codes(i, j) = static_cast<Scalar>(units[j].mean + units[j].deviation * rng.normal());
        }
    }
    return codes;
}

Matrix prior_codes(std::size_t count, std::size_t latent_size, std::uint64_t seed) {
    return draw_codes(count, std::vector<Normal>(latent_size), seed);
}

}  // namespace hourglass
