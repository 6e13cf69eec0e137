#include "common/pictures.hpp"

#include "denoising/denoising.hpp"
#include "hourglass/plot/confusion_matrix.hpp"
#include "hourglass/plot/letter_pictures.hpp"

namespace hourglass::denoising {
namespace {

void draw_errors(Pictures& pictures, const Options& o, const Run& run) {
    std::vector<Curve> curves;
    for (std::size_t l = 0; l < o.train_levels.size(); ++l) {
        curves.push_back({level_label(o.test.noise, o.train_levels[l]), run.errors_at(l), {}, {}, {}});
    }
    CurveChart chart;
    chart.title = "Error on draws apart, while training " + o.net_text();
    chart.y_label = o.error_label();
    draw_curves(pictures, "error", chart, curves);
}

void draw_neighbours(Pictures& pictures, const Result& r, const std::string& level) {
    const std::size_t seeds = r.runs.size();
    const auto note = [&](const MeanInterval& rho) {
        return text("Spearman %.2f", rho.mean) +
               (seeds > 1 ? text(" (95 %%: %.2f to %.2f, %zu seeds)", rho.low, rho.high, seeds) : "");
    };
    const std::string seed = seeds > 1 ? ", points: seed " + std::to_string(r.run().seed) : "";
    draw_confused_pairs(pictures, "Are neighbours confused? Every pair of letters, at " + level + seed, r.pairs,
                        note(r.rho.latent), note(r.rho.hamming));
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"latent", "attractors"});
    Pictures& pictures = folder.pictures;
    const std::vector<std::string> names = o.font.names();
    if (!r.run().errors.empty()) {
        draw_errors(pictures, o, r.run());
    }
    std::vector<Method> shown;
    for (const char* key : {"ideal", "network", "network_one_pass", "without_noise", "do_nothing"}) {
        if (const Method* method = r.mean.find(key)) {
            shown.push_back(*method);
        }
    }
    draw_recovery(pictures, "recovery", "Letters recovered exactly", o.test, shown);
    draw_denoised_letters(pictures, o.font, o.test, r.run().model, Rng(r.run().seed ^ 0x7368656574));
    const std::size_t l = o.confusion_level();
    const std::string level = level_label(o.test.noise, o.test.levels[l]);
    draw_confusion(pictures, "confusion", "Which letter is taken for which, at " + level, r.mean.confusion[l], names);
    draw_neighbours(pictures, r, level);
    if (r.attractors) {
        draw_latent_plane(pictures, r.run().model, o.font.pixels(), names, glyph_shape(o.font), *r.attractors);
    }
}

}  // namespace hourglass::denoising
