#include "hourglass/nn/layers/sampling.hpp"

#include <algorithm>

#include "hourglass/core/elementwise.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

/// eps from N(0, 1) for a training, or 0; in a replay as it was.
void draw(Matrix& Eps, Pass& pass, std::size_t n, std::size_t d) {
    if (pass.mode == Pass::Mode::replay) {
        return;
    }
    Eps.resize(n, d);
    if (pass.mode == Pass::Mode::evaluate) {
        std::ranges::fill(Eps.flat(), Scalar{0});
    } else {
        std::ranges::generate(Eps.flat(), [&] { return static_cast<Scalar>(pass.rng.normal()); });
    }
}

}  // namespace

// Z = mu + sigma * eps     sigma = exp(s / 2)
// penalty = beta sum (mu^2 + sigma^2 - s - 1) / 2n
void Sampling::forward(Matrix& Z, Pass& pass, const Matrix& X) const {
    const std::size_t n = X.rows(), d = latent_size;
    draw(pass[eps], pass, n, d);
    Matrix &Eps = pass[eps], &Sigma = pass[sigma];
    Sigma.resize(n, d);
    Z.resize(n, d);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            Sigma(i, j) = X(i, d + j) / 2;
        }
    }
    elementwise::exp(Sigma.flat(), Sigma.flat());  // sigma_ij = exp(s_ij / 2)
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            const Scalar mu = X(i, j), s = X(i, d + j);
            Z(i, j) = mu + Sigma(i, j) * Eps(i, j);
            sum += static_cast<double>(mu * mu + Sigma(i, j) * Sigma(i, j) - s - 1);
        }
    }
    pass.penalty = beta * sum / (2 * static_cast<double>(n));
}

// dmu = dZ + beta mu / n     ds = dZ * eps * sigma / 2 + beta (sigma^2 - 1) / 2n
void Sampling::backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const {
    const std::size_t n = X.rows(), d = latent_size;
    const Matrix &Eps = pass[eps], &Sigma = pass[sigma];
    const Scalar beta_n = static_cast<Scalar>(beta / static_cast<double>(n));
    dX.resize(n, 2 * d);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            dX(i, j) = dZ(i, j) + beta_n * X(i, j);
            dX(i, d + j) =
                (dZ(i, j) * Eps(i, j) * Sigma(i, j) + beta_n * (Sigma(i, j) * Sigma(i, j) - 1)) / 2;
        }
    }
}

std::string Sampling::description() const {
    return "sampling(" + std::to_string(latent_size) + "," + to_exact_text(beta) + ")";
}

}  // namespace hourglass
