#include <nlohmann/json.hpp>

#include "letters/result.hpp"

namespace hourglass::letters {
namespace {

Json pixel_errors_json(const PixelErrors& errors) {
    return {{"max", errors.worst},
            {"mean", errors.mean},
            {"at_most_one", errors.at_most_one},
            {"exact", errors.exact}};
}

}  // namespace

Json results_json(const Options& o, const Result& r) {
    const PixelErrors& pixels = r.run.pixels.back();
    const auto epoch_met = r.run.epoch_criterion_met();
    Json results = {{"exercise", "letters"}, {"font", o.font.file}};
    add_training(results, o, r.run);
    results.update(
        {{"error", r.run.errors.empty() ? Json() : Json(r.run.errors.back())},
         {"wrong_pixels", {{"max", pixels.worst}, {"mean", pixels.mean}}},
         {"exact_letters", pixels.exact},
         {"criterion_met", r.run.criterion_met()},
         {"epoch_criterion_met", epoch_met ? Json(*epoch_met) : Json()},
         {"baselines",
          {{"mean_image", pixel_errors_json(r.mean_image)}, {"pca", pixel_errors_json(r.pca)}}}});
    for (std::size_t i = 0; i < r.wrong.size(); ++i) {
        results["wrong_pixels"]["per_letter"][o.font.glyphs[i].name] = r.wrong[i];
        if (r.attractors) {
            results["attractor_share"][o.font.glyphs[i].name] = r.attractors->share[i];
        }
    }
    for (const NewSample& sample : r.new_letters) {
        results["new_letters"].push_back(
            {{"code", sample.code},
             {"nearest_letter", o.font.glyphs[sample.nearest.sample].name},
             {"distance_in_pixels", sample.nearest.distance},
             {"distance_in_latent_units", sample.latent_distance},
             {"image", text_art(sample.image, o.font.width)}});
    }
    if (r.runs.size() > 1) {
        const SeedSummary& s = r.summary;
        results.update(
            {{"seeds", s.seeds},
             {"share_criterion_met", s.share_criterion_met},
             {"share_exact", s.share_exact},
             {"median_epoch_criterion_met", s.median_epoch_criterion_met},  // null: infinity
             {"seeds_not_converged", s.missed}});
    }
    return results;
}

}  // namespace hourglass::letters
