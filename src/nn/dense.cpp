#include "hourglass/nn/dense.hpp"

#include "hourglass/core/matmul.hpp"
#include "hourglass/core/vector_math.hpp"

namespace hourglass {

// Z = X W^T + b
void Dense::forward(Matrix& Z, const Matrix& X) const {
    matmul_nt(Z, X, W);  // z_ij  = sum_k x_ik w_jk
    add_to_rows(Z, b);   // z_ij += b_j
}

// dW = dZ^T X     db = sum_i dZ_i     dX = dZ W
void Dense::backward(Matrix& dX, const Matrix& dZ, const Matrix& X) {
    matmul_tn(dW, dZ, X);  // dw_jk = sum_i dz_ij x_ik
    sum_rows(db, dZ);      // db_j  = sum_i dz_ij
    matmul_nn(dX, dZ, W);  // dx_ik = sum_j dz_ij w_jk
}

void Dense::backward(const Matrix& dZ, const Matrix& X) {
    matmul_tn(dW, dZ, X);
    sum_rows(db, dZ);
}

void Dense::backward_input(Matrix& dX, const Matrix& dZ) const {
    matmul_nn(dX, dZ, W);
}

}  // namespace hourglass
