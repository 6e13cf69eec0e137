#include "hourglass/core/matmul.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "hourglass/core/reference.hpp"
#include "simd/kernels.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using testing::random_matrix;

using Product = void (*)(Matrix& C, const Matrix& A, const Matrix& B);

/// One implementation of one of the three products. A is (n, k), or (k, n) where it is taken
/// transposed; B is (k, m), or (m, k) where it is.
struct Kernel {
    std::string name;
    Product product;
    bool transposes_A;
    bool transposes_B;
};

// The plain loops add to a C that is zero.
void reference_nt(Matrix& C, const Matrix& A, const Matrix& B) {
    C = Matrix(A.rows(), B.rows());
    reference::matmul_nt(C, A, B);
}
void reference_nn(Matrix& C, const Matrix& A, const Matrix& B) {
    C = Matrix(A.rows(), B.cols());
    reference::matmul_nn(C, A, B);
}
void reference_tn(Matrix& C, const Matrix& A, const Matrix& B) {
    C = Matrix(A.cols(), B.cols());
    reference::matmul_tn(C, A, B);
}

const std::array<Kernel, 6> implementations = {{
    {"reference::matmul_nt", reference_nt, false, true},
    {"reference::matmul_nn", reference_nn, false, false},
    {"reference::matmul_tn", reference_tn, true, false},
    {"matmul_nt", matmul_nt, false, true},
    {"matmul_nn", matmul_nn, false, false},
    {"matmul_tn", matmul_tn, true, false},
}};

/// Stale and of a shape of its own, as a workspace's matrices are: the product must overwrite it all.
Matrix stale_destination() {
    return Matrix(3, 5, std::numeric_limits<Scalar>::quiet_NaN());
}

/// What a product should be, in double, and how far rounding may take it off: a sum of k products
/// rounds k times, each time by at most half a unit in the last place of the sum of their sizes.
struct Expected {
    std::vector<double> sums, bounds;

    Expected(const Matrix& A, const Matrix& B)
        : sums(A.rows() * B.cols()), bounds(A.rows() * B.cols()) {
        const double share = static_cast<double>(A.cols() + 1) *
                             static_cast<double>(std::numeric_limits<Scalar>::epsilon());
        for (std::size_t i = 0; i < A.rows(); ++i) {
            for (std::size_t k = 0; k < A.cols(); ++k) {
                for (std::size_t j = 0; j < B.cols(); ++j) {
                    const double product =
                        static_cast<double>(A(i, k)) * static_cast<double>(B(k, j));
                    sums[i * B.cols() + j] += product;
                    bounds[i * B.cols() + j] += share * std::abs(product);
                }
            }
        }
    }
};

Matrix transposed(const Matrix& V) {
    Matrix result(V.cols(), V.rows());
    for (std::size_t i = 0; i < V.rows(); ++i) {
        for (std::size_t j = 0; j < V.cols(); ++j) {
            result(j, i) = V(i, j);
        }
    }
    return result;
}

bool is_product(const Matrix& C, const Expected& expected, std::size_t n, std::size_t m) {
    if (C.rows() != n || C.cols() != m || C.size() != n * m) {
        return false;
    }
    for (std::size_t p = 0; p < C.size(); ++p) {
        if (!(std::abs(static_cast<double>(C.flat()[p]) - expected.sums[p]) <=
              expected.bounds[p])) {
            return false;
        }
    }
    return true;
}

/// Every implementation on the same factors, whose product in double is computed once.
void check_shape(std::size_t n, std::size_t k, std::size_t m, Rng& rng) {
    const Matrix A = random_matrix(n, k, rng), A_t = transposed(A);
    const Matrix B = random_matrix(k, m, rng), B_t = transposed(B);
    const Expected expected(A, B);
    for (const Kernel& kernel : implementations) {
        CAPTURE(kernel.name);
        CAPTURE(n);
        CAPTURE(k);
        CAPTURE(m);
        Matrix C = stale_destination();
        kernel.product(C, kernel.transposes_A ? A_t : A, kernel.transposes_B ? B_t : B);
        CHECK(is_product(C, expected, n, m));
    }
}

