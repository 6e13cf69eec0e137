#pragma once

#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// Principal component analysis: the best that a linear autoencoder can do, and so the baseline for
/// the others. Computed in double, whatever Scalar is.
struct Pca {
    std::vector<double> mean;                     // (d)
    std::vector<std::vector<double>> components;  // k unit vectors (d), largest variance first;
                                                  // the entry of the largest size is positive
    std::vector<double> variances;                // (k) along the components, over n - 1 samples
    double total_variance = 0;                    // the sum of all of them, also those beyond k

    /// Coordinates of X (n, d) along the components: (n, k).
    Matrix project(const Matrix& X) const;

    /// What k coordinates (n, k) stand for: (n, d).
    Matrix expand(const Matrix& coordinates) const;

    Matrix reconstruct(const Matrix& X) const { return expand(project(X)); }
};

/// The first `k` principal components of X (n, d), from the eigenvectors of the covariance matrix or,
/// where there are fewer samples than dimensions, of the smaller matrix of inner products between
/// samples, which has the same eigenvalues. There are at most min(n - 1, d): k is cut to that.
/// @pre  X has at least one row
Pca fit_pca(const Matrix& X, std::size_t k);

/// Eigenvalues and eigenvectors of a symmetric matrix.
struct Eigen {
    std::vector<double> values;                // largest first
    std::vector<std::vector<double>> vectors;  // of unit length, in the same order
};

/// By Jacobi's rotations, each of which makes one off-diagonal pair zero.
/// @param A  symmetric; taken by value because the rotations diagonalize it in place
/// @see  Golub & Van Loan, Matrix Computations, section 8.5
Eigen symmetric_eigen(std::vector<std::vector<double>> A);

}  // namespace hourglass
