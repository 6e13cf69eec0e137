#pragma once

#include "hourglass/nn/autoencoder.hpp"

// Pixels are in [-1, 1] everywhere, except while a network trains whose output is a sigmoid: in [0, 1] there.

namespace hourglass {

/// p = (1 + x) / 2;  P may be X
void to_zero_one(Matrix& P, const Matrix& X);
Matrix zero_one(const Matrix& X);

/// x = 2 p - 1
void to_signed(Matrix& X, const Matrix& P);

/// The same network for pixels in [-1, 1] as `model` is for those in [0, 1].
///   W p + b = W/2 x + (b + W 1/2)     2 sigmoid(z) - 1 = tanh(z / 2)
/// @pre  its first and last layer are dense, the last with a sigmoid
Autoencoder for_signed_pixels(const Autoencoder& model);

}  // namespace hourglass
