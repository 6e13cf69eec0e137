#include "eigen.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hourglass/core/random.hpp"

namespace hourglass {

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

// In the order of the memory.
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

namespace {

/// Turns the axes p and q so that a_pq becomes 0: A = J^T A J, V = V J (the rows of V here).
void rotate(Rows& A, Rows& V, std::size_t p, std::size_t q) {
    const double theta = (A[q][q] - A[p][p]) / (2 * A[p][q]);
    const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
    const double c = 1 / std::sqrt(t * t + 1);
    const double s = t * c;
    const auto turn = [c, s](double& x_p, double& x_q) {
        const double x = x_p;
        x_p = c * x - s * x_q;
        x_q = s * x + c * x_q;
    };
    for (std::vector<double>& row : A) {
        turn(row[p], row[q]);  // columns p and q
    }
    double *const a_p = A[p].data(), *const a_q = A[q].data(), *const v_p = V[p].data(), *const v_q = V[q].data();
    for (std::size_t k = 0, n = A.size(); k < n; ++k) {
        turn(a_p[k], a_q[k]);  // rows p and q
        turn(v_p[k], v_q[k]);
    }
}

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

Eigen largest_eigen(std::size_t n, std::size_t k, const std::function<Rows(const Rows&)>& times_G,
                    double tolerance) {
    Rng rng(1);
    Rows Y(std::min(2 * k + 8, n), std::vector<double>(n));
    for (std::vector<double>& y : Y) {
        std::ranges::generate(y, [&rng] { return rng.normal(); });
    }
    Eigen ritz;
    for (int step = 0; step < 300; ++step) {
        const std::vector<double> before = ritz.values;
        orthonormalize(Y);
        const Rows Q = Y;
        Y = times_G(Q);
        ritz = symmetric_eigen(product(Q, Y));
        Y = product(ritz.vectors, transposed(Y));
        const auto settled = [&](std::size_t c) {
            return std::abs(ritz.values[c] - before[c]) <= tolerance * ritz.values[0];
        };
        bool done = !before.empty();
        for (std::size_t c = 0; done && c < std::min(k, Y.size()); ++c) {
            done = settled(c);
        }
        if (done || step == 299) {
            ritz.vectors = product(ritz.vectors, transposed(Q));
            break;
        }
    }
    return ritz;
}

}  // namespace hourglass
