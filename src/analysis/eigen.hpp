#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "hourglass/analysis/pca.hpp"

// Eigenvalues and what they need of matrices in double. In src/analysis alone.

namespace hourglass {

using Rows = std::vector<std::vector<double>>;

double dot(const std::vector<double>& a, const std::vector<double>& b);
Rows transposed(const Rows& A);

/// A B^T
Rows product(const Rows& A, const Rows& B);

/// At least the k largest eigenvalues of a symmetric matrix G (n, n), by orthogonal iteration.
/// @param times_G    Q G of some rows Q: all that is asked of G, which need not be in memory
/// @param tolerance  how far a value may move in the last step, as a share of the largest
/// @see  Golub & Van Loan, Matrix Computations, section 8.2 (orthogonal iteration with Ritz acceleration)
Eigen largest_eigen(std::size_t n, std::size_t k, const std::function<Rows(const Rows& Q)>& times_G,
                    double tolerance);

}  // namespace hourglass
