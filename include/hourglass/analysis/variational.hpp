#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

// What there is to see in the codes of a variational autoencoder, whose prior is N(0, 1) in each latent unit.

/// The KL divergence of each latent unit from the prior, in nats a sample: (latent size). A unit that the decoder does
/// not use stays near 0.
///   KL_j = sum_i (mu_ij^2 + exp s_ij - s_ij - 1) / 2n
/// @param X  what the sampling layer takes (n, 2 latent size): mu, then s = ln sigma^2
std::vector<double> kl_of_units(const Matrix& X);

/// sigma = exp(s / 2) of every code, [unit][sample]. @param X  as above
std::vector<std::vector<double>> deviations_of(const Matrix& X);

/// The KL, in nats a sample, from which on a latent unit counts as used: 0.01.
/// @see  Burda, Grosse & Salakhutdinov 2016 count units whose mean varies by more than 0.01
constexpr double used_kl = 0.01;
std::size_t used_units(const std::vector<double>& kl);

/// The evidence lower bound (ELBO) of a sample, in nats: -reconstruction - kl.
struct Elbo {
    double reconstruction = 0;  // -E ln p(x|z): what a sample costs given a code that was drawn for it
    double kl = 0;              // what the code costs, whatever beta is
    double standard_error = 0;  // of the reconstruction, and so of the ELBO, over the draws

    double value() const { return -reconstruction - kl; }
};

/// The ELBO as the mean over the samples X (n, in) and over `draws` draws of a code for each.
/// @param each  if there is one, it is given the images (n, in) that the codes of each draw decode to
/// @pre  the latent layer is a Sampling layer, draws > 1, and cross-entropy is the loss
Elbo estimate_elbo(const Autoencoder& model, const Matrix& X, std::size_t draws, std::uint64_t seed,
                   const std::function<void(const Matrix& Y)>& each = {});

/// The entropy of drawing a row of X, in nats: ln n, if no two are the same. Where all values are -1 or 1, no model of
/// them has a smaller -ELBO, for that is at least what it costs to say which row it is.
///   H = -sum_x p(x) ln p(x)
double entropy_of_rows(const Matrix& X);

/// The number below which a share p of the normal distribution lies. @pre  0 < p < 1
double normal_quantile(double p);

/// A plane of codes, columns to the right and rows upward, each standing for as much of the prior as the others: at its
/// quantiles (i + 1/2) / columns, row after row from the top left: (columns * rows, latent size). Where the latent size is
/// not 2, at the same quantiles along the two directions in which the codes vary most.
/// @param codes  (n, latent size), n > 2
Matrix quantile_plane(const Matrix& codes, std::size_t columns, std::size_t rows);

/// A normal distribution; that of the prior, unless it says another.
struct Normal {
    double mean = 0, deviation = 1;
};

/// How codes (n, latent size) are spread in each latent unit: their mean and standard deviation.
std::vector<Normal> spread_of(const Matrix& codes);

/// Codes whose units are drawn independently: (count, units.size()).
Matrix draw_codes(std::size_t count, const std::vector<Normal>& units, std::uint64_t seed);

/// Codes drawn from the prior: (count, latent size).
Matrix prior_codes(std::size_t count, std::size_t latent_size, std::uint64_t seed);

}  // namespace hourglass
