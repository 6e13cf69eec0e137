#pragma once

#include "hourglass/analysis/pca.hpp"
#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

/// What the codes of labelled samples X (n, d) are worth: for getting the samples back, and for telling classes apart.
struct CodeQuality {
    Matrix mean;                       // the codes (n, k); of a variational autoencoder their means
    std::vector<double> unit_kl = {};  // of each unit, in nats; none of a plain autoencoder, which draws no codes
    double mse = 0;                    // of what the mean codes decode to
    double reconstruction = 0;         // -E ln p(x|z) of codes that are drawn, in nats
    double purity = 0;                 // of 10 neighbours

    double kl() const;  // NaN of a plain one
    double elbo() const { return -reconstruction - kl(); }
};

/// @param nats  that a loss of 1 stands for   @param seed  of the codes that are drawn
/// @param labels  (n), n > 10
CodeQuality code_quality(const Autoencoder& model, const Matrix& X, const std::vector<std::size_t>& labels, Loss loss,
                         double nats, std::uint64_t seed);

/// The same of as many principal components: the best linear autoencoder.
struct LinearCodes {
    Pca pca;
    Matrix codes, plane;                     // (n, k), and the first two of these
    double mse = 0, mean_image_mse = 0;      // with all components, with none
    double purity = 0, purity_of_plane = 0;  // of 10 neighbours
};
LinearCodes linear_codes(const Matrix& X, const std::vector<std::size_t>& labels, std::size_t k);

/// What new codes decode to, (count, d): drawn from the prior or, of a plain autoencoder, as its codes are spread.
Matrix new_samples(const Autoencoder& model, const CodeQuality& codes, std::size_t count, std::uint64_t seed);

}  // namespace hourglass
