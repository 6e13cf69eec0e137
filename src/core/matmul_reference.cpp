#include "hourglass/core/matmul.hpp"

namespace hourglass::reference {

// C = A B^T
void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.cols() == B.cols());
    C.resize(A.rows(), B.rows());
    for (std::size_t i = 0; i < A.rows(); ++i) {
        for (std::size_t j = 0; j < B.rows(); ++j) {
            Scalar sum = 0;
            for (std::size_t k = 0; k < A.cols(); ++k) {
                sum += A(i, k) * B(j, k);  // c_ij = sum_k a_ik b_jk
            }
            C(i, j) = sum;
        }
    }
}

// C = A B
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.cols() == B.rows());
    C.resize(A.rows(), B.cols());
    for (std::size_t i = 0; i < A.rows(); ++i) {
        for (std::size_t j = 0; j < B.cols(); ++j) {
            Scalar sum = 0;
            for (std::size_t k = 0; k < A.cols(); ++k) {
                sum += A(i, k) * B(k, j);  // c_ij = sum_k a_ik b_kj
            }
            C(i, j) = sum;
        }
    }
}

// C = A^T B
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.rows() == B.rows());
    C.resize(A.cols(), B.cols());
    for (std::size_t i = 0; i < A.cols(); ++i) {
        for (std::size_t j = 0; j < B.cols(); ++j) {
            Scalar sum = 0;
            for (std::size_t k = 0; k < A.rows(); ++k) {
                sum += A(k, i) * B(k, j);  // c_ij = sum_k a_ki b_kj
            }
            C(i, j) = sum;
        }
    }
}

}  // namespace hourglass::reference
