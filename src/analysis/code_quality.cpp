#include "hourglass/analysis/code_quality.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "hourglass/analysis/evaluation.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/neighbours.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/nn/layers/sampling.hpp"

namespace hourglass {

double CodeQuality::kl() const {
    return unit_kl.empty() ? std::numeric_limits<double>::quiet_NaN()
                           : std::accumulate(unit_kl.begin(), unit_kl.end(), 0.0);
}

CodeQuality code_quality(const Autoencoder& model, const Matrix& X, const std::vector<std::size_t>& labels, Loss loss,
                         double nats, std::uint64_t seed) {
    const std::size_t latent = model.latent_layer();
    CodeQuality codes;
    if (dynamic_cast<const Sampling*>(&model.layer(latent))) {
        const Matrix given = apply_in_blocks(model, 1, latent - 1, X);  // mu, then s = ln sigma^2
        codes.unit_kl = kl_of_units(given);
        codes.mean = model.apply(latent, latent, given);
    } else {
        codes.mean = encode_in_blocks(model, X);
    }
    codes.mse = mean_squared_difference(decode_in_blocks(model, codes.mean), X);
    codes.reconstruction = score(model, X, X, loss, seed).error * nats;
    codes.purity = neighbour_purity(codes.mean, labels);
    return codes;
}

LinearCodes linear_codes(const Matrix& X, const std::vector<std::size_t>& labels, std::size_t k) {
    LinearCodes linear;
    linear.pca = fit_pca(X, k);
    const Pca& pca = linear.pca;
    const double mean_squares = static_cast<double>(X.rows() - 1) / static_cast<double>(X.size());  // of a variance
    const double kept = std::accumulate(pca.variances.begin(), pca.variances.end(), 0.0);
    linear.codes = pca.project(X);
    linear.mse = (pca.total_variance - kept) * mean_squares;
    linear.mean_image_mse = pca.total_variance * mean_squares;
    linear.purity = neighbour_purity(linear.codes, labels);
    linear.plane.resize(X.rows(), 2);
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::ranges::copy(linear.codes.row(i).first(std::min<std::size_t>(2, linear.codes.cols())), linear.plane.row(i).begin());
    }
    linear.purity_of_plane = neighbour_purity(linear.plane, labels);
    return linear;
}

Matrix new_samples(const Autoencoder& model, const CodeQuality& codes, std::size_t count, std::uint64_t seed) {
    const std::vector<Normal> units =
        codes.unit_kl.empty() ? spread_of(codes.mean) : std::vector<Normal>(codes.unit_kl.size());
    return decode_in_blocks(model, draw_codes(count, units, seed));
}

}  // namespace hourglass
