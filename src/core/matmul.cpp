#include "hourglass/core/matmul.hpp"

#include "choose_kernels.hpp"

namespace hourglass {

void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B) { chosen::matmul_nt(C, A, B); }
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B) { chosen::matmul_nn(C, A, B); }
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B) { chosen::matmul_tn(C, A, B); }

}  // namespace hourglass
