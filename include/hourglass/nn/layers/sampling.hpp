#pragma once

#include "hourglass/nn/layer.hpp"

namespace hourglass {

/// The latent layer of a variational autoencoder: draws a code from the normal distribution that the encoder gives
/// for each sample. Its input is X = (mu, s), a mean and s = ln sigma^2 for each latent unit, side by side:
///   z = mu + sigma eps,   sigma = exp(s / 2),   eps from N(0, 1) in training, 0 where it evaluates
/// The loss gets beta KL(N(mu, sigma^2) || N(0, 1)), in nats, summed over the units and averaged over the samples.
/// @see  Kingma & Welling 2014; beta: Higgins et al. 2017
class Sampling final : public Layer {
public:
    std::size_t latent_size;
    double beta;  // what the KL divergence weighs in the loss

    enum : std::size_t { eps, sigma };  // what it keeps, each (n, latent_size)

    explicit Sampling(std::size_t its_latent_size, double its_beta = 1)
        : latent_size(its_latent_size), beta(its_beta) {}

    std::size_t in() const override { return 2 * latent_size; }
    std::size_t out() const override { return latent_size; }
    std::string description() const override;
    std::vector<std::string> kept() const override { return {"eps", "sigma"}; }

    /// Z = mu + sigma * eps, and the penalty of the pass
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override;

    void backward(const Matrix&, Pass&, const Matrix&) override {}  // it has no parameters

    /// dX = (dmu, ds), that of the penalty included
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override;

    std::unique_ptr<Layer> copy() const override { return std::make_unique<Sampling>(*this); }
};

}  // namespace hourglass
