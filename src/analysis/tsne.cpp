#include "hourglass/analysis/tsne.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "hourglass/analysis/pca.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/random.hpp"
#include "hourglass/core/repulsion.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/threads.hpp"

namespace hourglass {

// ---- P: how near the points are ------------------------------------------------------------------

double fit_beta(std::span<double> p, std::span<const double> squared_distances, double perplexity) {
    const double nearest = squared_distances.front();  // taken from all, which changes no p_j|i: one exponential is 1
    const double mean = std::accumulate(squared_distances.begin(), squared_distances.end(), 0.0) /
                            static_cast<double>(p.size()) - nearest;
    double low = 0, high = std::numeric_limits<double>::infinity();
    double beta = mean > 0 ? 1 / mean : 1;
    for (int halving = 0; halving < 100; ++halving) {
        double sum = 0, weighted = 0;
        for (std::size_t j = 0; j < p.size(); ++j) {
            const double d = squared_distances[j] - nearest;
            p[j] = std::exp(-beta * d);
            sum += p[j];
            weighted += d * p[j];
        }
        for (double& p_j : p) {
            p_j /= sum;
        }
        const double entropy = std::log(sum) + beta * weighted / sum;  // -sum_j p_j|i ln p_j|i
        const double excess = entropy - std::log(perplexity);
        if (std::abs(excess) < 1e-12) { break; }
        (excess > 0 ? low : high) = beta;
        beta = std::isinf(high) ? 2 * beta : (low + high) / 2;
    }
    return beta;
}

namespace {

/// p_j|i of the neighbours of each point, in their order; and beta of each.
std::vector<double> conditional(std::vector<double>& beta, const Neighbours& near, double perplexity) {
    std::vector<double> p(near.indices.size());
    beta.resize(near.points());
    in_parallel(near.points(), 16, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            beta[i] = fit_beta(std::span(p).subspan(i * near.k, near.k), near.squared_distances_of(i), perplexity);
        }
    });
    return p;
}

// p_ij = (p_j|i + p_i|j) / 2n, which is 0 where neither is a neighbour of the other
Affinities symmetric(const Neighbours& near, const std::vector<double>& p) {
    using Entry = std::pair<std::uint32_t, double>;
    const std::size_t n = near.points();
    std::vector<std::vector<Entry>> rows(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t m = 0; m < near.k; ++m) {
            const std::uint32_t j = near.of(i)[m];
            const double half = p[i * near.k + m] / static_cast<double>(2 * n);
            rows[i].emplace_back(j, half);
            rows[j].emplace_back(static_cast<std::uint32_t>(i), half);
        }
    }
    Affinities P{{0}, {}, {}};
    for (std::vector<Entry>& row : rows) {
        std::ranges::sort(row);
        for (std::size_t e = 0; e < row.size(); ++e) {
            const bool both = e + 1 < row.size() && row[e + 1].first == row[e].first;
            P.column.push_back(row[e].first);
            P.p.push_back(static_cast<Scalar>(row[e].second + (both ? row[e + 1].second : 0)));
            e += both;
        }
        P.begin.push_back(P.column.size());
    }
    return P;
}

}  // namespace

double Affinities::operator()(std::size_t i, std::size_t j) const {
    for (std::size_t e = begin[i]; e < begin[i + 1]; ++e) {
        if (column[e] == j) { return static_cast<double>(p[e]); }
    }
    return 0;
}

// ---- The start -----------------------------------------------------------------------------------

namespace {

constexpr std::size_t most_exact = 10'000;  // points whose gradient is exact unless one says otherwise

[[noreturn]] void throw_tsne(const std::string& expected, double got) {
    throw Error("t-SNE: expected " + expected + ", got " + to_text(got));
}

/// What was left to the number of points.
TsneOptions completed(TsneOptions o, std::size_t n) {
    const auto others = static_cast<double>(n - 1);
    if (o.perplexity == 0) { o.perplexity = std::min(30.0, others / 3); }
    if (!(o.perplexity >= 1)) { throw_tsne("a perplexity of at least 1", o.perplexity); }
    if (o.neighbours == 0) { o.neighbours = static_cast<std::size_t>(std::min(3 * o.perplexity, others)); }
    if (o.neighbours >= n) { throw_tsne("fewer neighbours than points", static_cast<double>(o.neighbours)); }
    if (o.perplexity >= static_cast<double>(o.neighbours)) {
        throw_tsne("a perplexity below the number of neighbours, " + std::to_string(o.neighbours), o.perplexity);
    }
    if (!o.theta) { o.theta = n <= most_exact ? 0 : 0.5; }
    if (o.learning_rate == 0) {
        o.learning_rate = std::max(static_cast<double>(n) / o.exaggeration / 4, 50.0);
    }
    return o;
}

const Matrix& checked(const Matrix& X) {
    if (X.rows() < 4) { throw_tsne("at least 4 points", static_cast<double>(X.rows())); }
    if (!std::isfinite(max_abs(X.flat()))) { throw_tsne("finite numbers", max_abs(X.flat())); }
    return X;
}

/// The two principal components, so small that all points are neighbours at first: what is near is pulled together before
/// it is pushed apart. Where X has no second component, or none at all, chance decides.
Matrix principal_start(const Matrix& X) {
    constexpr double deviation = 1e-4;
    const Pca pca = fit_pca(X, 2);
    const Matrix components = pca.project(X);
    const double scale = components.cols() > 0 && pca.variances[0] > 0 ? deviation / std::sqrt(pca.variances[0]) : 0;
    Rng rng(1);
    Matrix Y(X.rows(), 2);
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        for (std::size_t c = 0; c < 2; ++c) {
            const bool varies = c < components.cols() && pca.variances[c] > 0;
            const double y = varies ? scale * static_cast<double>(components(i, c)) : deviation * rng.normal();
            Y(i, c) = static_cast<Scalar>(y);
        }
    }
    return Y;
}

}  // namespace

