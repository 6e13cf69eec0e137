#include "hourglass/core/matmul.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

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

const std::array<Kernel, 9> kernels = {{
    {"reference::matmul_nt", reference::matmul_nt, false, true},
    {"reference::matmul_nn", reference::matmul_nn, false, false},
    {"reference::matmul_tn", reference::matmul_tn, true, false},
    {"fast::matmul_nt", fast::matmul_nt, false, true},
    {"fast::matmul_nn", fast::matmul_nn, false, false},
    {"fast::matmul_tn", fast::matmul_tn, true, false},
    {"matmul_nt", matmul_nt, false, true},
    {"matmul_nn", matmul_nn, false, false},
    {"matmul_tn", matmul_tn, true, false},
}};

/// Stale and of a shape of its own, as a workspace's matrices are: the product must overwrite it all.
Matrix stale_destination() {
    return Matrix(3, 5, std::numeric_limits<Scalar>::quiet_NaN());
}

/// The element of a matrix of `cols` columns at (i, j), or at (j, i) where it is taken transposed.
double element(const Matrix& V, bool transposed, std::size_t i, std::size_t j) {
    const std::size_t position = transposed ? j * V.cols() + i : i * V.cols() + j;
    return static_cast<double>(V.flat()[position]);
}

/// Is C the product of A and B? Computed here in double; a sum of k products rounds k times, each
/// time by at most half a unit in the last place of the sum of their sizes.
bool is_product(const Matrix& C, const Kernel& kernel, const Matrix& A, const Matrix& B,
                std::size_t n, std::size_t k, std::size_t m) {
    if (C.rows() != n || C.cols() != m || C.size() != n * m) {
        return false;
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < m; ++j) {
            double sum = 0, size = 0;
            for (std::size_t l = 0; l < k; ++l) {
                const double product =
                    element(A, kernel.transposes_A, i, l) * element(B, kernel.transposes_B, l, j);
                sum += product;
                size += std::abs(product);
            }
            const double bound = static_cast<double>(k + 1) * size *
                                 static_cast<double>(std::numeric_limits<Scalar>::epsilon());
            if (!(std::abs(static_cast<double>(C.flat()[i * m + j]) - sum) <= bound)) {
                return false;
            }
        }
    }
    return true;
}

void check_shape(std::size_t n, std::size_t k, std::size_t m, Rng& rng) {
    for (const Kernel& kernel : kernels) {
        CAPTURE(kernel.name);
        CAPTURE(n);
        CAPTURE(k);
        CAPTURE(m);
        const Matrix A = kernel.transposes_A ? random_matrix(k, n, rng) : random_matrix(n, k, rng);
        const Matrix B = kernel.transposes_B ? random_matrix(m, k, rng) : random_matrix(k, m, rng);
        Matrix C = stale_destination();
        kernel.product(C, A, B);
        CHECK(is_product(C, kernel, A, B, n, k, m));
    }
}

}  // namespace

TEST_CASE("matmul: small products written out") {
    Matrix C;
    for (const Product product : {matmul_nt, reference::matmul_nt, fast::matmul_nt}) {
        product(C, {{1, 2, 3}, {4, 5, 6}}, {{1, 0, 2}, {0, 3, 1}});
        CHECK(C == Matrix{{7, 9}, {16, 21}});
    }
    for (const Product product : {matmul_nn, reference::matmul_nn, fast::matmul_nn}) {
        product(C, {{1, 2, 3}, {4, 5, 6}}, {{1, 0}, {0, 3}, {2, 1}});
        CHECK(C == Matrix{{7, 9}, {16, 21}});
    }
    for (const Product product : {matmul_tn, reference::matmul_tn, fast::matmul_tn}) {
        product(C, {{1, 4}, {2, 5}, {3, 6}}, {{1, 0}, {0, 3}, {2, 1}});
        CHECK(C == Matrix{{7, 9}, {16, 21}});
    }
}

// a_ik = i + 1 and b_kj = (j + 1) (k + 1) make c_ij = (i + 1) (j + 1) K (K + 1) / 2: whole numbers,
// exact in any order of summation.
TEST_CASE("matmul: equals a closed form exactly") {
    constexpr std::size_t n = 5, K = 37, m = 18;
    for (const Kernel& kernel : kernels) {
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
    for (int round = 0; round < 20; ++round) {
        check_shape(1 + rng.below(70), 1 + rng.below(70), 1 + rng.below(70), rng);
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

        fast::matmul_nt(fast_C, A, B_t);
        reference::matmul_nt(reference_C, A, B_t);
        CHECK(testing::largest_difference(fast_C, reference_C) <= bound);
        fast::matmul_nn(fast_C, A, B);
        reference::matmul_nn(reference_C, A, B);
        CHECK(testing::largest_difference(fast_C, reference_C) <= bound);
        fast::matmul_tn(fast_C, A_t, B);
        reference::matmul_tn(reference_C, A_t, B);
        CHECK(testing::largest_difference(fast_C, reference_C) <= bound);
    }
}

TEST_CASE("matmul: the check of a product sees one element that is off") {
    Rng rng(4);
    const Kernel& kernel = kernels[0];
    const Matrix A = random_matrix(4, 9, rng), B = random_matrix(5, 9, rng);
    Matrix C;
    kernel.product(C, A, B);
    CHECK(is_product(C, kernel, A, B, 4, 9, 5));
    C(3, 2) += A(3, 8) * B(2, 8);  // a last term taken twice
    CHECK_FALSE(is_product(C, kernel, A, B, 4, 9, 5));
}

}  // namespace hourglass
