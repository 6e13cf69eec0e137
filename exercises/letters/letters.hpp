#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "common/memory.hpp"
#include "common/options.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/data/font.hpp"
#include "hourglass/plot/animation.hpp"

// Exercise 1a: the parts of ./lab letters. letters.cpp holds main and the epoch loop.

namespace hourglass::letters {

struct Options : TrainingOptions {
    Font font;
    std::vector<std::string> transitions;  // "k-h"
    std::string study;                     // empty: none
    int seeds = 1;
    bool animate = false;  // also draw the latent map while it forms
};

/// Reads the command line and everything it names, so that bad input is reported before training.
/// @returns nothing if it was --help
/// @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

/// What an epoch left behind.
struct Epoch {
    double error = 0;  // mean loss over the epoch's batches, as they were met
    double learning_rate = 0;
    PixelErrors pixels;  // of all letters, after the epoch
};

/// A training, from the first epoch to the last.
struct Run {
    Autoencoder model;
    std::uint64_t seed = 0;
    int epochs_before = 0;           // those of the model that --load named
    std::vector<Epoch> epochs = {};  // epochs[e - 1] is epoch e
    PixelErrors pixels = {};         // of all letters, at the end
    /// The first with at most 1 wrong pixel in every letter.
    std::optional<int> epoch_criterion_met = {};
    double seconds = 0;  // of training
    TrainingMemory memory = {};
    bool stopped = false;  // by Ctrl-C, before its last epoch
    /// The codes on their way, where options.animate asks for them.
    std::vector<AnimationFrame> frames = {};
    std::string failure = {};  // how it diverged; empty: it did not

    bool criterion_met() const { return failure.empty() && !stopped && pixels.worst <= 1; }
    bool exact() const { return criterion_met() && pixels.worst == 0; }
    std::vector<double> errors() const;
};

/// Called after each epoch.
using Observer = std::function<void(const Run&)>;

/// Trains one model, and watches how many pixels it gets wrong.
/// @param X  the letters, (n, 35), pixels +-1
/// @throws Diverged  naming epoch, layer and letter
Run train(const Options& options, const Matrix& X, const Observer& observe = {});

/// Trains the seeds options.seed, options.seed + 1, ... of each variant side by side on all cores.
/// A run that diverges says so in its `failure`. Result [v][s] is variant v with its seed s.
std::vector<std::vector<Run>> train_all(const std::vector<Options>& variants, const Matrix& X);

/// What several seeds of the same training have in common.
struct SeedSummary {
    std::size_t seeds = 0;     // that were finished
    std::size_t diverged = 0;  // ... of which so many diverged
    double share_criterion_met = 0;
    double share_exact = 0;
    double median_epoch_criterion_met = 0;  // infinity if more than half never did
    double median_wrong = 0;                // wrong pixels a letter at the end; infinity: diverged
    double median_seconds = 0;
    std::vector<double> median_error;   // over epochs, of the seeds that did not diverge
    std::vector<double> low_error;      // the lower quartile over the seeds
    std::vector<double> high_error;     // the upper one
    std::vector<std::uint64_t> missed;  // seeds that did not meet the criterion

    std::size_t lowest_epoch() const;  // of the median error, from 1; 0 if there is none
    double lowest_error() const;
};
SeedSummary summarize(const std::vector<Run>& runs);

/// The report on a run, or on several of one training with different seeds: criterion, letters with wrong
/// pixels, baselines; with pictures and files. Of several, the first that did not diverge is shown.
void report_runs(const Options& options, const std::vector<Run>& runs, std::ostream& output);

/// Trains and reports a study. The criterion holds if a variant met it with every seed.
Outcome run_study(const Options& options, std::ostream& output);

/// The names that --study takes.
const std::vector<std::string>& study_names();

}  // namespace hourglass::letters
