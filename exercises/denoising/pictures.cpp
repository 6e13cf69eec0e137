#include <algorithm>

#include "common/report.hpp"
#include "denoising/denoising.hpp"
#include "hourglass/analysis/attractors.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/rank_correlation.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/plot/attractor_map.hpp"
#include "hourglass/plot/confusion_matrix.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/latent_map.hpp"
#include "hourglass/plot/lines.hpp"
#include "hourglass/plot/scatter.hpp"

namespace hourglass::denoising {
namespace {

ImageShape glyph_shape(const Options& options) {
    return {options.font.width, options.font.height, true};
}

std::string level_label(const Options& options, double level) {
    return text(options.noise == Noise::Kind::gaussian ? "sigma = %g" : "p = %g", level);
}

std::string noise_axis(Noise::Kind noise) {
    switch (noise) {
        case Noise::Kind::flip:
            return "noise: probability that a pixel flips";
        case Noise::Kind::salt_and_pepper:
            return "noise: probability of salt or pepper at a pixel";
        case Noise::Kind::gaussian:
            return "noise: standard deviation (ink and paper are 2 apart)";
    }
    return "";
}

Vector to_vector(std::span<const Scalar> values) {
    return {values.begin(), values.end()};
}

}  // namespace

void draw_error(Pictures& pictures, const Options& options, const Run& run) {
    std::vector<Curve> curves;
    for (std::size_t l = 0; l < options.train_levels.size(); ++l) {
        Curve curve;
        curve.label = level_label(options, options.train_levels[l]);
        for (const Epoch& epoch : run.epochs) {
            curve.values.push_back(epoch.level_error[l]);
        }
        curves.push_back(curve);
    }
    CurveChart chart;
    chart.title = "Error on draws apart, while training " + mirrored_text(options.widths);
    chart.y_label = error_label(options.loss, "letter");
    draw_curves(pictures, "error", chart, curves);
}

void draw_recovery(Pictures& pictures, const Options& options, const Evaluation& mean) {
    std::vector<Line> lines;
    for (const char* key :
         {"ideal", "network", "network_one_pass", "without_noise", "do_nothing"}) {
        if (!mean.find(key)) {
            continue;
        }
        const Method& method = mean.method(key);
        Line line{method.name,
                  options.test_levels,
                  {},
                  method.key == "ideal" || method.key == "do_nothing"};
        for (const Scores& scores : method.scores) {
            line.y.push_back(100 * scores.exact);
        }
        lines.push_back(line);
    }
    draw_lines(pictures, "recovery",
               {.title = "Letters recovered exactly",
                .x_label = noise_axis(options.noise),
                .y_label = "letters recovered exactly (%)",
                .y_max = 102},
               lines);
}

void draw_letters(Pictures& pictures, const Options& options, const SeedResult& seed) {
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
    sheet.shape = glyph_shape(options);
    sheet.note = "Outlined: wrong pixels. Below a denoised letter: how many.";
    const auto add_row = [&](const std::string& label, const Matrix& images, bool captions) {
        std::vector<SheetImage> row;
        for (std::size_t i = 0; i < images.rows(); ++i) {
            const std::size_t wrong = wrong_pixels(images.row(i), X.row(i));
            row.push_back({to_vector(images.row(i)), to_vector(X.row(i)),
                           captions && wrong > 0 ? std::to_string(wrong) : ""});
        }
        sheet.rows.push_back(row);
        sheet.row_labels.push_back(label);
    };
    add_row("clean", X, false);
    Rng rng(seed.run.seed ^ 0x7368656574);
    for (const double level : options.test_levels) {
        Matrix noisy;
        add_noise(noisy, X, {options.noise, level}, rng);
        add_row("noisy, " + level_label(options, level), noisy, false);
        add_row("denoised", denoise(seed.run.model, noisy, options.passes), true);
    }
    draw_image_sheet(pictures, "denoised", sheet);
}

void draw_confusions(Pictures& pictures, const Options& options, const Evaluation& mean) {
    const std::size_t level = confusion_level(options);
    draw_confusion(
        pictures, "confusion",
        "Which letter is taken for which, at " + level_label(options, options.test_levels[level]),
        mean.confusion[level], options.font.names());
}

void draw_neighbours(Pictures& pictures, const Options& options,
                     const std::vector<SeedResult>& seeds) {
    ScatterPanel latent, hamming;
    latent.chart.x_label = "distance of the codes (latent units)";
    hamming.chart.x_label = "distance of the letters (pixels)";
    std::vector<double> by_latent, by_hamming;
    for (const SeedResult& seed : seeds) {
        by_latent.push_back(seed.neighbours.spearman_latent);
        by_hamming.push_back(seed.neighbours.spearman_hamming);
    }
    const auto note = [&](const std::vector<double>& values) {
        const MeanInterval mean = mean_interval(values);
        return text("Spearman %.2f", mean.mean) +
               (values.size() > 1 ? text(" (95 %%: %.2f to %.2f, %zu seeds)", mean.low,
                                         mean.high, values.size())
                                  : "");
    };
    for (ScatterPanel* panel : {&latent, &hamming}) {
        panel->chart.y_label = "rate of confusion";
        panel->chart.log_y = true;
    }
    latent.chart.note = note(by_latent);
    hamming.chart.note = note(by_hamming);
    const PairTable& pairs = seeds.front().neighbours.pairs;
    latent.groups.push_back({"", pairs.latent_distance, pairs.confusion});
    hamming.groups.push_back({"", pairs.hamming_distance, pairs.confusion});
    draw_scatter_panels(
        pictures, "neighbours",
        "Are neighbours confused? Every pair of letters, at " +
            level_label(options, options.test_levels[confusion_level(options)]) +
            (seeds.size() > 1 ? text(", points: seed %llu",
                                     static_cast<unsigned long long>(seeds.front().run.seed))
                              : ""),
        {latent, hamming});
}

void draw_plane(Pictures& pictures, const Options& options, const Run& run) {
    const Matrix X = options.font.pixels();
    LatentMap map;
    map.title = "The latent space: each letter at its code, over what the plane decodes to";
    map.shape = glyph_shape(options);
    map.codes = run.model.encode(X);
    map.box = bounding_box(map.codes, 0.08);
    map.columns = 24;
    map.rows = 18;
    map.images = run.model.decode(grid_codes(map.box, map.columns, map.rows));
    map.labels = options.font.names();
    draw_latent_map(pictures, "latent", map);
    draw_attractor_map(pictures, "attractors",
                       "Which letter owns which part of the latent plane (the box of the codes and "
                       "10 % around it)",
                       map_attractors(run.model, X), map.codes, map.labels);
}

}  // namespace hourglass::denoising
