#include "hourglass/analysis/confusion.hpp"

#include <cmath>
#include <numeric>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass {
namespace {

std::size_t taken_for(std::span<const Scalar> y, const Matrix& X) {
    std::size_t best = 0;
    std::size_t fewest = X.cols() + 1;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        const std::size_t wrong = wrong_pixels(y, X.row(i));
        if (wrong < fewest ||
            (wrong == fewest && squared_distance(y, X.row(i)) < squared_distance(y, X.row(best)))) {
            best = i;
            fewest = wrong;
        }
    }
    return best;
}

}  // namespace

std::vector<std::size_t> taken_for(const Matrix& Y, const Matrix& X) {
    assert(X.rows() > 0 && X.cols() == Y.cols());
    std::vector<std::size_t> result(Y.rows());
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        result[i] = taken_for(Y.row(i), X);
    }
    return result;
}

Matrix confusion_counts(std::size_t n, std::span<const std::size_t> truth,
                        std::span<const std::size_t> taken) {
    assert(truth.size() == taken.size());
    Matrix counts(n, n);
    for (std::size_t i = 0; i < truth.size(); ++i) {
        counts(truth[i], taken[i]) += 1;
    }
    return counts;
}

Matrix latent_distances(const Matrix& codes) {
    Matrix distances(codes.rows(), codes.rows());
    for (std::size_t i = 0; i < codes.rows(); ++i) {
        for (std::size_t j = 0; j < codes.rows(); ++j) {
            distances(i, j) =
                static_cast<Scalar>(std::sqrt(squared_distance(codes.row(i), codes.row(j))));
        }
    }
    return distances;
}

std::vector<std::size_t> nearest_others(const Matrix& distances) {
    std::vector<std::size_t> nearest(distances.rows());
    for (std::size_t i = 0; i < nearest.size(); ++i) {
        nearest[i] = i;
        for (std::size_t j = 0; j < nearest.size(); ++j) {
            if (j != i && (nearest[i] == i || distances(i, j) < distances(i, nearest[i]))) {
                nearest[i] = j;
            }
        }
    }
    return nearest;
}

Matrix hamming_distances(const Matrix& X) {
    Matrix distances(X.rows(), X.rows());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = 0; j < X.rows(); ++j) {
            distances(i, j) = static_cast<Scalar>(wrong_pixels(X.row(i), X.row(j)));
        }
    }
    return distances;
}

PairTable pair_table(const Matrix& codes, const Matrix& X, const Matrix& counts) {
    const std::size_t n = X.rows();
    assert(codes.rows() == n && counts.rows() == n && counts.cols() == n);
    const Matrix latent = latent_distances(codes);
    const Matrix hamming = hamming_distances(X);
    std::vector<double> shown(n);  // how often each sample was
    for (std::size_t i = 0; i < n; ++i) {
        const auto row = counts.row(i);
        shown[i] = std::accumulate(row.begin(), row.end(), 0.0);
    }
    PairTable table;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j) {
            table.first.push_back(i);
            table.second.push_back(j);
            table.latent_distance.push_back(static_cast<double>(latent(i, j)));
            table.hamming_distance.push_back(static_cast<double>(hamming(i, j)));
            table.confusion.push_back((static_cast<double>(counts(i, j)) / shown[i] +
                                       static_cast<double>(counts(j, i)) / shown[j]) /
                                      2);
        }
    }
    return table;
}

}  // namespace hourglass
