#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/training.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "letters/options.hpp"

namespace hourglass::letters {

/// A training, and how many pixels it got wrong on the way.
struct Run : Trained {
    std::vector<PixelErrors> pixels =
        {};  // of all letters: [e] after epoch e, [0] before the first

    bool criterion_met() const { return complete() && pixels.back().worst <= 1; }
    bool exact() const { return complete() && pixels.back().worst == 0; }

    /// The first with at most 1 wrong pixel in every letter.
    std::optional<int> epoch_criterion_met() const;
};

/// "wrong pixels: worst 2, mean 0.31 ", for the progress line.
std::string wrong_pixels_text(const PixelErrors& pixels);

/// Trains one model, and watches how many pixels it gets wrong.
/// @param X  the letters, (n, 35), pixels +-1
Run train(const Options& options, const Matrix& X);

/// Trains the seeds options.seed, options.seed + 1, ... of each variant side by side on all cores. Result
/// [v][s] is variant v with its seed s.
std::vector<std::vector<Run>> train_all(const std::vector<Options>& variants);

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
    double lowest_error() const;       // infinity if there is none
};
SeedSummary summarize(const std::vector<Run>& runs);

}  // namespace hourglass::letters
