#include "squared_distances.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <limits>

#include "hourglass/analysis/variational.hpp"
#include "hourglass/core/matmul.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/core/threads.hpp"

namespace hourglass {
namespace {

constexpr std::size_t few_dimensions = 8;

Matrix centred_rows(const Matrix& X) {
    const std::vector<Normal> spread = spread_of(X);
    Matrix C = X;
    for (std::size_t i = 0; i < C.rows(); ++i) {
        for (std::size_t j = 0; j < C.cols(); ++j) {
            C(i, j) -= static_cast<Scalar>(spread[j].mean);
        }
    }
    return C;
}

}  // namespace

SquaredDistances::SquaredDistances(const Matrix& X) : X_(X) {
    if (X.cols() <= few_dimensions) {
        transposed_.resize(X.cols(), X.rows());
        for (std::size_t i = 0; i < X.rows(); ++i) {
            for (std::size_t c = 0; c < X.cols(); ++c) {
                transposed_(c, i) = X(i, c);
            }
        }
        return;
    }
    centred_ = centred_rows(X);
    const Vector zero(X.cols());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        squares_.push_back(static_cast<Scalar>(squared_distance(centred_.row(i), zero)));
    }
}

void SquaredDistances::by_differences(Matrix& D, std::span<const std::size_t> rows) const {
    D.resize(rows.size(), X_.rows());
    in_parallel(rows.size(), 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t r = first; r < last; ++r) {
            const Values d = D.row(r);
            std::ranges::fill(d, Scalar{0});
            for (std::size_t c = 0; c < X_.cols(); ++c) {
                const Scalar x = X_(rows[r], c);
                const Given of_all = transposed_.row(c);
                for (std::size_t j = 0; j < d.size(); ++j) {
                    d[j] += (x - of_all[j]) * (x - of_all[j]);
                }
            }
        }
    });
}

void SquaredDistances::of(Matrix& D, std::span<const std::size_t> rows) const {
    if (centred_.empty()) {
        return by_differences(D, rows);
    }
    const Matrix A = rows_of(centred_, rows);
    matmul_nt(D, A, centred_);
    in_parallel(rows.size(), 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t r = first; r < last; ++r) {
            const Values d = D.row(r);
            const Scalar square = squares_[rows[r]];
            for (std::size_t j = 0; j < d.size(); ++j) {
                d[j] = std::max(Scalar{0}, square + squares_[j] - 2 * d[j]);
            }
        }
    });
}

// Keeps at most 2 k points, and the nearer half of them whenever there are so many: most points are looked at once, and
// are further than the k-th so far.
void find_nearest(std::vector<Distant>& nearest, std::span<const Scalar> distances, std::size_t itself, std::size_t k) {
    assert(k >= 1 && k < distances.size());
    const auto keep_nearest = [&] {
        std::ranges::nth_element(nearest, nearest.begin() + static_cast<std::ptrdiff_t>(k - 1), std::less());
        nearest.resize(k);
    };
    nearest.clear();
    Scalar furthest = std::numeric_limits<Scalar>::infinity();
    for (std::size_t j = 0; j < distances.size(); ++j) {
        const bool is_near = distances[j] < furthest || nearest.size() < k;  // of those equally near, the first come first
        if (is_near && j != itself) {
            nearest.push_back({distances[j], static_cast<std::uint32_t>(j)});
            if (nearest.size() == 2 * k) {
                keep_nearest();
                furthest = nearest.back().squared_distance;
            }
        }
    }
    if (nearest.size() > k) { keep_nearest(); }
}

}  // namespace hourglass
