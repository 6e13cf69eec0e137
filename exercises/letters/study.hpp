#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "common/json.hpp"
#include "common/run.hpp"
#include "letters/run.hpp"

namespace hourglass::letters {

/// One way to train, and what came of it with every seed.
struct Variant {
    std::string name;
    Options options;
    std::vector<Run> runs = {};
    SeedSummary summary = {};

    std::size_t parameter_count() const { return runs.front().model.parameter_count(); }
};

/// Trains and reports a study. The criterion holds if a variant met it with every seed.
Outcome run_study(const Options& options, std::ostream& output);

// The writers of a study's text and pictures.
void print_study(const Options& base, const std::vector<Variant>& variants, std::ostream& output);
void draw_study(Pictures& pictures, const Options& base, const std::vector<Variant>& variants);

/// Mean over the seeds of a count of pixels, after each epoch.
std::vector<double> mean_pixels(const Variant& variant, std::size_t PixelErrors::*count);

}  // namespace hourglass::letters
