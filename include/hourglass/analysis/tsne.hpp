#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hourglass/analysis/neighbours.hpp"
#include "hourglass/analysis/quadtree.hpp"
#include "hourglass/core/matrix.hpp"

namespace hourglass {

struct TsneOptions {
    double perplexity = 0;             // about how many neighbours count; 0: 30, or a third of the others of few points
    std::size_t neighbours = 0;        // that have a p_j|i; 0: three times the perplexity; n - 1: all
    std::optional<double> theta = {};  // of Barnes & Hut; 0: exact. By default 0 up to 10,000 points, then 0.5
    int steps = 1000;
    int early_steps = 250;             // of them, those with early exaggeration
    double exaggeration = 12;          // what P is multiplied by in these
    double learning_rate = 0;          // 0: n / exaggeration / 4, but at least 50
    double early_momentum = 0.5, momentum = 0.8;
};

/// The perplexity of p_j|i = exp(-beta d_ij^2) / sum_k exp(-beta d_ik^2) falls as beta = 1 / 2 sigma^2 grows: finds by
/// bisection the beta that makes it what is wanted, exp of the entropy -sum_j p_j|i ln p_j|i.
/// @param p                  p_j|i of each neighbour j, overwritten
/// @param squared_distances  d_ij^2, the smallest first
double fit_beta(std::span<double> p, std::span<const double> squared_distances, double perplexity);

/// A symmetric matrix (n, n) that has few numbers other than 0. Those of row i stand at begin[i] to begin[i + 1] - 1.
struct Affinities {
    std::vector<std::size_t> begin;     // (n + 1)
    std::vector<std::uint32_t> column;  // j, rising in each row
    Vector p;                           // p_ij

    double operator()(std::size_t i, std::size_t j) const;
};

/// t-SNE, t-distributed stochastic neighbour embedding: points y_i of a plane whose neighbours are those of x_i.
///   p_ij = (p_j|i + p_i|j) / 2n                            how near x_i and x_j are; few are not 0
///   w_ij = 1 / (1 + |y_i - y_j|^2),  q_ij = w_ij / Z       how near they are on the map; Z makes the sum of Q 1
///   KL(P||Q) = sum_ij p_ij ln(p_ij / q_ij)                 what is made small, by gradient descent
///   dy_i = 4 sum_j (p_ij - q_ij) w_ij (y_i - y_j)
/// Use:  Tsne tsne(X);  while (!tsne.done()) { tsne.step(); }  and then tsne.Y.
/// The same bits for any number of threads.
/// @see  van der Maaten & Hinton 2008, "Visualizing data using t-SNE"; van der Maaten 2014, "Accelerating t-SNE using
///       tree-based algorithms" (few p_ij, the tree); Belkina et al. 2019 and Kobak & Berens 2019 (learning rate, start)
class Tsne {
public:
    /// Starts at the two principal components of X (n, d), made so small that the first has a standard deviation of 1e-4.
    /// @throws Error  unless X is finite, n >= 4, and 1 <= perplexity < neighbours < n
    explicit Tsne(const Matrix& X, const TsneOptions& options = {});

    /// The same from another start Y (n, 2).
    Tsne(const Matrix& X, Matrix Y, const TsneOptions& options);

    std::vector<double> beta;  // (n) 1 / 2 sigma_i^2
    Affinities P;              // (n, n), its sum is 1
    Matrix Y, dY;              // (n, 2) the map, and the gradient where it was before the last step
    Matrix velocity, gains;    // (n, 2) of gradient descent
    double Z = 0;              // sum_{i != j} w_ij, as of dY

    /// dY, with P `exaggeration` times as large. By the tree, if there is a theta.
    void gradient(double exaggeration = 1);

    /// Moves Y once against the gradient.
    void step();

    int steps_done() const { return steps_done_; }
    bool done() const { return steps_done_ >= options_.steps; }
    const TsneOptions& options() const { return options_; }  // with theta, neighbours and learning rate as they are

    /// KL(P||Q) in nats, exact whatever theta is.
    double kl() const;

private:
    /// The columns of Y and, for each point, what the others push it with; all (n).
    struct Repulsion {
        Vector x, y, ones, fx, fy, z;
    };
    static double repel(Repulsion& all, const Matrix& map, Quadtree* tree, double theta);

    TsneOptions options_;
    int steps_done_ = 0;
    Repulsion all_;
    Quadtree tree_;
};

/// What to say beside each such map.
inline constexpr const char* tsne_caution =
    "Which points are neighbours means something. How far apart groups lie, how large and how dense they are, does not.";

}  // namespace hourglass
