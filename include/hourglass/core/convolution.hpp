#pragma once

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/window.hpp"

namespace hourglass {

// The three products of a convolution, and of a transposed one, whose other factor is P = patches(X): (n
// places, patch). Row r of P is what lies under the window at place r, the places of sample 0 first; the
// channels of an image with a pixel at each place, Z (n, places out), are row r of a matrix (n places, out)
// in the very same memory.
//
// In a debug and in a teaching build P is there, whole, to be looked at. All of it would be many times as
// large as X, and slower to write and read again than to multiply: fast kernels read the patches where they
// lie, in images that have their border, and their P is scratch, an image of each thread. patches(X, window)
// is P in any build.

/// P = patches(X): the numbers under the window at each place, and 0 on the border.
/// @param X  (n, window.image.size())   @param P  (n places, patch)
/// @throws ShapeError  unless X is of that width
void gather_patches(Matrix& P, const Matrix& X, const Window& window);
Matrix patches(const Matrix& X, const Window& window);

/// X = each pixel's sum over all patches that it is in; what lies on the border goes nowhere.
/// @param P  (n places, patch)   @param X  (n, window.image.size())
/// @throws ShapeError  unless P is of that shape
void sum_patches(Matrix& X, const Matrix& P, const Window& window);

/// Z = P W^T + b with P = patches(X)
/// @param X  (n, image)   @param W  (out, patch)   @param b  (out), or empty: none
/// @param Z  (n, places out)
/// @throws ShapeError  unless X, W and b are so wide
void convolve(Matrix& Z, Matrix& P, const Matrix& X, const Matrix& W, Given b, const Window& window);

/// X = sum_patches(P) + b with P = Z W, the transpose of what convolve does to X
/// @param Z  (n, places out)   @param W  (out, patch)   @param b  (channels of X), or empty: none
/// @param X  (n, image)
/// @throws ShapeError  unless Z, W and b are so wide
void convolve_transposed(Matrix& X, Matrix& P, const Matrix& Z, const Matrix& W, Given b,
                         const Window& window);

/// W = Z^T P with P = patches(X), summed over all places of all samples
/// @param Z  (n, places out)   @param X  (n, image)   @param W  (out, patch)
/// @throws ShapeError  unless Z and X are so wide, and of as many samples
void convolve_weights(Matrix& W, Matrix& P, const Matrix& Z, const Matrix& X, const Window& window);

}  // namespace hourglass
