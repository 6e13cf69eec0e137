#pragma once

#include <string>
#include <vector>

#include "common/json.hpp"
#include "common/parallel.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/lines.hpp"

// A study: the same training in several ways, each with every seed.

namespace hourglass {

/// A number that variants are compared by.
struct Score {
    std::string key;           // in results.json and STUDY.csv
    double value = 0;          // not finite: there is none
    std::string heading = "";  // of its column in the report; empty: it has none there
    const char* format = "%.3g";
};

/// One way to train, and what came of it with all seeds.
struct Variant {
    std::string name;
    TrainingOptions options;
    std::vector<std::size_t> layers = {};
    std::size_t parameters = 0;
    Curve error = {};  // over the seeds: see error_curve
    double share_criterion_met = 0;
    std::vector<double> rank = {};  // of two variants that met it alike, the less did better
    std::vector<Score> scores = {};
    std::vector<std::string> failures = {};

    double score(const std::string& key) const;
};

/// Scores of all variants, a line for each, over the value of the option that they differ in: by default the latent size.
/// @param keys  of the scores, each with the label of its line
std::vector<Line> score_lines(
    const std::vector<Variant>& variants, const std::vector<std::pair<std::string, std::string>>& keys,
    const std::function<double(const TrainingOptions&)>& value = [](const TrainingOptions& o) {
        return static_cast<double>(o.widths.back());
    });

/// The variants of the study that --study names, with nothing done yet.
std::vector<Variant> variants_of(const TrainingOptions& base);

/// The median and, as its band, the quartiles of the error over the trainings that came to their end.
template <typename Run>
Curve error_curve(const std::string& label, const std::vector<Run>& runs) {
    std::vector<const std::vector<double>*> errors;
    for (const Run& run : runs) {
        if (run.complete()) {
            errors.push_back(&run.errors);
        }
    }
    return median_curve(label, errors);
}

/// The median of a number that each result has, over the seeds.
template <typename Results, typename Number>
double median_of(const Results& results, Number number) {
    return median(numbers_of(results, number));
}

/// What an exercise has to say about its variants, and to draw, besides what is common.
struct StudyWriter {
    std::function<void(const std::vector<Variant>&, std::ostream&)> print = [](const auto&, auto&) {};
    std::function<void(const std::vector<Variant>&, Pictures&)> draw = [](const auto&, auto&) {};
};

/// Reports a study: files, text, pictures.
/// @param head  what results.json begins with
/// @throws Error  if there is nothing to report: with every variant, every seed diverged
void report_study(const TrainingOptions& base, const Json& head, const std::vector<Variant>& variants,
                  const StudyWriter& more, std::ostream& output);

/// Trains every variant with all seeds, and reports. The criterion holds if a variant met it with every seed.
/// @param train  makes a Run, a kind of Trained, of options
/// @param judge  gives a variant its share, rank and scores, from the runs of all seeds
template <typename Options, typename Train, typename Judge>
Outcome run_variants(const Options& base, const Json& head, std::ostream& output, const Train& train,
                     const Judge& judge, const StudyWriter& more) {
    std::vector<Variant> variants = variants_of(base);
    std::vector<Options> options(variants.size(), base);
    for (std::size_t v = 0; v < variants.size(); ++v) {
        static_cast<TrainingOptions&>(options[v]) = variants[v].options;
    }
    const auto runs = run_all_seeds(options, train);
    if (interrupted()) {
        output << "Interrupted: the study of " << base.study << " is not complete and leaves nothing.\n";
        return Outcome::interrupted;
    }
    bool held = false;
    for (std::size_t v = 0; v < variants.size(); ++v) {
        Variant& variant = variants[v];
        variant.layers = runs[v].front().model.widths();
        variant.parameters = runs[v].front().model.parameter_count();
        variant.error = error_curve(variant.name, runs[v]);
        for (const auto& run : runs[v]) {
            if (!run.failure.empty()) {
                variant.failures.push_back("seed " + std::to_string(run.seed) + ": " + run.failure);
            }
        }
        judge(variant, runs[v]);
        held = held || variant.share_criterion_met == 1;
    }
    report_study(base, head, variants, more, output);
    return held ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace hourglass
