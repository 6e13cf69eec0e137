#include "hourglass/analysis/pca.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "eigen.hpp"
#include "hourglass/core/matmul.hpp"
#include "hourglass/core/threads.hpp"

namespace hourglass {
namespace {

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

std::vector<double> mean_of(const Matrix& X) {
    std::vector<double> mean(X.cols());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = 0; j < X.cols(); ++j) {
            mean[j] += static_cast<double>(X(i, j)) / static_cast<double>(X.rows());
        }
    }
    return mean;
}

/// At least the k largest eigenvalues. Of a large matrix only these: Jacobi's rotations of all 1024 pixels would take
/// 20 s.
Eigen eigen_of(const Rows& G, std::size_t k) {
    if (G.size() <= 256 || 2 * k + 8 > G.size() / 4) {
        return symmetric_eigen(G);
    }
    return largest_eigen(
        G.size(), k, [&](const Rows& Q) { return product(Q, G); }, 1e-14);
}

/// As a unit vector whose largest entry is positive.
void add_component(Pca& pca, std::vector<double> component, double variance) {
    const double length = std::sqrt(dot(component, component));
    const double largest =
        *std::ranges::max_element(component, {}, [](double value) { return std::abs(value); });
    for (double& value : component) {
        value /= largest < 0 ? -length : length;
    }
    pca.components.push_back(std::move(component));
    pca.variances.push_back(variance);
}

/// A product of `rows` and C by a fast kernel.
Rows multiplied(void (*matmul)(Matrix&, const Matrix&, const Matrix&), const Rows& rows, const Matrix& C) {
    Matrix A(rows.size(), rows.front().size()), B;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::ranges::transform(rows[i], A.row(i).begin(), [](double x) { return static_cast<Scalar>(x); });
    }
    matmul(B, A, C);
    Rows result;
    for (std::size_t i = 0; i < B.rows(); ++i) {
        result.emplace_back(B.row(i).begin(), B.row(i).end());
    }
    return result;
}

}  // namespace

Pca fit_pca(const Matrix& X, std::size_t k) {
    const std::size_t n = X.rows();
    const std::size_t d = X.cols();
    assert(n > 0);
    if (std::min(n, d) > 1024) {
        return fit_large_pca(X, k);
    }
    Pca pca;
    pca.mean = mean_of(X);
    const bool few_samples = n < d;
    const Rows C = few_samples ? centred(X, pca.mean, 0, n) : Rows{};
    const Rows G = few_samples ? inner_products(C) : scatter(X, pca.mean);
    const std::size_t count = std::min({k, n - 1, d});
    const Eigen eigen = eigen_of(G, count);
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
        add_component(pca, std::move(component), std::max(eigen.values[c], 0.0) / degrees);
    }
    return pca;
}

Pca fit_large_pca(const Matrix& X, std::size_t k) {
    const std::size_t n = X.rows();
    const std::size_t d = X.cols();
    assert(n > 1);
    Pca pca;
    pca.mean = mean_of(X);
    Matrix C(n, d);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            const double c = static_cast<double>(X(i, j)) - pca.mean[j];
            C(i, j) = static_cast<Scalar>(c);
            pca.total_variance += c * c / static_cast<double>(n - 1);
        }
    }
    const auto times_C = [&](const Rows& Q) { return multiplied(matmul_nn, Q, C); };
    const auto times_C_transposed = [&](const Rows& Q) { return multiplied(matmul_nt, Q, C); };
    constexpr double tolerance = 10 * static_cast<double>(std::numeric_limits<Scalar>::epsilon());
    const Eigen eigen = largest_eigen(
        n, k, [&](const Rows& Q) { return times_C_transposed(times_C(Q)); }, tolerance);
    Rows vectors = eigen.vectors;
    vectors.resize(std::min({k, n - 1, d}));
    Rows components = times_C(vectors);
    for (std::size_t c = 0; c < components.size() && eigen.values[c] > tolerance * eigen.values[0]; ++c) {
        add_component(pca, std::move(components[c]), eigen.values[c] / static_cast<double>(n - 1));
    }
    return pca;
}

double probabilistic_pca_nats(const Pca& pca, std::size_t n, double sigma) {
    const double of_noise = sigma * sigma, over_n = static_cast<double>(n - 1) / static_cast<double>(n);
    double nats = 0, others = pca.total_variance * over_n;
    for (const double variance : pca.variances) {
        if (const double lambda = variance * over_n; lambda > of_noise) {
            nats += (std::log(lambda / of_noise) + 1) / 2;
            others -= lambda;
        }
    }
    return nats + others / (2 * of_noise);
}

Matrix Pca::project(const Matrix& X) const {
    assert(X.cols() == mean.size());
    const std::size_t k = components.size();
    const Rows axes = k > 0 ? transposed(components) : Rows(mean.size());  // (d, k), to go through in its order
    Matrix coordinates(X.rows(), k);
    in_parallel(X.rows(), 64, [&](std::size_t first, std::size_t last) {
        std::vector<double> sums(k);
        for (std::size_t i = first; i < last; ++i) {
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
    });
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
