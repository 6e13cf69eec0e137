#include "hourglass/plot/letter_pictures.hpp"

#include <algorithm>
#include <numeric>

#include "hourglass/core/rows.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/lines.hpp"
#include "hourglass/plot/scatter.hpp"

namespace hourglass {
namespace {

StackedChart counted_pixels(const std::string& title, const char* label, const std::vector<Curve>& curves) {
    StackedChart panel;
    panel.chart.title = title;
    panel.chart.y_label = label;
    panel.chart.log_scale = panel.chart.mark_lowest = false;
    panel.curves = curves;
    return panel;
}

ScatterPanel pair_panel(const char* x_label, const std::string& note, const std::vector<double>& distance,
                        const std::vector<double>& confusion) {
    ScatterPanel panel;
    panel.chart.x_label = x_label;
    panel.chart.y_label = axis::confusion_rate;
    panel.chart.log_y = true;
    panel.chart.note = note;
    panel.groups.push_back({"", distance, confusion});
    return panel;
}

}  // namespace

StackedChart wrong_pixels_chart(const std::vector<PixelErrors>& pixels) {
    Curve wrong{"wrong pixels", {}, {}, {}, {}};
    for (std::size_t epoch = 1; epoch < pixels.size(); ++epoch) {
        wrong.values.push_back(static_cast<double>(pixels[epoch].total));
    }
    if (const auto epoch = first_epoch_within(pixels, 1)) {
        wrong.marked_epoch = *epoch;
    }
    StackedChart chart = counted_pixels("", axis::wrong_pixels, {wrong});
    chart.chart.mark_label = "at most 1 wrong pixel in every letter";
    return chart;
}

void draw_saturation(Pictures& pictures, int seeds, const std::vector<Curve>& wrong,
                     const std::vector<Curve>& saturated) {
    StackedChart all = counted_pixels(text("Wrong pixels in all letters, mean of %d seeds", seeds),
                                      axis::wrong_pixels, wrong);
    all.chart.y_max = 60;
    draw_stacked_curves(pictures, "losses_saturation",
                        "Why mean squared error stands still: no gradient where tanh is saturated",
                        {all, counted_pixels("Wrong pixels whose output is saturated: |y| > 0.99",
                                             "saturated wrong pixels", saturated)});
}

void draw_reconstructed_letters(Pictures& pictures, const Font& font, const Matrix& Y) {
    const Matrix X = font.pixels();
    const std::vector<std::size_t> wrong = wrong_pixels(Y, X);
    const std::size_t total = std::accumulate(wrong.begin(), wrong.end(), std::size_t{0});
    ImageSheet sheet;
    sheet.title = "Originals above reconstructions";
    sheet.shape = glyph_shape(font);
    sheet.note = total == 0 ? "All letters exact: no wrong pixel."
                            : "Outlined: the " + std::to_string(total) + " wrong pixels.";
    add_rows(sheet, X.rows(), 16,
             {sheet_row("original", X, nullptr, [&](std::size_t i) { return font.glyphs[i].name; }),
              sheet_row("reconstruction", Y, &X, [&](std::size_t i) {
                  return wrong[i] == 0 ? "" : std::to_string(wrong[i]) + " wrong";
              })});
    draw_image_sheet(pictures, "reconstruction", sheet);
}

void draw_denoised_letters(Pictures& pictures, const Font& font, const DenoiserTest& test,
                           const Autoencoder& model, Rng rng) {
    const Matrix all = font.pixels();
    const std::size_t shown = std::min<std::size_t>(16, all.rows());
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < shown; ++i) {
        indices.push_back(i * all.rows() / shown + (all.rows() > shown ? 1 : 0));
    }
    const Matrix X = rows_of(all, indices);
    Matrix noisy;
    ImageSheet sheet;
    sheet.title = "Clean, noisy and denoised letters";
    sheet.shape = glyph_shape(font);
    sheet.note = "Outlined: wrong pixels. Below a denoised letter: how many.";
    add_rows(sheet, shown, shown, {sheet_row("clean", X, &X)});
    for (const double level : test.levels) {
        add_noise(noisy, X, {test.noise, level}, rng);
        const Matrix denoised = denoise(model, noisy, test.passes);
        const auto count = [&](std::size_t i) {
            const std::size_t wrong = wrong_pixels(denoised.row(i), X.row(i));
            return wrong == 0 ? "" : std::to_string(wrong);
        };
        add_rows(sheet, shown, shown,
                 {sheet_row("noisy, " + level_label(test.noise, level), noisy, &X),
                  sheet_row("denoised", denoised, &X, count)});
    }
    draw_image_sheet(pictures, "denoised", sheet);
}

void draw_recovery(Pictures& pictures, const std::string& name, const std::string& title,
                   const DenoiserTest& test, const std::vector<Method>& methods) {
    std::vector<Line> lines;
    for (const Method& method : methods) {
        const bool is_reference = method.key == "ideal" || method.key == "do_nothing";
        Line& line = lines.emplace_back(Line{method.name, test.levels, {}, is_reference});
        for (const Scores& scores : method.scores) {
            line.y.push_back(100 * scores.exact);
        }
    }
    draw_lines(pictures, name,
               {.title = title, .x_label = noise_label(test.noise), .y_label = axis::recovered, .y_max = 102},
               lines);
}

void draw_confused_pairs(Pictures& pictures, const std::string& title, const PairTable& pairs,
                         const std::string& latent_note, const std::string& hamming_note) {
    draw_scatter_panels(
        pictures, "neighbours", title,
        {pair_panel(axis::code_distance, latent_note, pairs.latent_distance, pairs.confusion),
         pair_panel(axis::letter_distance, hamming_note, pairs.hamming_distance, pairs.confusion)});
}

}  // namespace hourglass
