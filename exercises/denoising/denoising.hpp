#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "common/memory.hpp"
#include "common/options.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/confusion.hpp"
#include "hourglass/data/font.hpp"
#include "hourglass/data/noise.hpp"
#include "hourglass/plot/pictures.hpp"

// Exercise 1b: the parts of ./lab denoising. denoising.cpp holds main and the epoch loop.

namespace hourglass::denoising {

struct Options : TrainingOptions {
    Font font;
    Noise::Kind noise = Noise::Kind::flip;
    std::vector<double> train_levels;  // of the noise in training
    std::vector<double> test_levels;   // ... and in the evaluation
    int sets = 64;                     // copies of the font an epoch, for each level
    bool fresh = true;                 // new noise each epoch, not the same one again and again
    int draws = 1000;                  // of the noise in the evaluation, for each letter and level
    int passes = 3;     // how often the network is applied, each time to its own answer
    std::string study;  // empty: none
    int seeds = 1;
};

/// @returns nothing if it was --help
/// @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

struct Epoch {
    double error = 0;  // mean loss over the epoch's batches
    double learning_rate = 0;
    std::vector<double> level_error;  // mean loss on draws apart, for each training level
};

struct Run {
    Autoencoder model;
    std::uint64_t seed = 0;
    std::vector<Epoch> epochs = {};
    double seconds = 0;
    TrainingMemory memory = {};
    bool stopped = false;  // by Ctrl-C, before its last epoch
};

using Observer = std::function<void(const Run&)>;

/// Trains on the letters X (n, 35), distorted at `levels`, with the clean letters as targets.
/// @throws Diverged  naming epoch, layer, letter and noise
Run train(const Options& options, const Matrix& X, const std::vector<double>& levels,
          const Observer& observe = {});

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
    const Method& method(const std::string& key) const { return *find(key); }
};

/// "network, 3 passes"
std::string text_of_passes(int passes);

/// Scores every method on the same draws, from a seed that training does not use.
/// @param plain  a network trained without noise, or nothing
Evaluation evaluate(const Options& options, const Matrix& X, const Autoencoder& model,
                    const Autoencoder* plain, std::uint64_t seed);

/// The mean of the scores, with its standard error, and the sum of the confusions.
Evaluation mean_of(const std::vector<Evaluation>& evaluations);

/// Do letters that are close in latent space get confused? One seed's rank correlations.
struct Neighbours {
    PairTable pairs;
    double spearman_latent = 0;   // latent distance against confusion
    double spearman_hamming = 0;  // distance in pixels against confusion
};
Neighbours measure_neighbours(const Autoencoder& model, const Matrix& X, const Matrix& confusion);

/// All that a seed leaves.
struct SeedResult {
    Run run;
    std::optional<Run> plain;  // trained without noise; none where nothing was trained
    Evaluation evaluation;
    Neighbours neighbours;
};

/// How far, in percentage points, the network may stay below the ideal denoiser at a trained level.
constexpr double allowed_distance = 2.0;

/// The largest distance to the ideal denoiser over the levels that were both trained and tested, in
/// percentage points.
double distance_to_ideal(const Options& options, const Evaluation& evaluation);

/// The position of the test level at which confusions are shown: the one nearest to 0.2.
std::size_t confusion_level(const Options& options);

/// Was every seed trained to its end, and is the network near enough to the ideal denoiser?
bool criterion_met(const Options& options, const std::vector<SeedResult>& seeds,
                   const Evaluation& mean);

/// @param failures  a line for each seed that diverged
void report(const Options& options, const std::vector<SeedResult>& seeds, const Evaluation& mean,
            const std::vector<std::string>& failures, std::ostream& output);

void draw_error(Pictures& pictures, const Options& options, const Run& run);
void draw_recovery(Pictures& pictures, const Options& options, const Evaluation& mean);
void draw_letters(Pictures& pictures, const Options& options, const SeedResult& seed);
void draw_confusions(Pictures& pictures, const Options& options, const Evaluation& mean);
void draw_neighbours(Pictures& pictures, const Options& options,
                     const std::vector<SeedResult>& seeds);
void draw_plane(Pictures& pictures, const Options& options, const Run& run);

/// Recovery against the size of the latent layer.
Outcome run_study(const Options& options, std::ostream& output);

}  // namespace hourglass::denoising
