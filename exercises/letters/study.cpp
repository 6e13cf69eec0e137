#include "common/study.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "hourglass/plot/axes.hpp"
#include "letters/letters.hpp"

namespace hourglass::letters {
namespace {

void judge(Variant& v, const SeedSummary& s) {
    v.share_criterion_met = s.share_criterion_met;
    v.rank = {s.median_epoch_criterion_met, s.median_wrong};
    const auto lowest = std::ranges::min_element(v.error.values);
    const bool any = lowest != v.error.values.end();
    const auto epoch = static_cast<double>(lowest - v.error.values.begin()) + 1;
    v.scores = {{"lowest_error", any ? *lowest : INFINITY, "lowest error"},
                {"lowest_epoch", any ? epoch : 0, "at epoch", "%.0f"},
                {"share_criterion_met", s.share_criterion_met, "met by", "%.2f"},
                {"share_exact", s.share_exact, "exact", "%.2f"},
                {"median_epoch_criterion_met", s.median_epoch_criterion_met, "epoch met", "%.0f"},
                {"median_wrong_pixels", s.median_wrong, "wrong pixels", "%.2f"},
                {"median_seconds", s.median_seconds, ""}};
}

/// What depth and width buy: the lowest errors by depth, and of each depth from the narrowest net to the widest.
void print_architectures(const std::vector<Variant>& variants, std::ostream& output) {
    std::vector<Variant> by_size = variants;
    std::ranges::stable_sort(by_size, {}, &Variant::parameters);
    std::map<std::size_t, std::vector<std::string>> by_depth;  // hidden layers of the encoder
    for (const Variant& v : by_size) {
        by_depth[v.layers.size() / 2 - 1].push_back(
            text("%.3g (%.0f %% exact)", v.score("lowest_error"), 100 * v.score("share_exact")));
    }
    for (const auto& [depth, errors] : by_depth) {
        output << "Lowest error with " << depth << (depth == 1 ? " hidden layer" : " hidden layers")
               << " a side" << (errors.size() > 1 ? ", from narrow to wide: " : ": ") << listed(errors)
               << "\n";
    }
}

void print_losses(const std::vector<Variant>& variants, const std::vector<SeedSummary>& summaries,
                  std::ostream& output) {
    for (std::size_t v = 0; v < variants.size(); ++v) {
        if (const SeedSummary& s = summaries[v]; !s.wrong_pixels.empty()) {
            const double wrong = s.wrong_pixels.back(), saturated = s.saturated.back();
            output
                << variants[v].name
                << text(
                       ": %.1f wrong pixels at the end, %.1f of them saturated (%.0f %%); at most %.1f while "
                       "training.\n",
                       wrong, saturated, wrong > 0 ? 100 * saturated / wrong : 0,
                       std::ranges::max(s.saturated));
        }
    }
    output << "A saturated wrong pixel has less than 2 % of its gradient left under mse, which contains\n"
              "tanh' = 1 - y^2; under cross_entropy, where tanh' cancels, it has its full gradient.\n";
}

/// Of all wrong pixels, how many are saturated.
void draw_saturation(Pictures& pictures, const Options& base, const std::vector<Variant>& variants,
                     const std::vector<SeedSummary>& summaries) {
    const auto counted = [&](const std::string& title, const char* label,
                             std::vector<double> SeedSummary::*pixels) {
        StackedChart panel;
        panel.chart = {.title = title,
                       .y_label = label,
                       .mark_label = "",
                       .band_label = "",
                       .log_scale = false,
                       .mark_lowest = false};
        for (std::size_t v = 0; v < variants.size(); ++v) {
            panel.curves.push_back({variants[v].name, summaries[v].*pixels, {}, {}, {}});
        }
        return panel;
    };
    StackedChart wrong = counted(text("Wrong pixels in all letters, mean of %d seeds", base.seeds),
                                 axis::wrong_pixels, &SeedSummary::wrong_pixels);
    wrong.chart.y_max = 60;
    draw_stacked_curves(pictures, "losses_saturation",
                        "Why mean squared error stands still: no gradient where tanh is saturated",
                        {wrong, counted("Wrong pixels whose output is saturated: |y| > 0.99",
                                        "saturated wrong pixels", &SeedSummary::saturated)});
}

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    std::vector<SeedSummary> summaries;
    const auto summarized = [&](Variant& v, const std::vector<Run>& runs) {
        judge(v, summaries.emplace_back(summarize(runs)));
    };
    const auto print = [&](const std::vector<Variant>& variants, std::ostream& report) {
        if (base.study == "architectures") {
            print_architectures(variants, report);
        } else if (base.study == "losses") {
            print_losses(variants, summaries, report);
        }
    };
    const auto draw = [&](const std::vector<Variant>& variants, Pictures& pictures) {
        if (base.study == "losses") {
            draw_saturation(pictures, base, variants, summaries);
        }
    };
    return run_variants(base, heading(base), output, train, summarized, {print, draw});
}

}  // namespace hourglass::letters