Tsne::Tsne(const Matrix& X, const TsneOptions& options) : Tsne(X, principal_start(checked(X)), options) {}

Tsne::Tsne(const Matrix& X, Matrix start, const TsneOptions& options)
    : Y(std::move(start)),
      dY(Y.rows(), 2),
      velocity(Y.rows(), 2),
      gains(Y.rows(), 2, 1),
      options_(completed(options, checked(X).rows())) {
    require_same_shape("t-SNE's start", Y, Matrix(X.rows(), 2));
    const Neighbours near = nearest_neighbours(X, options_.neighbours);
    P = symmetric(near, conditional(beta, near, options_.perplexity));
}

// ---- The gradient --------------------------------------------------------------------------------

// f_i = sum_j w_ij^2 (y_i - y_j)     Z = sum_i sum_{j != i} w_ij
double Tsne::repel(Repulsion& all, const Matrix& map, Quadtree* tree, double theta) {
    const std::size_t n = map.rows();
    for (Vector* v : {&all.x, &all.y, &all.fx, &all.fy, &all.z}) {
        v->resize(n);
    }
    all.ones.assign(n, 1);
    for (std::size_t i = 0; i < n; ++i) {
        all.x[i] = map(i, 0);
        all.y[i] = map(i, 1);
    }
    if (theta > 0) {
        tree->build(all.x, all.y);
        tree->repulsion(all.fx, all.fy, all.z, theta);
    } else {
        repulsion(all.fx, all.fy, all.z, all.x, all.y, {all.x, all.y, all.ones});
    }
    double sum = 0;
    for (const Scalar z_i : all.z) {
        sum += static_cast<double>(z_i) - 1;  // each point was among all, with w_ii = 1 and no force
    }
    return sum;
}

// dy_i = 4 (sum_j p_ij w_ij (y_i - y_j) - sum_j w_ij^2 (y_i - y_j) / Z),  w_ij = 1 / (1 + |y_i - y_j|^2)
void Tsne::gradient(double exaggeration) {
    if (!std::isfinite(max_abs(Y.flat()))) {
        throw Error("t-SNE: the map is not finite after step " + std::to_string(steps_done_) +
                    "; try a smaller learning rate");
    }
    Z = repel(all_, Y, &tree_, *options_.theta);
    const auto scale = static_cast<Scalar>(exaggeration);
    const auto share = static_cast<Scalar>(1 / Z);
    const Vector &x = all_.x, &y = all_.y;
    in_parallel(Y.rows(), 64, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            Scalar ax = 0, ay = 0;  // attraction
            for (std::size_t e = P.begin[i]; e < P.begin[i + 1]; ++e) {
                const std::size_t j = P.column[e];
                const Scalar dx = x[i] - x[j], dy = y[i] - y[j];
                const Scalar p_w = P.p[e] / (1 + dx * dx + dy * dy);
                ax += p_w * dx;
                ay += p_w * dy;
            }
            dY(i, 0) = 4 * (scale * ax - all_.fx[i] * share);
            dY(i, 1) = 4 * (scale * ay - all_.fy[i] * share);
        }
    });
}

// v = momentum v - learning_rate gain dy     y += v
// A gain grows while a number goes on in its direction, and shrinks when it turns (Jacobs 1988).
void Tsne::step() {
    const bool early = steps_done_ < options_.early_steps;
    gradient(early ? options_.exaggeration : 1);
    const auto momentum = static_cast<Scalar>(early ? options_.early_momentum : options_.momentum);
    const auto rate = static_cast<Scalar>(options_.learning_rate);
    const Values y = Y.flat(), v = velocity.flat(), gain = gains.flat();
    const Given dy = dY.flat();
    for (std::size_t i = 0; i < y.size(); ++i) {
        const bool goes_on = v[i] * dy[i] < 0;
        gain[i] = goes_on ? gain[i] + Scalar(0.2) : std::max(gain[i] * Scalar(0.8), Scalar(0.01));
        v[i] = momentum * v[i] - rate * gain[i] * dy[i];
        y[i] += v[i];
    }
    ++steps_done_;
}

// KL = sum_ij p_ij ln(p_ij / q_ij) = sum_ij p_ij (ln p_ij + ln(1 + |y_i - y_j|^2)) + ln Z
double Tsne::kl() const {
    Repulsion all;
    const double ln_Z = std::log(repel(all, Y, nullptr, 0));
    double sum = 0;
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        for (std::size_t e = P.begin[i]; e < P.begin[i + 1]; ++e) {
            const auto p = static_cast<double>(P.p[e]);
            sum += p > 0 ? p * (std::log(p) + std::log1p(squared_distance(Y.row(i), Y.row(P.column[e]))) + ln_Z) : 0;
        }
    }
    return sum;
}

}  // namespace hourglass
