#include "hourglass/analysis/principal_angles.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "hourglass/analysis/pca.hpp"

namespace hourglass {
namespace {

using Basis = std::vector<std::vector<double>>;

double inner(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Takes away from v its projection on the first `count` of an orthonormal basis; twice, for the first time leaves what
/// rounding made.
void take_projection(std::vector<double>& v, const Basis& basis, std::size_t count) {
    for (std::size_t c = 0; c < 2 * count; ++c) {
        const std::vector<double>& b = basis[c % count];
        const double along = inner(v, b);
        for (std::size_t j = 0; j < v.size(); ++j) {
            v[j] -= along * b[j];
        }
    }
}

/// By Gram and Schmidt.
void make_orthonormal(Basis& A) {
    for (std::size_t c = 0; c < A.size(); ++c) {
        take_projection(A[c], A, c);
        const double length = std::sqrt(inner(A[c], A[c]));
        for (double& value : A[c]) {
            value /= length;
        }
    }
}

}  // namespace

std::vector<double> principal_angles(Basis A, Basis B) {
    assert(A.size() == B.size());
    make_orthonormal(A);
    make_orthonormal(B);
    Basis squares(B.size(), std::vector<double>(B.size()));  // of the sines: the eigenvalues of what is left
    for (std::size_t r = 0; r < B.size(); ++r) {
        take_projection(B[r], A, A.size());
        for (std::size_t c = 0; c <= r; ++c) {
            squares[r][c] = squares[c][r] = inner(B[r], B[c]);
        }
    }
    std::vector<double> angles = symmetric_eigen(squares).values;
    std::ranges::transform(angles, angles.begin(),
                           [](double square) { return std::asin(std::sqrt(std::clamp(square, 0.0, 1.0))); });
    return angles;
}

std::vector<std::vector<double>> columns_of(const Matrix& W) {
    std::vector<std::vector<double>> columns(W.cols(), std::vector<double>(W.rows()));
    for (std::size_t j = 0; j < W.rows(); ++j) {
        for (std::size_t c = 0; c < W.cols(); ++c) {
            columns[c][j] = static_cast<double>(W(j, c));
        }
    }
    return columns;
}

}  // namespace hourglass
