#pragma once

#include <memory>
#include <span>
#include <vector>

#include "hourglass/nn/network.hpp"

namespace hourglass {

/// A network with a layer whose output is the code: the encoder maps a sample to its code in the latent
/// space, the decoder maps the code back.
class Autoencoder : public Network {
public:
    /// @param latent_layer  the layer whose output is the code, counted from 1
    /// @throws ShapeError  if the layers do not fit together, or there is no layer after that one
    Autoencoder(std::vector<std::unique_ptr<Layer>> layers, std::size_t latent_layer);

    std::size_t latent_layer() const { return latent_layer_; }
    std::size_t latent_size() const { return layer(latent_layer_).out(); }

    /// The codes of X (n, in): (n, latent_size).
    Matrix encode(const Matrix& X) const { return apply(1, latent_layer_, X); }

    /// What codes (n, latent_size) stand for: (n, in).
    Matrix decode(const Matrix& codes) const { return apply(latent_layer_ + 1, depth(), codes); }

    /// decode(encode(X)).
    Matrix reconstruct(const Matrix& X) const { return predict(X); }

private:
    std::size_t latent_layer_;
};

/// Which activations a mirrored autoencoder has.
struct AutoencoderActivations {
    Activation hidden = {Activation::Kind::tanh};
    Activation latent = {Activation::Kind::identity};  // a code may lie anywhere
    Activation output = {Activation::Kind::tanh};
};

/// Wide, narrow, wide: dense layers "encoder.0", ... and "decoder.0", ..., the decoder with the encoder's
/// widths backwards; 35, 20, 2 make 35-20-2-20-35. All parameters are zero.
/// @param widths  the encoder's, from the input to the latent layer: at least two, none zero
/// @throws Error  if the widths are not so
Autoencoder mirrored_autoencoder(std::span<const std::size_t> widths,
                                 const AutoencoderActivations& activations = {});

/// As above, with the parameters drawn from `rng`.
Autoencoder mirrored_autoencoder(std::span<const std::size_t> widths,
                                 const AutoencoderActivations& activations,
                                 Initialization initialization, Rng& rng);

/// Variational: an encoder of dense layers whose last gives a mean and a variance for each latent unit, Sampling as the
/// latent layer, and the decoder with the widths backwards; 784, 400, 20 make 784-400-40, a draw of 20, 20-400-784.
/// All parameters are zero. encode is the mean.
/// @param widths  as above
/// @param beta  what the KL divergence weighs in the loss, at least 0
Autoencoder variational_autoencoder(std::span<const std::size_t> widths, double beta,
                                    const AutoencoderActivations& activations = {});

/// An encoder of any layers, and a decoder that mirrors it: dense layers backwards, convolutions transposed, and for
/// pooling an upsampling; what was normed in the encoder is normed in the decoder, dropout is left out there, and Sampling
/// is the latent layer. A decoder
/// layer has the activation that the encoder has at its place, and the last one `output`. The layers get their names.
/// @throws Error  naming the layer of the encoder that has no mirror, such as a pooling with overlapping windows
Autoencoder mirrored_autoencoder(std::vector<std::unique_ptr<Layer>> encoder, const Activation& output);

/// The layers of a whole autoencoder, which get their names: "encoder.0", ... up to the latent layer, and "decoder.0",
/// ... after it.
/// @throws ShapeError  as Autoencoder's constructor
Autoencoder autoencoder_of(std::vector<std::unique_ptr<Layer>> layers, std::size_t latent_layer);

}  // namespace hourglass