// ---- The kernels of every instruction set, on parts of matrices ----------------------------------

constexpr Scalar guard = -12345;  // around C
constexpr Scalar not_a_number = std::numeric_limits<Scalar>::quiet_NaN();

/// A factor whose rows are `gap` numbers longer than what is in use of them: NaN, which would spread.
struct Strided {
    std::size_t rows, cols, stride;
    Vector values;

    Strided(const Matrix& V, bool transpose, std::size_t gap)
        : rows(transpose ? V.cols() : V.rows()),
          cols(transpose ? V.rows() : V.cols()),
          stride(cols + gap),
          values(rows == 0 ? 0 : (rows - 1) * stride + cols, not_a_number) {
        for (std::size_t i = 0; i < rows; ++i) {
            for (std::size_t j = 0; j < cols; ++j) {
                values[i * stride + j] = transpose ? V(j, i) : V(i, j);
            }
        }
    }
    Input block() const { return {values.data(), stride}; }
};

/// The first thing that is wrong with C after the kernel has run; empty if nothing is.
std::string mistake(Kernels::Product kernel, const Strided& A, const Strided& B, std::size_t n,
                    std::size_t m, std::size_t depth, std::size_t gap, const Expected& expected) {
    constexpr std::size_t margin = 70;  // before and after C, more than a tile is wide
    const std::size_t stride = m + gap;
    Vector c(margin + n * stride + margin, guard);
    kernel({c.data() + margin, stride}, A.block(), B.block(), n, m, depth);
    for (std::size_t p = 0; p < c.size(); ++p) {
        const std::size_t i = p < margin || stride == 0 ? n : (p - margin) / stride;
        const std::size_t j = p < margin || stride == 0 ? m : (p - margin) % stride;
        if (i >= n || j >= m) {
            if (c[p] != guard) {
                return "wrote to " + std::to_string(p) + " less " + std::to_string(margin) +
                       ", outside C";
            }
            continue;
        }
        const double error = std::abs(static_cast<double>(c[p]) - expected.sums[i * m + j]);
        if (!(error <= expected.bounds[i * m + j])) {
            return "c[" + std::to_string(i) + "," + std::to_string(j) + "] is off by " +
                   std::to_string(error);
        }
    }
    return "";
}

/// All three products, of every instruction set, for one shape.
void check_kernels(std::size_t n, std::size_t m, std::size_t depth, std::size_t gap, Rng& rng) {
    const Matrix A = random_matrix(n, depth, rng);
    const Matrix B = random_matrix(depth, m, rng);
    const Strided a(A, false, gap), a_t(A, true, gap + 1), b(B, false, gap), b_t(B, true, gap + 2);
    const Expected expected(A, B);
    for (const Kernels* set : available_kernels()) {
        CAPTURE(set->name);
        CAPTURE(n);
        CAPTURE(m);
        CAPTURE(depth);
        CAPTURE(gap);
        CHECK(mistake(set->matmul_nt, a, b_t, n, m, depth, gap, expected) == "");
        if (depth <= Kernels::packed_depth) {
            CHECK(mistake(set->matmul_nt_packed, a, b_t, n, m, depth, gap, expected) == "");
        }
        CHECK(mistake(set->matmul_nn, a, b, n, m, depth, gap, expected) == "");
        CHECK(mistake(set->matmul_tn, a_t, b, n, m, depth, gap, expected) == "");
    }
}

}  // namespace

TEST_CASE("matmul_nt: A B^T of small matrices written out") {
    Matrix C;
    for (const Product product : {reference_nt, matmul_nt}) {
        product(C, {{1, 2, 3}, {4, 5, 6}}, {{1, 0, 2}, {0, 3, 1}});
        CHECK(testing::first_difference("C = A B^T: C", C, {{7, 9}, {16, 21}}) == "");
    }
}

