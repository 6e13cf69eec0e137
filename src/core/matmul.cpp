// The products of matmul.hpp by the kernels of simd/products.hpp, large ones on all threads.

#include "hourglass/core/matmul.hpp"

#include <algorithm>
#include <string>

#include "hourglass/core/error.hpp"
#include "hourglass/core/reference.hpp"
#include "hourglass/core/threads.hpp"
#include "simd/kernels.hpp"

namespace hourglass {
namespace {

constexpr std::size_t unit = 64;               // rows or columns that stay together
constexpr std::size_t worth_a_part = 1 << 18;  // multiply-adds: several microseconds of work

/// A part of C: all columns of some rows, or all rows of some columns.
struct Part {
    std::size_t first_row, rows;
    std::size_t first_col, cols;
};

/// Calls compute(part) for all of C (n, m), in parts of its longer side that threads share if the product is
/// large. @param depth  terms of the sum in each element
template <class Compute>
void in_parts(std::size_t n, std::size_t m, std::size_t depth, const Compute& compute) {
    const std::size_t work = n * m * depth;
    if (work <= 2 * worth_a_part) {
        compute(Part{0, n, 0, m});
        return;
    }
    const bool by_rows = n > m;
    const std::size_t size = by_rows ? n : m;
    const std::size_t units = (size + unit - 1) / unit;
    const std::size_t least = (units * worth_a_part + work - 1) / work;
    in_parallel(units, least, [&](std::size_t first_unit, std::size_t last_unit) {
        const std::size_t first = first_unit * unit;
        const std::size_t count = std::min(last_unit * unit, size) - first;
        compute(by_rows ? Part{first, count, 0, m} : Part{0, n, first, count});
    });
}

Input from_row(const Matrix& V, std::size_t row) {
    return {V.flat().data() + row * V.cols(), V.cols()};
}

Input from_col(const Matrix& V, std::size_t col) {
    return {V.flat().data() + col, V.cols()};
}

Output block(Matrix& C, const Part& p) {
    return {C.flat().data() + p.first_row * C.cols() + p.first_col, C.cols()};
}

/// C, in the shape of a product of the factors (n, k) and (k, m); all zero for the plain loops, which add to it.
/// @throws ShapeError  in every build, unless the inner sides meet; without them a product would go on with
///                     numbers that are not there
Matrix& fitted(Matrix& C, const char* product, std::size_t n, std::size_t k, std::size_t k_of_B,
               std::size_t m) {
    if (k != k_of_B) [[unlikely]] {
        const auto shape = [](std::size_t rows, std::size_t cols) {
            return "(" + std::to_string(rows) + ", " + std::to_string(cols) + ")";
        };
        throw ShapeError(std::string(product) + ": the factors " + shape(n, k) + " and " +
                         shape(k_of_B, m) + " do not meet, for " + std::to_string(k) + " is not " +
                         std::to_string(k_of_B));
    }
    C.resize(n, m);
    if constexpr (reference_kernels) {
        std::ranges::fill(C.flat(), Scalar{0});
    }
    return C;
}

}  // namespace

// C = A B^T
void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B) {
    if constexpr (reference_kernels) {
        reference::matmul_nt(fitted(C, "A B^T", A.rows(), A.cols(), B.cols(), B.rows()), A, B);
    } else {
        fitted(C, "A B^T", A.rows(), A.cols(), B.cols(), B.rows());
        // Chosen for the whole product, not for each part: the two kernels round differently, and the bits
        // must not depend on the number of threads.
        constexpr std::size_t many_rows = 128;  // that make up for packing B
        const bool pack_B = A.cols() <= Kernels::packed_depth && A.rows() >= many_rows;
        const Kernels::Product kernel = pack_B ? kernels().matmul_nt_packed : kernels().matmul_nt;
        in_parts(C.rows(), C.cols(), A.cols(), [&](const Part& p) {
            kernel(block(C, p), from_row(A, p.first_row), from_row(B, p.first_col), p.rows, p.cols,
                   A.cols());
        });
    }
}

// C = A B
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B) {
    if constexpr (reference_kernels) {
        reference::matmul_nn(fitted(C, "A B", A.rows(), A.cols(), B.rows(), B.cols()), A, B);
    } else {
        fitted(C, "A B", A.rows(), A.cols(), B.rows(), B.cols());
        in_parts(C.rows(), C.cols(), A.cols(), [&](const Part& p) {
            kernels().matmul_nn(block(C, p), from_row(A, p.first_row), from_col(B, p.first_col),
                                p.rows, p.cols, A.cols());
        });
    }
}

// C = A^T B
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B) {
    if constexpr (reference_kernels) {
        reference::matmul_tn(fitted(C, "A^T B", A.cols(), A.rows(), B.rows(), B.cols()), A, B);
    } else {
        fitted(C, "A^T B", A.cols(), A.rows(), B.rows(), B.cols());
        in_parts(C.rows(), C.cols(), A.rows(), [&](const Part& p) {
            kernels().matmul_tn(block(C, p), from_col(A, p.first_row), from_col(B, p.first_col),
                                p.rows, p.cols, A.rows());
        });
    }
}

}  // namespace hourglass
