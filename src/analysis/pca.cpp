#include "hourglass/analysis/pca.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hourglass/core/random.hpp"

namespace hourglass {
namespace {

using Rows = std::vector<std::vector<double>>;

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Rows transposed(const Rows& A) {
    Rows T(A.front().size(), std::vector<double>(A.size()));
    for (std::size_t i = 0; i < A.size(); ++i) {
        for (std::size_t j = 0; j < A[i].size(); ++j) {
            T[j][i] = A[i][j];
        }
    }
    return T;
}

// A A^T
Rows inner_products(const Rows& A) {
    Rows G(A.size(), std::vector<double>(A.size()));
    for (std::size_t i = 0; i < A.size(); ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            G[i][j] = G[j][i] = dot(A[i], A[j]);
        }
    }
    return G;
}

/// Turns the axes p and q so that a_pq becomes 0: A = J^T A J, V = V J (the rows of V here).
void rotate(Rows& A, Rows& V, std::size_t p, std::size_t q) {
    const double theta = (A[q][q] - A[p][p]) / (2 * A[p][q]);
    const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
    const double c = 1 / std::sqrt(t * t + 1);
    const double s = t * c;
    for (std::size_t k = 0; k < A.size(); ++k) {  // columns p and q
        const double a_kp = A[k][p];
        const double a_kq = A[k][q];
        A[k][p] = c * a_kp - s * a_kq;
        A[k][q] = s * a_kp + c * a_kq;
    }
    for (std::size_t k = 0; k < A.size(); ++k) {  // rows p and q
        const double a_pk = A[p][k];
        const double a_qk = A[q][k];
        A[p][k] = c * a_pk - s * a_qk;
        A[q][k] = s * a_pk + c * a_qk;
        const double v_p = V[p][k];
        const double v_q = V[q][k];
        V[p][k] = c * v_p - s * v_q;
        V[q][k] = s * v_p + c * v_q;
    }
}

}  // namespace

Eigen symmetric_eigen(Rows A) {
    const std::size_t n = A.size();
    Rows V(n, std::vector<double>(n));  // row i becomes the eigenvector of a_ii
    double diagonal = 0;
    for (std::size_t i = 0; i < n; ++i) {
        V[i][i] = 1;
        diagonal = std::max(diagonal, std::abs(A[i][i]));
    }
    bool changed = true;
    for (int sweep = 0; changed && sweep < 100; ++sweep) {  // about 10 do: convergence is quadratic
        changed = false;
        for (std::size_t p = 0; p < n; ++p) {
            for (std::size_t q = p + 1; q < n; ++q) {
                if (std::abs(A[p][q]) > 1e-16 * diagonal) {
                    rotate(A, V, p, q);
                    changed = true;
                }
            }
        }
    }
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t i, std::size_t j) { return A[i][i] > A[j][j]; });
    Eigen result;
    for (const std::size_t i : order) {
        result.values.push_back(A[i][i]);
        result.vectors.push_back(V[i]);
    }
    return result;
}

namespace {

/// Makes the rows perpendicular to each other and of unit length; one that depends on those before is 0.
void orthonormalize(Rows& Q) {
    for (std::size_t a = 0; a < Q.size(); ++a) {
        const double before = std::sqrt(dot(Q[a], Q[a]));
        for (std::size_t b = 0; b < 2 * a; ++b) {  // twice: the first time leaves rounding errors
            const std::vector<double>& q = Q[b % a];
            const double along = dot(Q[a], q);
            std::ranges::transform(Q[a], q, Q[a].begin(),
                                   [along](double x, double y) { return x - along * y; });
        }
        const double length = std::sqrt(dot(Q[a], Q[a]));
        for (double& value : Q[a]) {
            value = length > 1e-12 * before ? value / length : 0;
        }
    }
}

// A B^T
Rows product(const Rows& A, const Rows& B) {
    Rows P(A.size(), std::vector<double>(B.size()));
    for (std::size_t i = 0; i < A.size(); ++i) {
        for (std::size_t j = 0; j < B.size(); ++j) {
            P[i][j] = dot(A[i], B[j]);
        }
    }
    return P;
}

/// At least the k largest eigenvalues. Of a large matrix only these, by orthogonal iteration: Jacobi's rotations
/// of all 1024 pixels would take 20 s.
/// @see  Golub & Van Loan, Matrix Computations, section 8.2 (orthogonal iteration with Ritz acceleration)
Eigen largest_eigen(const Rows& G, std::size_t k) {
    const std::size_t n = G.size(), block = 2 * k + 8;
    if (n <= 256 || block > n / 4) {
        return symmetric_eigen(G);
    }
    Rng rng(1);
    Rows Y(block, std::vector<double>(n));
    for (std::vector<double>& y : Y) {
        std::ranges::generate(y, [&rng] { return rng.normal(); });
    }
    Eigen ritz;
    for (int step = 0; step < 300; ++step) {
        const std::vector<double> before = ritz.values;
        orthonormalize(Y);
        const Rows Q = Y;
        Y = product(Q, G);
        ritz = symmetric_eigen(product(Q, Y));
        Y = product(ritz.vectors, transposed(Y));
        const auto settled = [&](std::size_t c) {
            return std::abs(ritz.values[c] - before[c]) <= 1e-14 * ritz.values[0];
        };
        bool done = !before.empty();
        for (std::size_t c = 0; done && c < k; ++c) {
            done = settled(c);
        }
        if (done || step == 299) {
            ritz.vectors = product(ritz.vectors, transposed(Q));
            break;
        }
    }
    return ritz;
}

}  // namespace

