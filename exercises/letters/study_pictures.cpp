#include "common/pictures.hpp"
#include "letters/letters.hpp"

namespace hourglass::letters {
namespace {

/// A panel for each loss: nats and squared differences are not to be compared.
void draw_losses(Pictures& pictures, const Options& base, const std::string& title,
                 const std::vector<Variant>& variants) {
    std::vector<StackedChart> panels;
    for (const Variant& v : variants) {
        const SeedSummary& s = v.summary;
        const std::string label = error_label(v.options.loss, "letter");
        if (panels.empty() || panels.back().chart.y_label != label) {
            panels.push_back({{.title = "", .y_label = label, .mark_label = "", .band_label = ""}, {}});
        }
        panels.back().curves.push_back({v.name, s.median_error, s.low_error, s.high_error, {}});
    }
    draw_stacked_curves(pictures, "losses", title, panels);
    const auto counted = [&](const std::string& heading, const char* label,
                             std::vector<double> SeedSummary::*pixels) {
        StackedChart panel;
        panel.chart.title = heading;
        panel.chart.y_label = label;
        panel.chart.log_scale = panel.chart.mark_lowest = false;
        for (const Variant& v : variants) {
            panel.curves.push_back({v.name, v.summary.*pixels, {}, {}, {}});
        }
        return panel;
    };
    StackedChart wrong =
        counted("Wrong pixels in all letters, mean of " + std::to_string(base.seeds) + " seeds",
                "wrong pixels", &SeedSummary::wrong_pixels);
    wrong.chart.y_max = 60;
    draw_stacked_curves(pictures, "losses_saturation",
                        "Why mean squared error stands still: no gradient where tanh is saturated",
                        {wrong, counted("Wrong pixels whose output is saturated: |y| > 0.99",
                                        "saturated wrong pixels", &SeedSummary::saturated)});
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& base, const std::vector<Variant>& variants) {
    std::vector<Curve> curves, lines;
    for (const Variant& v : variants) {
        const SeedSummary& s = v.summary;
        if (!s.median_error.empty()) {
            curves.push_back({v.name, s.median_error, s.low_error, s.high_error, {}});
            lines.push_back({v.name, s.median_error, {}, {}, {}});
        }
    }
    if (curves.empty()) {
        return;
    }
    CurveChart chart;
    const std::string of_seeds = base.seeds > 1 ? ": median of " + std::to_string(base.seeds) + " seeds" : "";
    const std::string band = base.seeds > 1 ? " and their interquartile range" : "";
    chart.title = "Study of " + base.study + of_seeds;
    if (base.study == "losses") {
        draw_losses(folder.pictures, base, chart.title + band, variants);
        return;
    }
    chart.y_label = error_label(base.loss, "letter");
    draw_curves(folder.pictures, base.study, chart, lines);
    chart.title += band;
    draw_curve_panels(folder.pictures, base.study + "_each", chart, curves);
}

}  // namespace hourglass::letters
