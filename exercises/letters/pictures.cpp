#include "letters/pictures.hpp"

#include <algorithm>
#include <cstdio>

#include "common/report.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/plot/attractor_map.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/latent_map.hpp"

namespace hourglass::letters {
namespace {

ImageShape glyph_shape(const Options& options) {
    return {options.font.width, options.font.height, true};
}

Vector to_vector(std::span<const Scalar> values) {
    return {values.begin(), values.end()};
}

}  // namespace

std::pair<std::size_t, std::size_t> find_transition(const Font& font, const std::string& text) {
    // A letter may itself be a hyphen, so every hyphen is tried as the one between.
    for (std::size_t hyphen = text.find('-', 1); hyphen != std::string::npos;
         hyphen = text.find('-', hyphen + 1)) {
        const auto from = font.find(std::string_view(text).substr(0, hyphen));
        const auto to = font.find(std::string_view(text).substr(hyphen + 1));
        if (from && to) {
            return {*from, *to};
        }
    }
    throw Error("--transition: expected two letters of " + font.file + ", such as " +
                font.glyphs.front().name + "-" + font.glyphs.back().name + ", got '" + text + "'");
}

std::vector<std::string> default_transitions(const Font& font) {
    std::vector<std::string> result;
    for (const char* pair : {"k-h", "w-u", "f-{", "n-r"}) {
        const std::string text = pair;
        if (font.find(text.substr(0, 1)) && font.find(text.substr(2))) {
            result.push_back(text);
        }
    }
    if (result.empty()) {
        for (const std::size_t part : {0u, 1u, 2u, 3u}) {
            const std::size_t i = part * font.size() / 4;
            const std::size_t j = (i + font.size() / 2) % font.size();
            result.push_back(font.glyphs[i].name + "-" + font.glyphs[j].name);
        }
    }
    return result;
}

void draw_error(Pictures& pictures, const Options& options, const Run& run) {
    Curve error{.label = "error", .values = run.errors(), .low = {}, .high = {}, .marked_epoch = {}};
    Curve wrong{.label = "wrong", .values = {}, .low = {}, .high = {}, .marked_epoch = {}};
    for (const Epoch& epoch : run.epochs) {
        wrong.values.push_back(static_cast<double>(epoch.pixels.total));
    }
    if (run.epoch_criterion_met) {
        error.marked_epoch = wrong.marked_epoch = *run.epoch_criterion_met;
    }
    CurveChart chart;
    chart.y_label = error_label(options.loss, "letter");
    CurveChart wrong_chart;
    wrong_chart.y_label = axis::wrong_pixels;
    wrong_chart.mark_label = "at most 1 wrong pixel in every letter";
    wrong_chart.log_scale = wrong_chart.mark_lowest = false;
    draw_stacked_curves(pictures, "error",
                        "Error while training " + mirrored_text(options.widths) + ", seed " +
                            std::to_string(run.seed),
                        {{chart, {error}}, {wrong_chart, {wrong}}});
}

void draw_seeds(Pictures& pictures, const Options& options, const SeedSummary& summary) {
    CurveChart chart;
    chart.title =
        "Error over " + std::to_string(summary.seeds - summary.diverged) + " seeds of " +
        mirrored_text(options.widths) +
        (summary.diverged > 0 ? text(", without %zu that diverged", summary.diverged) : "");
    chart.y_label = error_label(options.loss, "letter");
    chart.band_label = "interquartile range";
    draw_curves(pictures, "seeds", chart,
                {{.label = "median",
                  .values = summary.median_error,
                  .low = summary.low_error,
                  .high = summary.high_error,
                  .marked_epoch = {}}});
}

void draw_latent_space(Pictures& pictures, const Options& options, const Run& run) {
    LatentMap map;
    map.title = "The latent space: each letter at its code, over what the plane decodes to";
    map.shape = glyph_shape(options);
    map.codes = run.model.encode(options.font.pixels());
    map.box = bounding_box(map.codes, 0.08);
    map.columns = 24;
    map.rows = 18;
    map.images = run.model.decode(grid_codes(map.box, map.columns, map.rows));
    map.labels = options.font.names();
    draw_latent_map(pictures, "latent", map);
}

void draw_reconstructions(Pictures& pictures, const Options& options, const Run& run) {
    constexpr std::size_t columns = 16;
    const Matrix X = options.font.pixels();
    const Matrix Y = run.model.reconstruct(X);
    ImageSheet sheet;
    sheet.title = "Originals above reconstructions";
    sheet.shape = glyph_shape(options);
    sheet.note = run.pixels.total == 0
                     ? "All letters exact: no wrong pixel."
                     : "Outlined: the " + std::to_string(run.pixels.total) + " wrong pixels.";
    for (std::size_t first = 0; first < X.rows(); first += columns) {
        std::vector<SheetImage> originals, reconstructions;
        for (std::size_t i = first; i < std::min(first + columns, X.rows()); ++i) {
            const Vector x = to_vector(X.row(i));
            const std::size_t wrong = wrong_pixels(Y.row(i), x);
            originals.push_back({x, {}, options.font.glyphs[i].name});
            reconstructions.push_back(
                {to_vector(Y.row(i)), x, wrong == 0 ? "" : std::to_string(wrong) + " wrong"});
        }
        sheet.rows.push_back(originals);
        sheet.rows.push_back(reconstructions);
        sheet.row_labels.insert(sheet.row_labels.end(), {"original", "reconstruction"});
    }
    draw_image_sheet(pictures, "reconstruction", sheet);
}

void draw_transitions(Pictures& pictures, const Options& options, const Run& run) {
    constexpr std::size_t steps = 11;
    const Matrix X = options.font.pixels();
    const Matrix codes = run.model.encode(X);
    ImageSheet sheet;
    sheet.title = "Transitions: the decoded images along a line between two codes";
    sheet.shape = glyph_shape(options);
    sheet.note = "Below each image: the nearest letter, and the pixels it is away from it.";
    for (const std::string& transition : options.transitions) {
        const auto [from, to] = find_transition(options.font, transition);
        const Matrix images = run.model.decode(line_codes(codes.row(from), codes.row(to), steps));
        std::vector<SheetImage> row;
        for (std::size_t s = 0; s < steps; ++s) {
            const Nearest nearest = nearest_sample(images.row(s), X);
            std::string caption = options.font.glyphs[nearest.sample].name;
            if (nearest.distance > 0) {
                caption += " +" + std::to_string(nearest.distance);
            }
            row.push_back({to_vector(images.row(s)), {}, caption});
        }
        sheet.rows.push_back(row);
        sheet.row_labels.push_back(options.font.glyphs[from].name + " to " +
                                   options.font.glyphs[to].name);
    }
    draw_image_sheet(pictures, "transitions", sheet);
}

void draw_attractors(Pictures& pictures, const Options& options, const AttractorMap& map,
                     const Matrix& codes) {
    draw_attractor_map(pictures, "attractors",
                       "Which letter owns which part of the latent plane (the box of the codes and "
                       "10 % around it)",
                       map, codes, options.font.names());
}

void draw_forming(Pictures& pictures, const Options& options, const Run& run) {
    draw_animation(pictures, "forming",
                   {.title = "The latent space while it forms",
                    .labels = options.font.names(),
                    .frames = run.frames});
}

void draw_new_letters(Pictures& pictures, const Options& options,
                      const std::vector<NewSample>& samples) {
    ImageSheet sheet;
    sheet.title = "New letters: decoded points that are no training letter";
    sheet.shape = glyph_shape(options);
    sheet.row_labels = {"new letter", "nearest letter"};
    sheet.rows.resize(2);
    for (const NewSample& sample : samples) {
        const Glyph& glyph = options.font.glyphs[sample.nearest.sample];
        char code[48];
        std::snprintf(code, sizeof code, "(%.1f, %.1f)", static_cast<double>(sample.code[0]),
                      static_cast<double>(sample.code[1]));
        sheet.rows[0].push_back({sample.image, glyph.pixels, code});
        sheet.rows[1].push_back(
            {glyph.pixels, {}, std::to_string(sample.nearest.distance) + " from " + glyph.name});
    }
    sheet.note = samples.empty() ? "No point of the plane decodes to a crisp image (mean |y| of at "
                                   "least 0.97) that is no training letter."
                                 : "Outlined: the pixels that differ from the nearest letter. In "
                                   "brackets: the latent code.";
    draw_image_sheet(pictures, "new_letter", sheet);
}

}  // namespace hourglass::letters
