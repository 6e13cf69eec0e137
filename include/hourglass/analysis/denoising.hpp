#pragma once

#include <string>
#include <vector>

#include "hourglass/analysis/confusion.hpp"
#include "hourglass/analysis/rank_correlation.hpp"
#include "hourglass/data/noise.hpp"
#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

/// How denoisers are to be tested.
struct DenoiserTest {
    Noise::Kind noise = Noise::Kind::flip;
    std::vector<double> levels;
    int draws = 1000;  // of the noise, for each image and level
    int passes = 3;    // how often the network is applied, each time to its own answer

    /// The position of the level nearest to this one. @pre  there are levels
    std::size_t nearest_level(double level) const;
};

/// The network applied `passes` times, each time to its own answer.
Matrix denoise(const Autoencoder& model, const Matrix& noisy, int passes);

/// How well a method cleans letters, over many draws of the noise.
struct Scores {
    double exact = 0;        // share of letters recovered exactly
    double at_most_one = 0;  // ... with at most one wrong pixel
    double wrong = 0;        // wrong pixels a letter
    double mse = 0;          // of the pixels, which are +-1
};

/// A way to clean noisy letters, and its scores at each test level.
struct Method {
    std::string key;   // in results.json
    std::string name;  // in the report
    std::vector<Scores> scores;
};

/// What an evaluation found: of one run, or the mean over several.
struct Evaluation {
    std::vector<Method> methods;
    std::vector<Matrix> confusion;  // counts (n, n) for each test level, by the network
    std::vector<double>
        below_ideal;  // the share of letters by which the network's recovery is below
                      // the ideal denoiser's, for each test level
    std::vector<double> below_ideal_error;  // its standard error: the draws are the same for both

    /// The method of that key, or nothing.
    const Method* find(const std::string& key) const;
};

/// Scores every method on the same draws, from a seed that training does not use.
/// @param plain  a network trained without noise, or nothing
Evaluation evaluate_denoisers(const DenoiserTest& test, const Matrix& X, const Autoencoder& model,
                              const Autoencoder* plain, std::uint64_t seed);

/// The mean of the scores, with its standard error, and the sum of the confusions.
Evaluation mean_of(const std::vector<Evaluation>& evaluations);

/// How far, in percentage points, the network stays below the ideal denoiser: the largest distance at a level that it
/// was also trained at; -infinity, if there is none.
double points_below_ideal(const DenoiserTest& test, const Evaluation& evaluation,
                          const std::vector<double>& trained_at);

/// Do letters that are close in latent space get confused? One seed's rank correlations.
struct NeighbourCorrelations {
    PairTable pairs;
    double spearman_latent = 0;   // latent distance against confusion
    double spearman_hamming = 0;  // distance in pixels against confusion
};
NeighbourCorrelations measure_neighbours(const Autoencoder& model, const Matrix& X, const Matrix& confusion);

/// The correlations of several seeds; of one alone, without intervals.
struct NeighbourSummary {
    std::size_t seeds = 0;
    MeanInterval latent, hamming;  // intervals end at -1 and 1
    MeanInterval advantage;        // by how much that of the distance in pixels is the larger one
};
NeighbourSummary mean_of(const std::vector<NeighbourCorrelations>& seeds);

}  // namespace hourglass
