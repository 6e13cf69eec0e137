#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/data/noise.hpp"

namespace hourglass {

/// The Bayes-optimal denoiser: it knows the clean images, all equally likely, and the noise. No
/// denoiser, and so no network, names the right image more often on average than its most probable one,
/// or has a smaller mean squared error than its posterior mean.
class IdealDenoiser {
public:
    /// @param X  the clean images (n, d), pixels +1 and -1   @param noise  as it distorts them
    IdealDenoiser(const Matrix& X, const Noise& noise) : X_(X), noise_(noise) {}

    /// P(image i | noisy), for each clean image: (n), their sum is 1.
    ///   P(i | y) = P(y | i) / sum_k P(y | k)
    std::vector<double> posterior(std::span<const Scalar> noisy) const;

    /// The most probable clean image of each row of `noisy` (m, d): (m). The first of those equally
    /// probable.
    std::vector<std::size_t> most_probable(const Matrix& noisy) const;

    /// sum_i P(i | noisy) x_i of each row of `noisy` (m, d): (m, d).
    Matrix posterior_mean(const Matrix& noisy) const;

private:
    /// ln P(noisy | image), up to a constant that is the same for every image.
    double log_likelihood(std::span<const Scalar> noisy, std::span<const Scalar> image) const;

    Matrix X_;
    Noise noise_;
};

}  // namespace hourglass
