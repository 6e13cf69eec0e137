#pragma once

#include "hourglass/nn/layer.hpp"
#include "hourglass/nn/shape.hpp"

namespace hourglass {

/// Batch normalization: gives each channel a mean and a spread of its own choice, beta and gamma, whatever the layers
/// before it do. A channel's statistics are over the m values that it has in a batch: all samples and all pixels.
///   x_hat = (x - mean) rstd,   z = gamma x_hat + beta,   rstd = 1 / sqrt(variance + epsilon)
/// Where it evaluates, mean and variance are the running ones, which backward moves. The layer before it needs no
/// bias: the mean would take it away.
/// @see  Ioffe & Szegedy 2015, Algorithm 1; the running variance is the unbiased one, as there and in PyTorch
class BatchNorm final : public Layer {
public:
    ImageShape shape;                       // of a sample
    Vector gamma, beta;                     // (channels)
    Vector dgamma, dbeta;                   // overwritten by each backward
    Vector running_mean, running_variance;  // (channels), not trained

    static constexpr double momentum = 0.1;  // what a new batch weighs in the running statistics
    static constexpr double epsilon = 1e-5;

    enum : std::size_t { mean, rstd, X_hat };  // what it keeps: (1, channels) twice, and (n, in)

    /// gamma and the running variance 1, beta and the running mean 0.
    explicit BatchNorm(const ImageShape& its_shape);

    std::size_t in() const override { return shape.size(); }
    std::size_t out() const override { return shape.size(); }
    std::string description() const override;
    std::vector<Parameter> parameters() override;
    void initialize(Initialization, Rng&) override;
    std::vector<std::string> kept() const override { return {"mean", "rstd", "X_hat"}; }

    /// Z = gamma * X_hat + beta, channel by channel
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override;

    /// dgamma = sum dz x_hat,  dbeta = sum dz; and in training the running statistics move
    void backward(const Matrix& dZ, Pass& pass, const Matrix& X) override;

    /// dX, by dgamma and dbeta as backward left them
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override;

    std::unique_ptr<Layer> copy() const override { return std::make_unique<BatchNorm>(*this); }

private:
    void take_statistics(Pass& pass, const Matrix& X) const;
    void move_statistics(const Pass& pass, double m);
};

}  // namespace hourglass
