// The products of matmul.hpp by the kernels of simd/products.hpp, large ones on all threads.

#include "hourglass/core/matmul.hpp"

#include <algorithm>
#include <string>

#include "hourglass/core/error.hpp"
#include "hourglass/core/reference.hpp"
#include "hourglass/core/threads.hpp"
#include "run_kernel.hpp"
#include "simd/kernels.hpp"

namespace hourglass {
namespace {

constexpr std::size_t unit = 64;  // rows or columns that stay together

// Where a factor begins that a part of C needs from its row or column `at` on.
Input from_row(const Matrix& V, std::size_t at) { return {V.flat().data() + at * V.cols(), V.cols()}; }
Input from_col(const Matrix& V, std::size_t at) { return {V.flat().data() + at, V.cols()}; }

/// C (n, m) by `kernel`, in parts of its longer side that threads share if the product is large.
/// @param depth  terms of the sum in each element
template <auto from_A, auto from_B>
void run(Kernels::Product kernel, Matrix& C, const Matrix& A, const Matrix& B, std::size_t depth) {
    const std::size_t n = C.rows(), m = C.cols(), work = n * m * depth;
    if (work <= 2 * products_worth_a_part) {
        kernel({C.flat().data(), m}, from_A(A, 0), from_B(B, 0), n, m, depth);
        return;
    }
    const bool by_rows = n > m;
    const std::size_t size = by_rows ? n : m;
    const std::size_t units = (size + unit - 1) / unit;
    in_parallel(units, (units * products_worth_a_part + work - 1) / work,
                [&](std::size_t first_unit, std::size_t last_unit) {
                    const std::size_t first = first_unit * unit;
                    const std::size_t count = std::min(last_unit * unit, size) - first;
                    const std::size_t row = by_rows ? first : 0, col = by_rows ? 0 : first;
                    kernel({C.flat().data() + row * m + col, m}, from_A(A, row), from_B(B, col),
                           by_rows ? count : n, by_rows ? m : count, depth);
                });
}

[[noreturn, gnu::cold]] void do_not_meet(const char* product, std::size_t n, std::size_t k,
                                         std::size_t k_of_B, std::size_t m) {
    throw ShapeError(std::string(product) + ": the factors " + shape_text(n, k) + " and " +
                     shape_text(k_of_B, m) + " do not meet");
}

/// C, in the shape of a product of the factors (n, k) and (k, m); all zero for the plain loops, which add to it.
/// @throws ShapeError  in every build, unless the inner sides meet
inline Matrix& fitted(Matrix& C, const char* product, std::size_t n, std::size_t k, std::size_t k_of_B,
                      std::size_t m) {
    if (k != k_of_B) {
        do_not_meet(product, n, k, k_of_B, m);
    }
    C.resize(n, m);
    if constexpr (reference_kernels) { std::ranges::fill(C.flat(), Scalar{0}); }
    return C;
}

}  // namespace

// `fitted` and the plain loop are in one line, so that a debugger's step goes from a product to its loop.

void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B) {
    if constexpr (reference_kernels) {
        return reference::matmul_nt(fitted(C, "A B^T", A.rows(), A.cols(), B.cols(), B.rows()), A, B);
    }
    fitted(C, "A B^T", A.rows(), A.cols(), B.cols(), B.rows());
    // Chosen for the whole product, not for each part: the two kernels round differently, and the bits
    // must not depend on the number of threads.
    constexpr std::size_t many_rows = 128;  // that make up for packing B
    const bool pack_B = A.cols() <= Kernels::packed_depth && A.rows() >= many_rows;
    run<from_row, from_row>(pack_B ? kernels().matmul_nt_packed : kernels().matmul_nt, C, A, B, A.cols());
}

void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B) {
    if constexpr (reference_kernels) {
        return reference::matmul_nn(fitted(C, "A B", A.rows(), A.cols(), B.rows(), B.cols()), A, B);
    }
    fitted(C, "A B", A.rows(), A.cols(), B.rows(), B.cols());
    run<from_row, from_col>(kernels().matmul_nn, C, A, B, A.cols());
}

void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B) {
    if constexpr (reference_kernels) {
        return reference::matmul_tn(fitted(C, "A^T B", A.cols(), A.rows(), B.rows(), B.cols()), A, B);
    }
    fitted(C, "A^T B", A.cols(), A.rows(), B.rows(), B.cols());
    run<from_col, from_col>(kernels().matmul_tn, C, A, B, A.rows());
}

}  // namespace hourglass
