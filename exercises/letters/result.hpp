#pragma once

#include <iosfwd>
#include <optional>
#include <vector>

#include "common/json.hpp"
#include "letters/run.hpp"

namespace hourglass::letters {

/// What there is to say about a run, or about several of one training with different seeds: measured once, and
/// written as text, JSON, CSV and pictures.
struct Result {
    const std::vector<Run>& runs;
    const Run& run;  // of several, the first that did not diverge
    SeedSummary summary;
    Matrix X, Y, codes;              // of the letters, in the order of the font
    std::vector<std::size_t> wrong;  // pixels, of each letter
    PixelErrors mean_image;  // what other ways to put the letters into as many numbers get wrong
    PixelErrors pca;
    std::optional<AttractorMap> attractors;  // of a plane; other latent spaces have none
    std::vector<NewSample> new_letters;      // likewise
};

/// @throws Error  if training diverged with every seed
Result measure(const Options& options, const std::vector<Run>& runs);

/// Leaves the model, the tables, the report on `output` and the pictures, in this order.
void report(const Options& options, const Result& result, std::ostream& output);

// The four writers.
void print_report(const Options& options, const Result& result, std::ostream& output);
Json results_json(const Options& options, const Result& result);
void write_tables(RunFolder& folder, const Options& options, const Result& result);
void draw_pictures(Pictures& pictures, const Options& options, const Result& result);

}  // namespace hourglass::letters
