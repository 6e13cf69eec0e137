#pragma once

#include <span>
#include <vector>

#include "hourglass/nn/initialization.hpp"
#include "hourglass/nn/network.hpp"

namespace hourglass {

/// Which activations an autoencoder has.
struct AutoencoderActivations {
    Activation hidden = {Activation::Kind::tanh};
    Activation latent = {Activation::Kind::identity};  // a code may lie anywhere
    Activation output = {Activation::Kind::tanh};
};

/// A network that is wide, narrow, wide: the encoder maps a sample to its code in the latent space,
/// the decoder, which mirrors the encoder's widths, maps the code back.
class Autoencoder : public Network {
public:
    /// Layers "encoder.0", ... and "decoder.0", ...: widths 35, 20, 2 make 35-20-2-20-35.
    /// @param widths  the encoder's, from the input to the latent layer: at least two, none zero
    /// @throws Error  if the widths are not so
    Autoencoder(std::span<const std::size_t> widths, const AutoencoderActivations& activations);

    /// As above, with the parameters drawn from `rng`.
    Autoencoder(std::span<const std::size_t> widths, const AutoencoderActivations& activations,
                Initialization initialization, Rng& rng);

    /// The layer whose output is the code.
    std::size_t latent_layer() const { return depth() / 2; }
    std::size_t latent_size() const { return layer(latent_layer()).dense.out(); }

    /// The codes of X (n, in): (n, latent_size).
    Matrix encode(const Matrix& X) const { return apply(1, latent_layer(), X); }

    /// What codes (n, latent_size) stand for: (n, in).
    Matrix decode(const Matrix& codes) const { return apply(latent_layer() + 1, depth(), codes); }

    /// decode(encode(X)).
    Matrix reconstruct(const Matrix& X) const { return predict(X); }
};

}  // namespace hourglass
