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
    chart.y_label = error_label(options.loss, "letter");
    chart.band_label = "interquartile range";
    draw_curves(pictures, "seeds", chart,
                {{"median", summary.median_error, summary.low_error, summary.high_error, {}}});
}

void draw_reconstructions(Pictures& pictures, const Font& font, const Result& r) {
    constexpr std::size_t columns = 16;
    const std::size_t total = r.run.pixels.back().total;
    ImageSheet sheet;
    sheet.title = "Originals above reconstructions";
    sheet.shape = glyph_shape(font);
    sheet.note = total == 0 ? "All letters exact: no wrong pixel."
                            : "Outlined: the " + std::to_string(total) + " wrong pixels.";
    for (std::size_t first = 0; first < r.X.rows(); first += columns) {
        std::vector<SheetImage> originals, reconstructions;
        for (std::size_t i = first; i < std::min(first + columns, r.X.rows()); ++i) {
            const Vector x = to_vector(r.X.row(i));
            originals.push_back({x, {}, font.glyphs[i].name});
            reconstructions.push_back(
                {to_vector(r.Y.row(i)), x, r.wrong[i] == 0 ? "" : std::to_string(r.wrong[i]) + " wrong"});
        }
        sheet.rows.insert(sheet.rows.end(), {originals, reconstructions});
        sheet.row_labels.insert(sheet.row_labels.end(), {"original", "reconstruction"});
    }
    draw_image_sheet(pictures, "reconstruction", sheet);
}

void draw_new_letters(Pictures& pictures, const Font& font, const std::vector<NewSample>& samples) {
    ImageSheet sheet;
    sheet.title = "New letters: decoded points that are no training letter";
    sheet.shape = glyph_shape(font);
    sheet.row_labels = {"new letter", "nearest letter"};
    sheet.rows.resize(2);
    for (const NewSample& sample : samples) {
        const Glyph& glyph = font.glyphs[sample.nearest.sample];
        sheet.rows[0].push_back(
            {sample.image, glyph.pixels,
             text("(%.1f, %.1f)", static_cast<double>(sample.code[0]), static_cast<double>(sample.code[1]))});
        sheet.rows[1].push_back(
            {glyph.pixels, {}, std::to_string(sample.nearest.distance) + " from " + glyph.name});
    }
    sheet.note = samples.empty() ? "No point of the plane decodes to a crisp image (mean |y| of at "
                                   "least 0.97) that is no training letter."
                                 : "Outlined: the pixels that differ from the nearest letter. In "
                                   "brackets: the latent code.";
    draw_image_sheet(pictures, "new_letter", sheet);
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
    folder.remove_pictures({"latent", "new_letter", "attractors", "seeds", "forming"});
    Pictures& pictures = folder.pictures;
    draw_error(pictures, o, r.run, {wrong_pixels_chart(r.run)});
    draw_reconstructions(pictures, o.font, r);
    ImageSheet sheet;
    sheet.title = transitions_title;
    sheet.shape = glyph_shape(o.font);
    sheet.note = "Below each image: the nearest letter, and the pixels it is away from it.";
    draw_transitions(pictures, "transitions", r.run.model, r.X, o.font.names(), o.transitions, 11, sheet,
                     [&](std::span<const Scalar> image) {
                         const auto [i, distance] = nearest_sample(image, r.X);
                         return o.font.glyphs[i].name + (distance > 0 ? " +" + std::to_string(distance) : "");
                     });
    if (r.attractors) {
        draw_latent_plane(pictures, r.run.model, r.X, o.font.names(), glyph_shape(o.font), *r.attractors);
        draw_new_letters(pictures, o.font, r.new_letters);
    }
    if (r.runs.size() > 1 && !r.summary.median_error.empty()) {
        draw_seeds(pictures, o, r.summary);
    }
    draw_forming(pictures, r.run, "The latent space while it forms", o.font.names());
}

}  // namespace hourglass::letters
