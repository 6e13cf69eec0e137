#include "common/pictures.hpp"

#include <algorithm>

#include "hourglass/analysis/classifier.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/plot/class_pictures.hpp"
#include "hourglass/plot/code_pictures.hpp"
#include "hourglass/plot/point_panels.hpp"
#include "hourglass/plot/score_curves.hpp"
#include "hourglass/plot/unit_pictures.hpp"
#include "satellite/satellite.hpp"

namespace hourglass::satellite {
namespace {

void draw_scores(Pictures& pictures, const Options& o, const Result& r) {
    const std::string kl = *o.beta == 1 ? "KL" : text("%g KL", *o.beta);
    draw_score_curves(pictures, "While training, seed " + std::to_string(r.run.seed),
                      {{*o.beta == 1 ? "ELBO (nats)" : "-reconstruction - " + kl + " (nats)", &SetScores::elbo},
                       {"reconstruction (nats)", &SetScores::error},
                       {kl + " (nats)", &SetScores::kl}},
                      r.run.scores, {});
}

void draw_reconstructions(Pictures& pictures, const Options& o, const Result& r, ImageSheet sheet) {
    const std::vector<std::size_t> shown = few_of_each_class(o.set->labels, o.set->classes.size(), 2, o.seed);
    const Autoencoder& model = r.run.model;
    std::vector<std::size_t> labels;
    std::ranges::transform(shown, std::back_inserter(labels), [&](std::size_t i) { return o.set->labels[i]; });
    const Matrix X = rows_of(o.X(), shown);
    Workspace ws(model, o.seed);
    model.forward(ws, X);
    sheet.title = text("Images, and what is left of them in %zu numbers", o.latent_size);
    draw_by_class(pictures, "reconstruction", sheet,
                  {{"original", X},
                   {"mean code", model.reconstruct(X)},
                   {"drawn code", ws.Y()},
                   {"PCA", r.linear.pca.reconstruct(X)}},
                  labels, o.set->classes, 2);
}

/// The units that have most to say, and how much.
std::vector<std::pair<std::size_t, std::string>> most_used_units(const std::vector<double>& unit_kl) {
    std::vector<std::pair<std::size_t, std::string>> units;
    for (const std::size_t j : largest_first(unit_kl)) {
        units.emplace_back(j, text("unit %zu, %.2f nats", j + 1, unit_kl[j]));
    }
    units.resize(std::min<std::size_t>(units.size(), 10));
    return units;
}

void draw_class_maps(Pictures& pictures, const Options& o, const Result& r) {
    const auto title = [](const char* map, double purity) {
        return map + text(" Of 10 neighbours %.1f %% are of the same class.", 100 * purity);
    };
    draw_point_panels(pictures, "map_classes", title("The codes, by t-SNE.", r.map.purity), {{"", "", "", r.map.Y}},
                      o.set->labels, o.set->classes);
    draw_point_panels(pictures, "pca_classes", title("The images, by PCA.", r.linear.purity_of_plane),
                      {{"", "first principal component", "second principal component", r.linear.plane}}, o.set->labels,
                      o.set->classes);
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"error", "reconstruction", "units", "samples", "transitions", "map_classes", "pca_classes"});
    Pictures& pictures = folder.pictures;
    ImageSheet sheet;
    sheet.shape = o.shape();
    if (!r.run.errors.empty()) {
        draw_scores(pictures, o, r);
    }
    draw_reconstructions(pictures, o, r, sheet);
    draw_unit_ends(pictures, r.run.model, r.codes.mean, o.X(), most_used_units(r.codes.unit_kl), o.shape());
    draw_image_sheet(pictures, "samples",
                     tiled_sheet("New images: decoded codes that were drawn", o.shape(), new_samples(r.run.model, r.codes, 60, o.seed + 1), 12));
    draw_code_lines(pictures, r.run.model, o.X(), o.transitions, o.shape());
    draw_class_maps(pictures, o, r);
}

}  // namespace hourglass::satellite
