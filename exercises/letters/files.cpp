#include "hourglass/io/files.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "letters/letters.hpp"

namespace hourglass::letters {

Json heading(const Options& o) {
    return {{"exercise", "letters"}, {"font", o.font.file}};
}

namespace {

std::string seeds_csv(const std::vector<Run>& runs) {
    CsvTable table(
        "seed,criterion_met,epoch_criterion_met,exact,wrong_pixels_max,wrong_pixels_mean,"
        "error,seconds,diverged");
    for (const Run& run : runs) {
        const bool diverged = !run.failure.empty();
        const auto epoch_met = run.epoch_criterion_met();
        const PixelErrors& pixels = run.pixels.back();
        table.add(
            std::to_string(run.seed),
            {run.criterion_met() ? 1.0 : 0.0, epoch_met && !diverged ? static_cast<double>(*epoch_met) : NAN,
             run.exact() ? 1.0 : 0.0, diverged ? NAN : static_cast<double>(pixels.worst), diverged ? NAN : pixels.mean,
             diverged || run.errors.empty() ? NAN : run.errors.back(), run.seconds, diverged ? 1.0 : 0.0});
    }
    return table.text();
}

Json pixel_errors_json(const PixelErrors& errors) {
    return {{"max", errors.worst}, {"mean", errors.mean}, {"at_most_one", errors.at_most_one}, {"exact", errors.exact}};
}

Json results_json(const Options& o, const Result& r) {
    const PixelErrors& pixels = r.run.pixels.back();
    const auto epoch_met = r.run.epoch_criterion_met();
    Json results = heading(o);
    add_training(results, o, r.run);
    results.update(
        {{"error", r.run.errors.empty() ? Json() : Json(r.run.errors.back())},
         {"wrong_pixels", {{"max", pixels.worst}, {"mean", pixels.mean}}},
         {"exact_letters", pixels.exact},
         {"criterion_met", r.run.criterion_met()},
         {"epoch_criterion_met", epoch_met ? Json(*epoch_met) : Json()},
         {"baselines", {{"mean_image", pixel_errors_json(r.mean_image)}, {"pca", pixel_errors_json(r.pca)}}}});
    results["wrong_pixels"]["per_letter"] = by_name(o.font.names(), r.wrong);
    if (r.attractors) {
        results["attractor_share"] = by_name(o.font.names(), r.attractors->share);
    }
    for (const NewSample& sample : r.new_letters) {
        results["new_letters"].push_back({{"code", sample.code},
                                          {"nearest_letter", o.font.glyphs[sample.nearest.sample].name},
                                          {"distance_in_pixels", sample.nearest.distance},
                                          {"distance_in_latent_units", sample.latent_distance},
                                          {"image", text_art(sample.image, o.font.width)}});
    }
    if (r.runs.size() > 1) {
        const SeedSummary& s = r.summary;
        results.update({{"seeds", s.seeds},
                        {"share_criterion_met", s.share_criterion_met},
                        {"share_exact", s.share_exact},
                        {"median_epoch_criterion_met", s.median_epoch_criterion_met},  // null: infinity
                        {"seeds_not_converged", s.missed}});
    }
    return results;
}

}  // namespace

void write_files(RunFolder& folder, const Options& o, const Result& r) {
    const std::vector<PixelErrors> after(r.run.pixels.begin() + 1, r.run.pixels.end());  // each epoch
    write_training(folder, o, r.run,
                   {{"wrong_pixels_max", numbers_of(after, &PixelErrors::worst)},
                    {"wrong_pixels_mean", numbers_of(after, &PixelErrors::mean)},
                    {"exact_letters", numbers_of(after, &PixelErrors::exact)},
                    {"saturated_wrong_pixels", numbers_of(after, &PixelErrors::saturated)}});
    folder.write("codes.csv", rows_csv("letter", o.font.names(), {}, "code", r.codes));
    folder.write("reconstructions.csv", rows_csv("letter", o.font.names(), {}, "y", r.Y));
    if (r.runs.size() > 1) {
        folder.write("seeds.csv", seeds_csv(r.runs));
    } else {
        folder.remove("seeds.csv");
    }
    write_results(folder, results_json(o, r));
}

}  // namespace hourglass::letters
