#include "hourglass/nn/layers/batch_norm.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hourglass {

// In the loops below j is a channel, i where a pixel begins, and so x[i + j] the value of channel j there.

namespace {

/// sums_j = sum_i term(i, j) / over, of `size` numbers, in double: some channels at a time, whose sums stay in registers.
template <class Term>
void sum_by_channel(Values sums, std::size_t size, double over, const Term& term) {
    constexpr std::size_t together = 16;
    const std::size_t channels = sums.size();
    for (std::size_t first = 0; first < channels; first += together) {
        const std::size_t count = std::min(together, channels - first);
        std::array<double, together> sum = {};
        for (std::size_t i = 0; i < size; i += channels) {
            for (std::size_t j = 0; j < count; ++j) {
                sum[j] += term(i, first + j);
            }
        }
        for (std::size_t j = 0; j < count; ++j) {
            sums[first + j] = static_cast<Scalar>(sum[j] / over);
        }
    }
}

}  // namespace

BatchNorm::BatchNorm(const ImageShape& its_shape)
    : shape(its_shape),
      gamma(shape.channels, 1),
      beta(shape.channels),
      dgamma(shape.channels),
      dbeta(shape.channels),
      running_mean(shape.channels),
      running_variance(shape.channels, 1) {}

// mean_j = sum_i x_ij / m     variance_j = sum_i (x_ij - mean_j)^2 / m     rstd_j = 1 / sqrt(variance_j + epsilon)
void BatchNorm::take_statistics(Pass& pass, const Matrix& X) const {
    pass[mean].resize(1, shape.channels);
    pass[rstd].resize(1, shape.channels);
    const Given x = X.flat();
    const Values means = pass[mean].flat(), rstds = pass[rstd].flat();
    const double m = static_cast<double>(x.size() / shape.channels);
    if (pass.mode == Pass::Mode::evaluate) {
        std::ranges::copy(running_mean, means.begin());
    } else {
        sum_by_channel(means, x.size(), m,
                       [&](std::size_t i, std::size_t j) { return static_cast<double>(x[i + j]); });
        sum_by_channel(rstds, x.size(), m, [&](std::size_t i, std::size_t j) {
            const double difference = static_cast<double>(x[i + j] - means[j]);
            return difference * difference;
        });
    }
    const Given variance = pass.mode == Pass::Mode::evaluate ? Given(running_variance) : Given(rstds);
    for (std::size_t j = 0; j < shape.channels; ++j) {
        rstds[j] = static_cast<Scalar>(1 / std::sqrt(static_cast<double>(variance[j]) + epsilon));
    }
}

// x_hat = (x - mean) rstd     z = gamma x_hat + beta
void BatchNorm::forward(Matrix& Z, Pass& pass, const Matrix& X) const {
    take_statistics(pass, X);
    Z.resize(X.rows(), X.cols());
    pass[X_hat].resize(X.rows(), X.cols());
    const Given x = X.flat(), means = pass[mean].flat(), rstds = pass[rstd].flat();
    const Values x_hat = pass[X_hat].flat(), z = Z.flat();
    for (std::size_t i = 0; i < x.size(); i += shape.channels) {
        for (std::size_t j = 0; j < shape.channels; ++j) {
            x_hat[i + j] = (x[i + j] - means[j]) * rstds[j];
            z[i + j] = gamma[j] * x_hat[i + j] + beta[j];
        }
    }
}

// dgamma_j = sum_i dz_ij x_hat_ij     dbeta_j = sum_i dz_ij
void BatchNorm::backward(const Matrix& dZ, Pass& pass, const Matrix&) {
    const Given dz = dZ.flat(), x_hat = pass[X_hat].flat();
    sum_by_channel(dgamma, dz.size(), 1, [&](std::size_t i, std::size_t j) {
        return static_cast<double>(dz[i + j]) * static_cast<double>(x_hat[i + j]);
    });
    sum_by_channel(dbeta, dz.size(), 1,
                   [&](std::size_t i, std::size_t j) { return static_cast<double>(dz[i + j]); });
    if (pass.mode == Pass::Mode::train) {
        move_statistics(pass, static_cast<double>(dz.size() / shape.channels));
    }
}

// running += momentum (that of the batch - running); the variance is m / (m - 1) times that of the batch
void BatchNorm::move_statistics(const Pass& pass, double m) {
    const double unbiased = m / std::max(m - 1, 1.0);
    for (std::size_t j = 0; j < shape.channels; ++j) {
        const double mean_j = static_cast<double>(pass[mean](0, j));
        const double rstd_j = static_cast<double>(pass[rstd](0, j));
        const double variance_j = std::max(1 / (rstd_j * rstd_j) - epsilon, 0.0);  // 0 for rounding
        running_mean[j] += static_cast<Scalar>(momentum * (mean_j - static_cast<double>(running_mean[j])));
        running_variance[j] += static_cast<Scalar>(
            momentum * (variance_j * unbiased - static_cast<double>(running_variance[j])));
    }
}

// dx = gamma rstd (dz - dbeta / m - x_hat dgamma / m)
// The last two terms are there because mean and variance depend on every x; the running ones do not.
void BatchNorm::backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix&) const {
    dX.resize(dZ.rows(), dZ.cols());
    const Given dz = dZ.flat(), x_hat = pass[X_hat].flat(), rstds = pass[rstd].flat();
    const Values dx = dX.flat();
    const bool of_batch = pass.mode != Pass::Mode::evaluate;
    const Scalar one_m = of_batch ? static_cast<Scalar>(shape.channels) / static_cast<Scalar>(dz.size()) : 0;
    for (std::size_t i = 0; i < dz.size(); i += shape.channels) {
        for (std::size_t j = 0; j < shape.channels; ++j) {
            dx[i + j] =
                gamma[j] * rstds[j] * (dz[i + j] - dbeta[j] * one_m - x_hat[i + j] * dgamma[j] * one_m);
        }
    }
}

std::string BatchNorm::description() const {
    return "batch_norm(" + shape_text(shape) + ")";
}

std::vector<Parameter> BatchNorm::parameters() {
    const std::vector<std::size_t> each = {shape.channels};
    return {{name + ".gamma", gamma, dgamma, each},
            {name + ".beta", beta, dbeta, each},
            {name + ".running_mean", running_mean, {}, each},
            {name + ".running_variance", running_variance, {}, each}};
}

void BatchNorm::initialize(Initialization, Rng&) {
    std::ranges::fill(gamma, Scalar{1});
    std::ranges::fill(beta, Scalar{0});
    std::ranges::fill(running_mean, Scalar{0});
    std::ranges::fill(running_variance, Scalar{1});
}

}  // namespace hourglass
