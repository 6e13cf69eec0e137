#include "hourglass/analysis/pca.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hourglass/core/random.hpp"
#include "hourglass/core/threads.hpp"

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

/// Rows first to last - 1 of X, less their mean.
Rows centred(const Matrix& X, const std::vector<double>& mean, std::size_t first, std::size_t last) {
    Rows C(last - first, std::vector<double>(X.cols()));
    for (std::size_t i = first; i < last; ++i) {
        for (std::size_t j = 0; j < X.cols(); ++j) {
            C[i - first][j] = static_cast<double>(X(i, j)) - mean[j];
        }
    }
    return C;
}

// C^T C of the centred C, some rows at a time: 60,000 images of 28x28 would be 376 MB in double. Each pass over G
// takes in four of them, for its memory is what is waited for.
Rows scatter(const Matrix& X, const std::vector<double>& mean) {
    constexpr std::size_t block = 64;
    const std::size_t d = X.cols();
    Rows G(d, std::vector<double>(d));
    for (std::size_t first = 0; first < X.rows(); first += block) {
        Rows C = centred(X, mean, first, std::min(first + block, X.rows()));
        C.resize((C.size() + 3) / 4 * 4, std::vector<double>(d));
        in_parallel(d, 16, [&](std::size_t j_first, std::size_t j_last) {
            for (std::size_t j = j_first; j < j_last; ++j) {
                double* const g = G[j].data();
                for (std::size_t i = 0; i < C.size(); i += 4) {
                    const double *a = C[i].data(), *b = C[i + 1].data(), *c = C[i + 2].data(),
                                 *e = C[i + 3].data();
                    for (std::size_t k = 0; k <= j; ++k) {
                        g[k] += a[j] * a[k] + b[j] * b[k] + c[j] * c[k] + e[j] * e[k];
                    }
                }
            }
        });
    }
    for (std::size_t j = 0; j < d; ++j) {
        for (std::size_t k = 0; k < j; ++k) {
            G[k][j] = G[j][k];
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

// A B^T, in the order of the memory
Rows product(const Rows& A, const Rows& B) {
    const Rows columns = transposed(B);
    Rows P(A.size(), std::vector<double>(B.size()));
    for (std::size_t i = 0; i < A.size(); ++i) {
        for (std::size_t k = 0; k < columns.size(); ++k) {
            const double a = A[i][k];
            const double* const b = columns[k].data();
            double* const p = P[i].data();
            for (std::size_t j = 0; j < B.size(); ++j) {
                p[j] += a * b[j];
            }
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
    const bool few_samples = n < d;
    const Rows C = few_samples ? centred(X, pca.mean, 0, n) : Rows{};
    const Rows G = few_samples ? inner_products(C) : scatter(X, pca.mean);
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
            component.assign(d, 0);
            for (std::size_t i = 0; i < n; ++i) {
                for (std::size_t j = 0; j < d; ++j) {
                    component[j] += C[i][j] * eigen.vectors[c][i];
                }
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
    const std::size_t k = components.size();
    const Rows axes = k > 0 ? transposed(components) : Rows(mean.size());  // (d, k), to go through in its order
    Matrix coordinates(X.rows(), k);
    std::vector<double> sums(k);
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::ranges::fill(sums, 0.0);
        for (std::size_t j = 0; j < mean.size(); ++j) {
            const double x = static_cast<double>(X(i, j)) - mean[j];
            for (std::size_t c = 0; c < k; ++c) {
                sums[c] += x * axes[j][c];
            }
        }
        std::ranges::transform(sums, coordinates.row(i).begin(),
                               [](double sum) { return static_cast<Scalar>(sum); });
    }
    return coordinates;
}

Matrix Pca::expand(const Matrix& coordinates) const {
    assert(coordinates.cols() == components.size());
    Matrix X(coordinates.rows(), mean.size());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::vector<double> sums = mean;
        for (std::size_t c = 0; c < components.size(); ++c) {
            const double coordinate = static_cast<double>(coordinates(i, c));
            for (std::size_t j = 0; j < X.cols(); ++j) {
                sums[j] += coordinate * components[c][j];
            }
        }
        std::ranges::transform(sums, X.row(i).begin(),
                               [](double sum) { return static_cast<Scalar>(sum); });
    }
    return X;
}

}  // namespace hourglass
