// The products of matmul.hpp in an order that the compiler turns into vector instructions.
//
// A sum over k in one variable cannot be vectorized: floating-point addition is not associative, and
// no flag here allows the compiler to pretend so. Two rearrangements, written out, remove the chain:
//   matmul_nt   keeps `lanes` partial sums of each dot product and adds them up at its end;
//   matmul_nn,  add a_ik times a whole row of B to a row of C: neighbours in memory, no sum inside.
//   matmul_tn

#include <algorithm>
#include <array>

#include "hourglass/core/matmul.hpp"

namespace hourglass::fast {
namespace {

constexpr std::size_t lanes = 64 / sizeof(Scalar);  // one 512-bit register, or two of 256 bits

// sum_k a_k b_k, in `lanes` partial sums.
Scalar dot(const Scalar* a, const Scalar* b, std::size_t size) {
    std::array<Scalar, lanes> partial = {};
    std::size_t k = 0;
    for (; k + lanes <= size; k += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            partial[lane] += a[k + lane] * b[k + lane];
        }
    }
    for (std::size_t lane = 0; k < size; ++k, ++lane) {
        partial[lane] += a[k] * b[k];
    }
    for (std::size_t width = lanes / 2; width > 0; width /= 2) {
        for (std::size_t lane = 0; lane < width; ++lane) {
            partial[lane] += partial[lane + width];
        }
    }
    return partial[0];
}

// c_j += a b_j
void add_scaled(Scalar* c, Scalar a, const Scalar* b, std::size_t size) {
    for (std::size_t j = 0; j < size; ++j) {
        c[j] += a * b[j];
    }
}

}  // namespace

// C = A B^T
void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.cols() == B.cols());
    C.resize(A.rows(), B.rows());
    for (std::size_t i = 0; i < A.rows(); ++i) {
        for (std::size_t j = 0; j < B.rows(); ++j) {
            C(i, j) = dot(A.row(i).data(), B.row(j).data(), A.cols());
        }
    }
}

// C = A B
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.cols() == B.rows());
    C.resize(A.rows(), B.cols());
    std::ranges::fill(C.flat(), Scalar{0});
    for (std::size_t i = 0; i < A.rows(); ++i) {
        for (std::size_t k = 0; k < A.cols(); ++k) {
            add_scaled(C.row(i).data(), A(i, k), B.row(k).data(), B.cols());
        }
    }
}

// C = A^T B
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.rows() == B.rows());
    C.resize(A.cols(), B.cols());
    std::ranges::fill(C.flat(), Scalar{0});
    for (std::size_t i = 0; i < A.cols(); ++i) {
        for (std::size_t k = 0; k < A.rows(); ++k) {
            add_scaled(C.row(i).data(), A(k, i), B.row(k).data(), B.cols());
        }
    }
}

}  // namespace hourglass::fast