Pca fit_pca(const Matrix& X, std::size_t k) {
    const std::size_t n = X.rows();
    const std::size_t d = X.cols();
    assert(n > 0);
    Pca pca;
    pca.mean.resize(d);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            pca.mean[j] += static_cast<double>(X(i, j)) / static_cast<double>(n);
        }
    }
    Rows C(n, std::vector<double>(d));  // centred
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            C[i][j] = static_cast<double>(X(i, j)) - pca.mean[j];
        }
    }
    const bool few_samples = n < d;
    const Rows columns = transposed(C);  // (d, n)
    const Rows G = few_samples ? inner_products(C) : inner_products(columns);
    const std::size_t count = std::min({k, n - 1, d});
    const Eigen eigen = largest_eigen(G, count);
    const double degrees = n > 1 ? static_cast<double>(n - 1) : 1;
    for (std::size_t i = 0; i < G.size(); ++i) {
        pca.total_variance += G[i][i] / degrees;  // the trace: the sum of all eigenvalues
    }
    for (std::size_t c = 0; c < count; ++c) {
        std::vector<double> component = eigen.vectors[c];
        const bool is_rounding = !(eigen.values[c] > 1e-12 * eigen.values[0]);
        if (is_rounding && (few_samples || dot(component, component) < 0.5)) {
            break;  // the samples span fewer dimensions: C^T u would be nothing but rounding
        }
        if (few_samples) {  // C C^T u = lambda u gives C^T C (C^T u) = lambda (C^T u)
            component.resize(d);
            for (std::size_t j = 0; j < d; ++j) {
                component[j] = dot(columns[j], eigen.vectors[c]);
            }
        }
        const double length = std::sqrt(dot(component, component));
        const double largest =
            *std::ranges::max_element(component, {}, [](double value) { return std::abs(value); });
        for (double& value : component) {
            value /= largest < 0 ? -length : length;
        }
        pca.components.push_back(std::move(component));
        pca.variances.push_back(std::max(eigen.values[c], 0.0) / degrees);
    }
    return pca;
}

Matrix Pca::project(const Matrix& X) const {
    assert(X.cols() == mean.size());
    Matrix coordinates(X.rows(), components.size());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t c = 0; c < components.size(); ++c) {
            double sum = 0;
            for (std::size_t j = 0; j < mean.size(); ++j) {
                sum += (static_cast<double>(X(i, j)) - mean[j]) * components[c][j];
            }
            coordinates(i, c) = static_cast<Scalar>(sum);
        }
    }
    return coordinates;
}

Matrix Pca::expand(const Matrix& coordinates) const {
    assert(coordinates.cols() == components.size());
    Matrix X(coordinates.rows(), mean.size());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = 0; j < X.cols(); ++j) {
            double sum = mean[j];
            for (std::size_t c = 0; c < components.size(); ++c) {
                sum += static_cast<double>(coordinates(i, c)) * components[c][j];
            }
            X(i, j) = static_cast<Scalar>(sum);
        }
    }
    return X;
}

}  // namespace hourglass
