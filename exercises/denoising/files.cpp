#include "hourglass/io/files.hpp"

#include <nlohmann/json.hpp>

#include "denoising/denoising.hpp"

namespace hourglass::denoising {

Json heading(const Options& o) {
    return {{"exercise", "denoising"},        {"font", o.font.file},
            {"noise", name_of(o.test.noise)}, {"train_levels", o.train_levels},
            {"fresh_noise", o.fresh},         {"sets", o.sets},
            {"passes", o.test.passes},        {"draws_a_letter", o.test.draws}};
}

namespace {

std::string scores_csv(const Options& o, const std::vector<Method>& methods) {
    CsvTable table("method,level,exact,at_most_one_wrong,wrong_pixels,mse");
    for (const Method& method : methods) {
        for (std::size_t l = 0; l < o.test.levels.size(); ++l) {
            const Scores& s = method.scores[l];
            table.add(method.name, {o.test.levels[l], s.exact, s.at_most_one, s.wrong, s.mse});
        }
    }
    return table.text();
}

Json scores_json(const Options& o, const Evaluation& mean, double Scores::*score) {
    Json result = Json::object();
    for (std::size_t l = 0; l < o.test.levels.size(); ++l) {
        for (const Method& method : mean.methods) {
            result[text("%g", o.test.levels[l])][method.key] = method.scores[l].*score;
        }
    }
    return result;
}

Json interval_json(const MeanInterval& interval) {
    return {{"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

Json results_json(const Options& o, const Result& r) {
    Json results = heading(o);
    add_training(results, o, r.run());
    results.update({{"seeds", r.seeds.size()},
                    {"recovery", scores_json(o, r.mean, &Scores::exact)},
                    {"at_most_one_wrong", scores_json(o, r.mean, &Scores::at_most_one)},
                    {"wrong_pixels", scores_json(o, r.mean, &Scores::wrong)},
                    {"mse", scores_json(o, r.mean, &Scores::mse)},
                    {"points_below_ideal", r.distance},
                    {"below_ideal", r.mean.below_ideal},
                    {"below_ideal_standard_error", r.mean.below_ideal_error},
                    {"criterion_met", r.criterion_met},
                    {"spearman",
                     {{"level", o.test.levels[o.confusion_level()]},
                      {"latent_distance", interval_json(r.rho_latent)},
                      {"hamming_distance", interval_json(r.rho_hamming)}}}});
    if (r.attractors) {
        results["attractor_margin"] = 0.1;
        for (std::size_t i = 0; i < o.font.size(); ++i) {
            results["attractor_share"][o.font.glyphs[i].name] = r.attractors->share[i];
        }
    }
    return results;
}

}  // namespace

void write_files(RunFolder& folder, const Options& o, const Result& r) {
    std::string names;
    for (const double level : o.train_levels) {
        names += text(",error_at_%g", level);
    }
    write_training(folder, o, r.run(), names, [&](std::size_t e) { return r.run().level_errors[e]; });
    folder.write("recovery.csv", scores_csv(o, r.mean.methods));
    write_results(folder, results_json(o, r));
}

}  // namespace hourglass::denoising
