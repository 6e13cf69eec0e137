#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/doctor.hpp"
#include "common/letter_report.hpp"
#include "common/report.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/metrics.hpp"

// What the files of exercise 1b share: its options, a run of it, and what there is to say about that.

namespace hourglass::denoising {

struct Options : FontOptions {
    DenoiserTest test;                 // its kind of noise is also that of the training
    std::vector<double> train_levels;  // of the noise in training
    std::size_t sets = 64;             // copies of the font an epoch, for each level
    bool fresh = true;                 // new noise each epoch, not the same one again and again

    /// Is the latent space a plane? Codes of softmax lie on a simplex.
    bool is_planar() const { return widths.back() == 2 && is_elementwise(activations.latent); }

    /// The position of the test level at which confusions are shown.
    std::size_t confusion_level() const { return test.nearest_level(0.2); }
};

/// @returns nothing if it was --help   @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

/// "0.1,0.2" as levels of a kind of noise, each once and in order.
/// @throws Error  naming the option, unless they are
std::vector<double> read_levels(const std::string& option, const std::string& text, Noise::Kind kind);

struct Run : Trained {
    std::vector<std::vector<double>> level_errors = {};  // on draws apart: [epoch][training level]

    /// Those at one level, of each epoch.
    std::vector<double> errors_at(std::size_t l) const {
        return numbers_of(level_errors, [l](const std::vector<double>& at_levels) { return at_levels[l]; });
    }
};

DoctorData doctor_data(const Options& options);

/// Trains on the letters distorted at the levels of the options, with the clean letters as targets.
Run train(const Options& options);

/// What results.json begins with: the exercise, its font, the noise in training and evaluation.
Json heading(const Options& options);

/// Scores against what --study varies, such as the size of the latent layer.
Outcome run_study(const Options& options, std::ostream& output);

/// How far, in percentage points, the network may stay below the ideal denoiser at a trained level.
constexpr double allowed_distance = 2.0;

/// What there is to say about one seed or several: measured once, and written as text, JSON, CSV and
/// pictures.
struct Result {
    std::vector<Run> runs;              // that came to their end, or the only one as far as it came
    std::vector<std::string> failures;  // a line for each seed that diverged
    Evaluation mean;                    // over the seeds
    double distance = 0;                // to the ideal denoiser: see points_below_ideal
    bool criterion_met = false;
    NeighbourSummary rho;                    // Spearman's correlations with confusion
    PairTable pairs;                         // of letters, by the first seed
    std::optional<AttractorMap> attractors;  // of a plane

    const Run& run() const { return runs.front(); }  // that is shown
};

/// @param trained  the networks of all seeds, then their comparisons, if there are any: [0][s] and [1][s]
/// @throws Error  if training diverged with every seed
Result measure(const Options& options, std::vector<std::vector<Run>> trained);

// The three writers: of the model, tables and results.json, of the report, of the pictures.
void write_files(RunFolder& folder, const Options& options, const Result& result);
void print_report(const Options& options, const Result& result, std::ostream& output);
void draw_pictures(RunFolder& folder, const Options& options, const Result& result);

}  // namespace hourglass::denoising
