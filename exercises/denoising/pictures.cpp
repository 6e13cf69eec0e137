#include "common/pictures.hpp"

#include <algorithm>

#include "denoising/denoising.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/plot/confusion_matrix.hpp"
#include "hourglass/plot/lines.hpp"
#include "hourglass/plot/scatter.hpp"

namespace hourglass::denoising {
namespace {

void draw_errors(Pictures& pictures, const Options& options, const Run& run) {
    std::vector<Curve> curves;
    for (std::size_t l = 0; l < options.train_levels.size(); ++l) {
        Curve curve;
        curve.label = options.level_label(options.train_levels[l]);
        for (const std::vector<double>& errors : run.level_errors) {
            curve.values.push_back(errors[l]);
        }
        curves.push_back(curve);
    }
    CurveChart chart;
    chart.title = "Error on draws apart, while training " + mirrored_text(options.widths);
    chart.y_label = error_label(options.loss, "letter", options.zero_one());
    draw_curves(pictures, "error", chart, curves);
}

void draw_letters(Pictures& pictures, const Options& options, const Run& run) {
    const Matrix all = options.font.pixels();
    const std::size_t shown = std::min<std::size_t>(16, all.rows());
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < shown; ++i) {
        indices.push_back(i * all.rows() / shown + (all.rows() > shown ? 1 : 0));
    }
    Matrix X;
    gather_rows(X, all, indices);
    ImageSheet sheet;
    sheet.title = "Clean, noisy and denoised letters";
    sheet.shape = glyph_shape(options.font);
    sheet.note = "Outlined: wrong pixels. Below a denoised letter: how many.";
    const auto add_row = [&](const std::string& label, const Matrix& images, bool captions) {
        add_rows(sheet, shown, shown, {{label, [&](std::size_t i) -> SheetImage {
                                            const std::size_t wrong = wrong_pixels(images.row(i), X.row(i));
                                            const std::string caption =
                                                captions && wrong > 0 ? std::to_string(wrong) : "";
                                            return {to_vector(images.row(i)), to_vector(X.row(i)), caption};
                                        }}});
    };
    add_row("clean", X, false);
    Rng rng(run.seed ^ 0x7368656574);
    for (const double level : options.test.levels) {
        Matrix noisy;
        add_noise(noisy, X, {options.test.noise, level}, rng);
        add_row("noisy, " + options.level_label(level), noisy, false);
        add_row("denoised", denoise(run.model, noisy, options.test.passes), true);
    }
    draw_image_sheet(pictures, "denoised", sheet);
}

void draw_neighbours(Pictures& pictures, const Options& options, const Result& r) {
    ScatterPanel latent, hamming;
    latent.chart.x_label = axis::code_distance;
    hamming.chart.x_label = axis::letter_distance;
    const auto note = [&](const MeanInterval& rho) {
        return text("Spearman %.2f", rho.mean) +
               (r.seeds.size() > 1
                    ? text(" (95 %%: %.2f to %.2f, %zu seeds)", rho.low, rho.high, r.seeds.size())
                    : "");
    };
    for (ScatterPanel* panel : {&latent, &hamming}) {
        panel->chart.y_label = axis::confusion_rate;
        panel->chart.log_y = true;
    }
    latent.chart.note = note(r.rho_latent);
    hamming.chart.note = note(r.rho_hamming);
    const PairTable& pairs = r.seeds.front().neighbours.pairs;
    latent.groups.push_back({"", pairs.latent_distance, pairs.confusion});
    hamming.groups.push_back({"", pairs.hamming_distance, pairs.confusion});
    draw_scatter_panels(
        pictures, "neighbours",
        "Are neighbours confused? Every pair of letters, at " +
            options.level_label(options.test.levels[options.confusion_level()]) +
            (r.seeds.size() > 1
                 ? text(", points: seed %llu", static_cast<unsigned long long>(r.seeds.front().run.seed))
                 : ""),
        {latent, hamming});
}

}  // namespace

void draw_recovery(Pictures& pictures, const std::string& name, const std::string& title,
                   const Options& options, const std::vector<Method>& methods) {
    std::vector<Line> lines;
    for (const Method& method : methods) {
        const bool is_reference = method.key == "ideal" || method.key == "do_nothing";
        Line& line = lines.emplace_back(Line{method.name, options.test.levels, {}, is_reference});
        for (const Scores& scores : method.scores) {
            line.y.push_back(100 * scores.exact);
        }
    }
    draw_lines(pictures, name,
               {.title = title,
                .x_label = noise_label(options.test.noise),
                .y_label = axis::recovered,
                .y_max = 102},
               lines);
}

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"latent", "attractors"});
    Pictures& pictures = folder.pictures;
    if (!r.run().errors.empty()) {
        draw_errors(pictures, o, r.run());
    }
    std::vector<Method> shown;
    for (const char* key : {"ideal", "network", "network_one_pass", "without_noise", "do_nothing"}) {
        if (const Method* method = r.mean.find(key)) {
            shown.push_back(*method);
        }
    }
    draw_recovery(pictures, "recovery", "Letters recovered exactly", o, shown);
    draw_letters(pictures, o, r.run());
    const std::size_t level = o.confusion_level();
    draw_confusion(pictures, "confusion",
                   "Which letter is taken for which, at " + o.level_label(o.test.levels[level]),
                   r.mean.confusion[level], o.font.names());
    draw_neighbours(pictures, o, r);
    if (r.attractors) {
        draw_latent_plane(pictures, r.run().model, o.font.pixels(), o.font.names(), glyph_shape(o.font),
                          *r.attractors);
    }
}

}  // namespace hourglass::denoising