TEST_CASE("matmul_nn: A B of small matrices written out") {
    Matrix C;
    for (const Product product : {reference_nn, matmul_nn}) {
        product(C, {{1, 2, 3}, {4, 5, 6}}, {{1, 0}, {0, 3}, {2, 1}});
        CHECK(testing::first_difference("C = A B: C", C, {{7, 9}, {16, 21}}) == "");
    }
}

TEST_CASE("matmul_tn: A^T B of small matrices written out") {
    Matrix C;
    for (const Product product : {reference_tn, matmul_tn}) {
        product(C, {{1, 4}, {2, 5}, {3, 6}}, {{1, 0}, {0, 3}, {2, 1}});
        CHECK(testing::first_difference("C = A^T B: C", C, {{7, 9}, {16, 21}}) == "");
    }
}

TEST_CASE("matmul: factors that do not meet are refused in every build, with their shapes") {
    Matrix C;
    const Matrix A(2, 3), B(4, 5);
    CHECK(testing::error_message([&] { matmul_nt(C, A, B); }) ==
          "A B^T: the factors (2, 3) and (5, 4) do not meet");
    CHECK(testing::error_message([&] { matmul_nn(C, A, B); }) ==
          "A B: the factors (2, 3) and (4, 5) do not meet");
    CHECK(testing::error_message([&] { matmul_tn(C, A, B); }) ==
          "A^T B: the factors (3, 2) and (4, 5) do not meet");
}

// a_ik = i + 1 and b_kj = (j + 1) (k + 1) make c_ij = (i + 1) (j + 1) K (K + 1) / 2: whole numbers,
// exact in any order of summation.
TEST_CASE("matmul: equals a closed form exactly") {
    constexpr std::size_t n = 5, K = 37, m = 18;
    for (const Kernel& kernel : implementations) {
        CAPTURE(kernel.name);
        Matrix A = kernel.transposes_A ? Matrix(K, n) : Matrix(n, K);
        Matrix B = kernel.transposes_B ? Matrix(m, K) : Matrix(K, m);
        for (std::size_t k = 0; k < K; ++k) {
            for (std::size_t i = 0; i < n; ++i) {
                (kernel.transposes_A ? A(k, i) : A(i, k)) = static_cast<Scalar>(i + 1);
            }
            for (std::size_t j = 0; j < m; ++j) {
                (kernel.transposes_B ? B(j, k) : B(k, j)) = static_cast<Scalar>((j + 1) * (k + 1));
            }
        }
        Matrix C = stale_destination();
        kernel.product(C, A, B);
        Matrix expected(n, m);
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < m; ++j) {
                expected(i, j) = static_cast<Scalar>((i + 1) * (j + 1) * K * (K + 1) / 2);
            }
        }
        CHECK(C == expected);
    }
}

TEST_CASE("matmul: every product is right on shapes around the vector widths") {
    Rng rng(1);
    const std::array<std::size_t, 9> sizes = {0, 1, 2, 7, 8, 9, 16, 17, 33};
    for (const std::size_t n : sizes) {
        for (const std::size_t k : sizes) {
            for (const std::size_t m : sizes) {
                check_shape(n, k, m, rng);
            }
        }
    }
}

TEST_CASE("matmul: every product is right on random and prime shapes") {
    Rng rng(2);
    check_shape(61, 13, 127, rng);
    check_shape(3, 211, 5, rng);
    for (const std::size_t n :
         {127u, 128u, 131u}) {  // many rows and short sums take a way of their own
        for (const std::size_t k : {1u, 31u, 64u, 65u}) {
            check_shape(n, k, 67, rng);
        }
    }
    for (int round = 0; round < 20; ++round) {
        check_shape(1 + rng.below(70), 1 + rng.below(70), 1 + rng.below(70), rng);
    }
}

TEST_CASE("matmul: the kernels of every instruction set are right on parts of random matrices") {
    Rng rng(5);
    const std::array<std::size_t, 22> sizes = {0,  1,  2,  3,  5,  6,  7,  11, 12, 13,  15,
                                               16, 17, 31, 32, 33, 63, 64, 65, 97, 127, 129};
    const auto any = [&] { return sizes[rng.below(sizes.size())]; };
    for (int round = 0; round < 300; ++round) {
        const std::size_t n = any(), m = any(), depth = any();
        check_kernels(n, m, depth, rng.below(5), rng);
    }
}

