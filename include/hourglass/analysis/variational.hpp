#pragma once

#include <cstdint>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

// What there is to see in the codes of a variational autoencoder, whose prior is N(0, 1) in each latent unit.

/// The KL divergence of each latent unit from the prior, in nats a sample: (latent size). A unit that the decoder does
/// not use stays near 0.
///   KL_j = sum_i (mu_ij^2 + exp s_ij - s_ij - 1) / 2n
/// @param X  what the sampling layer takes (n, 2 latent size): mu, then s = ln sigma^2
std::vector<double> kl_of_units(const Matrix& X);

/// The KL, in nats a sample, from which on a latent unit counts as used: 0.01.
/// @see  Burda, Grosse & Salakhutdinov 2016 count units whose mean varies by more than 0.01
constexpr double used_kl = 0.01;

/// The number below which a share p of the normal distribution lies. @pre  0 < p < 1
double normal_quantile(double p);

/// A plane of codes, columns to the right and rows upward, each standing for as much of the prior as the others: at its
/// quantiles (i + 1/2) / columns, row after row from the top left: (columns * rows, latent size). Where the latent size is
/// not 2, at the same quantiles along the two directions in which the codes vary most.
/// @param codes  (n, latent size), n > 2
Matrix quantile_plane(const Matrix& codes, std::size_t columns, std::size_t rows);

/// Codes drawn from the prior: (count, latent size).
Matrix prior_codes(std::size_t count, std::size_t latent_size, std::uint64_t seed);

}  // namespace hourglass
