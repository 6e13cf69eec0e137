// The products of matmul.hpp by the kernels of simd/products.hpp, large ones on all threads.

#include <algorithm>

#include "hourglass/core/matmul.hpp"
#include "hourglass/core/threads.hpp"
#include "simd/kernels.hpp"

namespace hourglass::fast {
namespace {

constexpr std::size_t strip = 64;             // rows or columns that stay together: whole tiles
constexpr std::size_t worth_a_part = 1 << 18;  // multiply-adds: several microseconds of work

/// A factor as a kernel takes it, and how far it moves on for the next row or column of C.
struct Factor {
    Input block;
    std::size_t step;

    Input from(std::size_t first) const {
        return {block.data + first * step, block.stride};
    }
};

/// C by `kernel`, its longer side split among the threads if it is large.
void run(Kernels::Product kernel, Matrix& C, Factor A, Factor B, std::size_t depth) {
    const Output c = {C.flat().data(), C.cols()};
    const std::size_t work = C.size() * depth;
    if (work < 2 * worth_a_part) {
        kernel(c, A.block, B.block, C.rows(), C.cols(), depth);
        return;
    }
    const bool by_rows = C.rows() > C.cols();
    const std::size_t size = by_rows ? C.rows() : C.cols();
    const std::size_t strips = (size + strip - 1) / strip;
    const std::size_t least = strips * worth_a_part / work + 1;
    in_parallel(strips, least, [&](std::size_t first_strip, std::size_t last_strip) {
        const std::size_t first = first_strip * strip;
        const std::size_t count = std::min(last_strip * strip, size) - first;
        if (by_rows) {
            kernel({c.row(first), c.stride}, A.from(first), B.block, count, C.cols(), depth);
        } else {
            kernel({c.data + first, c.stride}, A.block, B.from(first), C.rows(), count, depth);
        }
    });
}

/// Row i of C needs row i of M (the same for columns, if M is the factor on the right).
Factor by_row(const Matrix& M) {
    return {{M.flat().data(), M.cols()}, M.cols()};
}

/// Row i of C, or column i, needs column i of M.
Factor by_column(const Matrix& M) {
    return {{M.flat().data(), M.cols()}, 1};
}

}  // namespace

// C = A B^T
void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.cols() == B.cols());
    C.resize(A.rows(), B.rows());
    run(kernels().matmul_nt, C, by_row(A), by_row(B), A.cols());
}

// C = A B
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.cols() == B.rows());
    C.resize(A.rows(), B.cols());
    run(kernels().matmul_nn, C, by_row(A), by_column(B), A.cols());
}

// C = A^T B
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B) {
    assert(A.rows() == B.rows());
    C.resize(A.cols(), B.cols());
    run(kernels().matmul_tn, C, by_column(A), by_column(B), A.rows());
}

}  // namespace hourglass::fast
