#pragma once

#include "hourglass/core/matrix.hpp"

namespace hourglass {

// The three products that backprop is made of, and no more. The destination comes first, is resized
// to fit, and must not be one of the inputs. `n` stands for a factor taken as it is, `t` for one
// taken transposed.

/// C = A B^T, as in Z = X W^T.
/// @param A  (n, k)   @param B  (m, k)   @param C  (n, m)
/// @throws ShapeError  unless A.cols() == B.cols()
void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B);

/// C = A B, as in dX = dZ W.
/// @param A  (n, k)   @param B  (k, m)   @param C  (n, m)
/// @throws ShapeError  unless A.cols() == B.rows()
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B);

/// C = A^T B, as in dW = dZ^T X.
/// @param A  (k, n)   @param B  (k, m)   @param C  (n, m)
/// @throws ShapeError  unless A.rows() == B.rows()
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B);

}  // namespace hourglass
