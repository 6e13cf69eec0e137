#pragma once

#include <string>
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

    std::string name() const { return "PCA with " + std::to_string(components.size()) + " components"; }
};

/// The first `k` principal components of X (n, d), from the eigenvectors of the covariance matrix or,
/// where there are fewer samples than dimensions, of the smaller matrix of inner products between
/// samples, which has the same eigenvalues. There are at most min(n - 1, d): k is cut to that.
/// Where even the smaller of the two has more than 1024 rows, by fit_large_pca.
/// @pre  X has at least one row
Pca fit_pca(const Matrix& X, std::size_t k);

/// The same for samples that are many as well as large: by products with X, in Scalar, and without any matrix of
/// their inner products. Exact to about the rounding of Scalar, as a share of the largest variance.
/// @pre  X has at least two rows
Pca fit_large_pca(const Matrix& X, std::size_t k);

/// -ln p of a sample, in nats and its mean over the n samples of `pca`, by the best linear model of a code and noise: with
/// z from N(0, 1), x from N(W z + mean, sigma^2) and the best W. The -ELBO of no linear variational autoencoder of as many
/// units is below it, and the best one's is that. d ln(sigma sqrt(2 pi)), the same for all models, is left out:
///   sum_{kept} (ln(lambda / sigma^2) + 1) / 2 + sum_{others} lambda / (2 sigma^2)
/// A component is kept if its variance lambda (over n) is above sigma^2.
/// @see  Tipping & Bishop 1999, "Probabilistic principal component analysis"; Lucas et al. 2019, "Don't blame the ELBO!"
double probabilistic_pca_nats(const Pca& pca, std::size_t n, double sigma);

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
