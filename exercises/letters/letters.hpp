#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/doctor.hpp"
#include "common/report.hpp"
#include "common/study.hpp"
#include "hourglass/analysis/metrics.hpp"

// What the files of exercise 1a share: its options, a run of it, what there is to say about that, and
// studies.

namespace hourglass::letters {

struct Options : FontOptions {
    std::vector<Transition> transitions;
};

/// Reads the command line and everything it names, so that bad input is reported before training.
/// @returns nothing if it was --help   @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

/// A training, and how many pixels it got wrong on the way.
struct Run : Trained {
    std::vector<PixelErrors> pixels = {};  // of all letters: [e] after epoch e, [0] before the first

    bool criterion_met() const { return complete() && pixels.back().worst <= 1; }
    bool exact() const { return complete() && pixels.back().worst == 0; }

    /// The first with at most 1 wrong pixel in every letter.
    std::optional<int> epoch_criterion_met() const { return first_epoch_within(pixels, 1); }
};

/// What results.json begins with: the exercise and its font.
Json heading(const Options& options);

DoctorData doctor_data(const Options& options);

/// Trains one model, and watches how many pixels it gets wrong.
Run train(const Options& options);

/// What several seeds of the same training have in common.
struct SeedSummary {
    std::size_t seeds = 0;     // that were finished
    std::size_t diverged = 0;  // ... of which so many diverged
    double share_criterion_met = 0;
    double share_exact = 0;
    double median_epoch_criterion_met = 0;  // infinity if more than half never did
    double median_wrong = 0;                // wrong pixels a letter at the end; infinity: diverged
    double median_seconds = 0;
    Curve error;                        // of the seeds that did not diverge
    std::vector<std::uint64_t> missed;  // seeds that did not meet the criterion
};
SeedSummary summarize(const std::vector<Run>& runs);

/// What there is to say about a run, or about several of one training with different seeds: measured once,
/// and written as text, JSON, CSV and pictures.
struct Result {
    const std::vector<Run>& runs;
    const Run& run;  // of several, the first that did not diverge
    SeedSummary summary;
    Matrix X, Y, codes;              // of the letters, in the order of the font
    std::vector<std::size_t> wrong;  // pixels, of each letter
    PixelErrors mean_image;          // what other ways to put the letters into as many numbers get wrong
    PixelErrors pca;
    std::optional<AttractorMap> attractors;  // of a plane; other latent spaces have none
    std::vector<NewSample> new_letters;      // likewise
    std::vector<NewSample> decoded;          // of the codes of --decode
};

/// @throws Error  if training diverged with every seed
Result measure(const Options& options, const std::vector<Run>& runs);

// The three writers: of the model, tables and results.json, of the report, of the pictures.
void write_files(RunFolder& folder, const Options& options, const Result& result);
void print_report(const Options& options, const Result& result, std::ostream& output);
void draw_pictures(RunFolder& folder, const Options& options, const Result& result);

/// Trains and reports a study. The criterion holds if a variant met it with every seed.
Outcome run_study(const Options& options, std::ostream& output);

}  // namespace hourglass::letters
