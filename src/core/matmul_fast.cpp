// The products of matmul.hpp by the kernels of simd/products.hpp, large ones on all threads.

#include <algorithm>

#include "hourglass/core/matmul.hpp"
#include "hourglass/core/threads.hpp"
#include "simd/kernels.hpp"

namespace hourglass::fast {
namespace {

constexpr std::size_t strip = 64;             // rows or columns that stay together: whole tiles
constexpr std::size_t worth_a_part = 1 << 18;  // multiply-adds: several microseconds of work

/// A strip of C: all columns of some rows, or all rows of some columns.
struct Strip {
    std::size_t first_row, rows;
    std::size_t first_col, cols;
};

/// Calls compute(strip) for all of C (n, m), in strips of its longer side that threads share if the product is
/// large. @param depth  terms of the sum in each element
template <class Compute>
void in_strips(std::size_t n, std::size_t m, std::size_t depth, const Compute& compute) {
    const std::size_t work = n * m * depth;
    if (work < 2 * worth_a_part) {
        compute(Strip{0, n, 0, m});
        return;
    }
    const bool by_rows = n > m;
    const std::size_t size = by_rows ? n : m;
    const std::size_t strips = (size + strip - 1) / strip;
    const std::size_t least = (strips * worth_a_part + work - 1) / work;
    in_parallel(strips, least, [&](std::size_t first_strip, std::size_t last_strip) {
        const std::size_t first = first_strip * strip;
        const std::size_t count = std::min(last_strip * strip, size) - first;
        compute(by_rows ? Strip{first, count, 0, m} : Strip{0, n, first, count});
    });
}

Input from_row(const Matrix& V, std::size_t row) {
    return {V.flat().data() + row * V.cols(), V.cols()};
}

Input from_col(const Matrix& V, std::size_t col) {
    return {V.flat().data() + col, V.cols()};
}

Output block(Matrix& C, const Strip& s) {
    return {C.flat().data() + s.first_row * C.cols() + s.first_col, C.cols()};
}

}  // namespace

// C = A B^T
void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.cols() == B.cols());
    C.resize(A.rows(), B.rows());
    constexpr std::size_t many_rows = 128;  // that make up for writing B^T out
    const bool is_short = A.cols() <= Kernels::short_sum && A.rows() >= many_rows;
    const Kernels::Product kernel = is_short ? kernels().matmul_nt_short : kernels().matmul_nt;
    in_strips(C.rows(), C.cols(), A.cols(), [&](const Strip& s) {
        kernel(block(C, s), from_row(A, s.first_row), from_row(B, s.first_col), s.rows, s.cols,
               A.cols());
    });
}

// C = A B
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.cols() == B.rows());
    C.resize(A.rows(), B.cols());
    in_strips(C.rows(), C.cols(), A.cols(), [&](const Strip& s) {
        kernels().matmul_nn(block(C, s), from_row(A, s.first_row), from_col(B, s.first_col),
                            s.rows, s.cols, A.cols());
    });
}

// C = A^T B
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.rows() == B.rows());
    C.resize(A.cols(), B.cols());
    in_strips(C.rows(), C.cols(), A.rows(), [&](const Strip& s) {
        kernels().matmul_tn(block(C, s), from_col(A, s.first_row), from_col(B, s.first_col),
                            s.rows, s.cols, A.rows());
    });
}

}  // namespace hourglass::fast
