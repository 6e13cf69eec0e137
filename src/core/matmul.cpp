#include "hourglass/core/matmul.hpp"

namespace hourglass {

#ifdef HOURGLASS_REFERENCE_KERNELS
namespace kernels = reference;
#else
namespace kernels = fast;
#endif

void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B) { kernels::matmul_nt(C, A, B); }
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B) { kernels::matmul_nn(C, A, B); }
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B) { kernels::matmul_tn(C, A, B); }

}  // namespace hourglass
