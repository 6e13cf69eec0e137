#include "hourglass/io/files.hpp"

#include <nlohmann/json.hpp>

#include "denoising/denoising.hpp"

namespace hourglass::denoising {

Json heading(const Options& o) {
    return {{"exercise", "denoising"},        {"font", o.font.file},           {"noise", name_of(o.test.noise)},
            {"train_levels", o.train_levels}, {"fresh_noise", o.fresh},        {"sets", o.sets},
            {"passes", o.test.passes},        {"draws_a_letter", o.test.draws}};
}

namespace {

Json interval_json(const MeanInterval& interval) {
    return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

Json results_json(const Options& o, const Result& r) {
    Json results = heading(o);
    add_training(results, o, r.run());
    results["seeds"] = r.runs.size();
    results.update(to_json(o.test, r.mean.methods));
    results.update({{"points_below_ideal", r.distance},
                    {"below_ideal", r.mean.below_ideal},
                    {"below_ideal_standard_error", r.mean.below_ideal_error},
                    {"criterion_met", r.criterion_met},
                    {"spearman",
                     {{"level", o.test.levels[o.confusion_level()]},
                      {"latent_distance", interval_json(r.rho.latent)},
                      {"hamming_distance", interval_json(r.rho.hamming)}}}});
    if (r.attractors) {
        results["attractor_margin"] = 0.1;
        results["attractor_share"] = by_name(o.font.names(), r.attractors->share);
    }
    return results;
}

}  // namespace

void write_files(RunFolder& folder, const Options& o, const Result& r) {
    std::vector<EpochColumn> columns;
    for (std::size_t l = 0; l < o.train_levels.size(); ++l) {
        columns.push_back({text("error_at_%g", o.train_levels[l]), r.run().errors_at(l)});
    }
    write_training(folder, o, r.run(), columns);
    folder.write("recovery.csv", scores_csv(o.test, r.mean.methods));
    write_results(folder, results_json(o, r));
}

}  // namespace hourglass::denoising
