#pragma once

#include <string>
#include <vector>

#include "hourglass/nn/gradient_check.hpp"

namespace hourglass {

/// Compares each equation of a backward pass by itself: dY, dZ, dX and the gradients of the parameters, as they
/// stand in `ws` and `network`, with central differences of what forward computes from the same numbers, such
/// as of
///   phi(X) = sum_ij dz_ij z_ij(X)      for dX
/// By the chain rule all are right together if each is, and a wrong one does not make those after it look
/// wrong. Where one is off, known mistakes are tried: each is the right gradient of something else, as of a
/// layer with its W transposed.
/// @returns  for each equation a tensor "encoder.1.X", "encoder.1.W", "encoder.1.Z", from the input to the output; the hint
///           is `encoder.1: dX fits "W not transposed"`. Matrices that were not computed are left out.
GradientCheck check_equations(Network& network, const Workspace& ws, const Matrix& T, Loss loss,
                              const GradientCheckOptions& options = {});

/// The names, as above, of those gradients that backward adds to what was there, where it should overwrite
/// them: a second backward pass of the same batch, of copies of the layers, changes them.
std::vector<std::string> accumulated_gradients(const Network& network, const Workspace& ws);

}  // namespace hourglass