// A tile is 3 or 6 rows of 1 to 4 columns (A B^T), or of 1 to 4 registers of 2 to 16 columns.
TEST_CASE("matmul: the kernels of every instruction set are right at the edges of their tiles") {
    Rng rng(6);
    for (const std::size_t n : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 11u, 12u, 13u, 18u, 19u}) {
        for (const std::size_t m : {1u,  2u,  3u,  4u,  5u,  7u,  8u,  9u,  12u, 13u, 15u, 16u,
                                    17u, 31u, 32u, 33u, 47u, 48u, 49u, 63u, 64u, 65u, 129u}) {
            check_kernels(n, m, 1 + (n * m) % 19, 3, rng);
        }
    }
    for (std::size_t depth = 0; depth <= 70; ++depth) {
        check_kernels(7, 5, depth, 1, rng);
    }
}

TEST_CASE("matmul: the kernels of every instruction set accept sizes of zero") {
    Rng rng(7);
    for (const auto& [n, m, depth] : std::array<std::array<std::size_t, 3>, 7>{
             {{0, 0, 0}, {0, 5, 3}, {5, 0, 3}, {5, 3, 0}, {0, 0, 3}, {0, 3, 0}, {3, 0, 0}}}) {
        check_kernels(n, m, depth, 0, rng);
        check_kernels(n, m, depth, 2, rng);
    }
}

TEST_CASE("matmul: large products are right on any number of threads") {
    Rng rng(8);
    for (const int count : {1, 2, 3, 7}) {
        const testing::WithThreads with(count);
        CAPTURE(count);
        // The plain loops are split for no thread: a quarter of each side will do where they are all there is.
        const std::size_t share = reference_kernels ? 4 : 1;
        for (const auto& [n, k, m] : std::array<std::array<std::size_t, 3>, 4>{
                 {{131, 70, 190},  // more rows than columns, and the other way round
                  {190, 70, 131},
                  {131, 64, 190},  // the same for sums that are short
                  {190, 40, 131}}}) {
            check_shape(n / share, k / share, m / share, rng);
        }
    }
}

TEST_CASE("matmul: the fast products agree with the reference within rounding") {
    Rng rng(3);
    const std::array<std::array<std::size_t, 3>, 4> shapes = {
        {{32, 35, 20}, {1, 784, 3}, {17, 64, 31}, {7, 1, 7}}};
    for (const auto& [n, k, m] : shapes) {
        Matrix fast_C, reference_C;
        const double bound = 16 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) *
                             static_cast<double>(k);
        const Matrix A = random_matrix(n, k, rng), A_t = random_matrix(k, n, rng);
        const Matrix B = random_matrix(k, m, rng), B_t = random_matrix(m, k, rng);

        matmul_nt(fast_C, A, B_t);
        reference_nt(reference_C, A, B_t);
        CHECK(testing::largest_difference(fast_C, reference_C) <= bound);
        matmul_nn(fast_C, A, B);
        reference_nn(reference_C, A, B);
        CHECK(testing::largest_difference(fast_C, reference_C) <= bound);
        matmul_tn(fast_C, A_t, B);
        reference_tn(reference_C, A_t, B);
        CHECK(testing::largest_difference(fast_C, reference_C) <= bound);
    }
}

TEST_CASE("matmul: the check of a product sees one element that is off") {
    Rng rng(4);
    const Matrix A = random_matrix(4, 9, rng), B = random_matrix(9, 5, rng);
    const Expected expected(A, B);
    Matrix C;
    matmul_nn(C, A, B);
    CHECK(is_product(C, expected, 4, 5));
    C(3, 2) += A(3, 8) * B(8, 2);  // a last term taken twice
    CHECK_FALSE(is_product(C, expected, 4, 5));
}

}  // namespace hourglass
