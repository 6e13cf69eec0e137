#pragma once

#include <string_view>

#include "hourglass/core/matrix.hpp"
#include "hourglass/nn/activation.hpp"

namespace hourglass {

// Each loss returns its value, summed in double, and writes its gradient to its first argument.
// Y are the predictions, T the targets; all matrices are (n, d). The 1/n of the mean over the batch
// is here and nowhere else.

/// L = sum_ij (y_ij - t_ij)^2 / (n d),  dY = 2 (Y - T) / (n d)
double mean_squared_error(Matrix& dY, const Matrix& Y, const Matrix& T);

/// L = sum_ij |y_ij - t_ij| / (n d),  dY = sign(Y - T) / (n d), and 0 where y = t
double mean_absolute_error(Matrix& dY, const Matrix& Y, const Matrix& T);

// Cross-entropy in nats: summed over the d outputs of a sample, averaged over the n samples. Each form
// is fused with the output activation for which dL/dZ collapses to dZ = (Y - T) / n, and is computed
// from Z, so that a saturated output costs |z| and not infinity.

/// For Y = tanh Z and targets in [-1, 1], which stand for the probabilities (1 + t) / 2.
double tanh_cross_entropy(Matrix& dZ, const Matrix& Z, const Matrix& Y, const Matrix& T);

/// For Y = sigmoid Z and targets in [0, 1].
double sigmoid_cross_entropy(Matrix& dZ, const Matrix& Z, const Matrix& Y, const Matrix& T);

/// For Y = softmax Z and targets that sum to 1 in each row.
double softmax_cross_entropy(Matrix& dZ, const Matrix& Z, const Matrix& Y, const Matrix& T);

/// Which loss a network is trained on.
enum class Loss { mean_squared_error, mean_absolute_error, cross_entropy };

/// The loss of a whole output layer Y = f(Z), down to dZ. For a loss that is not fused, dY is written
/// on the way; for cross-entropy it is left alone.
/// @pre  cross-entropy comes with tanh, sigmoid or softmax (see require_compatible)
double output_loss(Matrix& dZ, Matrix& dY, const Matrix& Z, const Matrix& Y, const Matrix& T,
                   Loss loss, const Activation& f);

/// @throws Error  if `loss` is cross-entropy and `f` is not tanh, sigmoid or softmax
void require_compatible(Loss loss, const Activation& f);

/// "mse", "mae" or "cross_entropy"; the two are each other's inverse.
/// @throws Error  for an unknown name; the message lists those allowed
Loss loss_from_name(std::string_view name);
std::string_view name_of(Loss loss);

}  // namespace hourglass
