#pragma once

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/window.hpp"

namespace hourglass {

// The three products of a convolution, and of a transposed one, whose other factor is P = patches(X): (n places, patch).
// Row r of P is what lies under the window at place r, the places of sample 0 first; the channels of an image
// with a pixel at each place, Z (n, places out), are row r of a matrix (n places, out) in the very same memory.
//
// All of P would be many times as large as X, and slower to write and read again than to multiply. So in a build with
// fast kernels P has the patches of a few hundred places at a time, which stay in the cache; the last of them
// remain to be looked at. In a debug and in a teaching build it is all there.

/// P = patches(X): the numbers under the window at each place, and 0 on the border.
/// @param X  (n, window.image.size())   @param P  (n places, patch)
/// @throws ShapeError  unless X is of that width
void gather_patches(Matrix& P, const Matrix& X, const Window& window);
Matrix patches(const Matrix& X, const Window& window);

/// X = each pixel's sum over all patches that it is in; what lies on the border goes nowhere.
/// @param P  (n places, patch)   @param X  (n, window.image.size())
/// @throws ShapeError  unless P is of that shape
void sum_patches(Matrix& X, const Matrix& P, const Window& window);

/// Z = P W^T with P = patches(X)
/// @param X  (n, image)   @param W  (out, patch)   @param Z  (n, places out)
/// @throws ShapeError  unless X and W are so wide
void convolve(Matrix& Z, Matrix& P, const Matrix& X, const Matrix& W, const Window& window);

/// X = sum_patches(P) with P = Z W, the transpose of what convolve does to X
/// @param Z  (n, places out)   @param W  (out, patch)   @param X  (n, image)
/// @throws ShapeError  unless Z and W are so wide
void convolve_transposed(Matrix& X, Matrix& P, const Matrix& Z, const Matrix& W, const Window& window);

/// W = Z^T P with P = patches(X), summed over all places of all samples
/// @param Z  (n, places out)   @param X  (n, image)   @param W  (out, patch)
/// @throws ShapeError  unless Z and X are so wide, and of as many samples
void convolve_weights(Matrix& W, Matrix& P, const Matrix& Z, const Matrix& X, const Window& window);

}  // namespace hourglass
