#pragma once

#include <cstdint>

#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

/// What is measured over a set of samples: each the mean of a sample.
struct SetScores {
    double error = 0;     // the loss without what the layers add to it
    double kl = 0;        // ... which is the KL divergence of a variational autoencoder, in nats
    double accuracy = 0;  // of a classifier: the share of the samples that are named rightly

    double elbo() const { return -error - kl; }
};

/// Adds up scores batch by batch.
class Tally {
public:
    /// @param loss  what the network's loss was   @param ws  as that left it   @param T  the targets (n, out)
    void add(double loss, const Workspace& ws, const Matrix& T);

    SetScores mean() const;

private:
    double samples_ = 0, loss_ = 0, kl_ = 0, right_ = 0;
};

/// The scores of a whole set, a block of it at a time. A sampling layer draws its codes, from `seed`: the ELBO is that of
/// draws.
/// @param X  inputs (n, in), n > 0   @param T  targets (n, out)
SetScores score(const Autoencoder& model, const Matrix& X, const Matrix& T, Loss loss, std::uint64_t seed);

}  // namespace hourglass
