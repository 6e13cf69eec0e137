#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "common/json.hpp"
#include "denoising/run.hpp"
#include "hourglass/analysis/rank_correlation.hpp"

namespace hourglass::denoising {

/// How far, in percentage points, the network may stay below the ideal denoiser at a trained level.
constexpr double allowed_distance = 2.0;

/// A network that was trained to its end, or as far as it was when it was the only one.
struct Seed {
    Run run;
    Evaluation evaluation = {};
    Neighbours neighbours = {};
};

/// What there is to say about one seed or several: measured once, and written as text, JSON, CSV and pictures.
struct Result {
    std::vector<Seed> seeds;            // the first is the one that is shown
    std::vector<std::string> failures;  // a line for each seed that diverged
    Evaluation mean;                    // over the seeds
    double distance =
        0;  // the largest to the ideal denoiser at a level both trained and tested, in points
    bool criterion_met = false;
    // Spearman's correlations with confusion, and by how much that of the distance in pixels is the larger one.
    MeanInterval rho_latent, rho_hamming, rho_advantage;
    std::optional<AttractorMap> attractors;  // of a plane

    const Run& run() const { return seeds.front().run; }
};

/// @param X     the letters (n, 35)
/// @param runs  the networks of all seeds, then their comparisons, if there are any
/// @throws Error  if training diverged with every seed
Result measure(const Options& options, const Matrix& X, std::vector<Run> runs);

/// Leaves the model, the tables, the report on `output` and the pictures, in this order.
void report(const Options& options, const Result& result, std::ostream& output);

// The four writers.
void print_report(const Options& options, const Result& result, std::ostream& output);
Json results_json(const Options& options, const Result& result);
void write_tables(RunFolder& folder, const Options& options, const Result& result);
void draw_pictures(Pictures& pictures, const Options& options, const Result& result);

}  // namespace hourglass::denoising
