#include "common/pictures.hpp"

#include <algorithm>

#include "letters/letters.hpp"

namespace hourglass::letters {
namespace {

void draw_seeds(Pictures& pictures, const Options& options, const SeedSummary& summary) {
    CurveChart chart;
    chart.title = "Error over " + std::to_string(summary.seeds - summary.diverged) + " seeds of " +
                  mirrored_text(options.widths) +
                  (summary.diverged > 0 ? text(", without %zu that diverged", summary.diverged) : "");
    chart.y_label = error_label(options.loss, "letter", options.zero_one());
    chart.band_label = "interquartile range";
    draw_curves(pictures, "seeds", chart, {summary.error});
}

void draw_reconstructions(Pictures& pictures, const Font& font, const Result& r) {
    const std::size_t total = r.run.pixels.back().total;
    ImageSheet sheet;
    sheet.title = "Originals above reconstructions";
    sheet.shape = glyph_shape(font);
    sheet.note = total == 0 ? "All letters exact: no wrong pixel."
                            : "Outlined: the " + std::to_string(total) + " wrong pixels.";
    const auto original = [&](std::size_t i) -> SheetImage {
        return {to_vector(r.X.row(i)), {}, font.glyphs[i].name};
    };
    const auto reconstruction = [&](std::size_t i) -> SheetImage {
        const std::string wrong = r.wrong[i] == 0 ? "" : std::to_string(r.wrong[i]) + " wrong";
        return {to_vector(r.Y.row(i)), to_vector(r.X.row(i)), wrong};
    };
    add_rows(sheet, r.X.rows(), 16, {{"original", original}, {"reconstruction", reconstruction}});
    draw_image_sheet(pictures, "reconstruction", sheet);
}

/// All wrong pixels after each epoch, and when the criterion was first met.
StackedChart wrong_pixels_chart(const Run& run) {
    StackedChart wrong;
    wrong.chart.y_label = axis::wrong_pixels;
    wrong.chart.mark_label = "at most 1 wrong pixel in every letter";
    wrong.chart.log_scale = wrong.chart.mark_lowest = false;
    wrong.curves = {{"wrong pixels", {}, {}, {}, run.epoch_criterion_met()}};
    for (std::size_t epoch = 1; epoch < run.pixels.size(); ++epoch) {  // 0: before the first
        wrong.curves.front().values.push_back(static_cast<double>(run.pixels[epoch].total));
    }
    return wrong;
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"decoded", "latent", "new_letter", "attractors", "seeds", "forming"});
    Pictures& pictures = folder.pictures;
    draw_error(pictures, o, r.run, {wrong_pixels_chart(r.run)});
    draw_reconstructions(pictures, o.font, r);
    draw_transitions(pictures, r.run.model, r.X, o.font.names(), o.transitions, 11, glyph_shape(o.font),
                     "the nearest letter, and the pixels it is away from it",
                     [&](std::span<const Scalar> image) {
                         const auto [i, distance] = nearest_sample(image, r.X);
                         return o.font.glyphs[i].name + (distance > 0 ? " +" + std::to_string(distance) : "");
                     });
    if (!r.decoded.empty()) {
        draw_decoded_samples(pictures, r.decoded, r.X, o.font.names(), glyph_shape(o.font));
    }
    if (r.attractors) {
        draw_latent_plane(pictures, r.run.model, r.X, o.font.names(), glyph_shape(o.font), *r.attractors);
        draw_new_samples(pictures, r.new_letters, r.X, o.font.names(), glyph_shape(o.font));
    }
    if (r.runs.size() > 1 && !r.summary.error.values.empty()) {
        draw_seeds(pictures, o, r.summary);
    }
    draw_forming(pictures, r.run, "The latent space while it forms", o.font.names());
}

}  // namespace hourglass::letters
