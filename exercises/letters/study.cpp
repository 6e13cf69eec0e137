#include "common/study.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "hourglass/plot/letter_pictures.hpp"
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
        output << "Lowest error with " << depth << (depth == 1 ? " hidden layer" : " hidden layers") << " a side"
               << (errors.size() > 1 ? ", from narrow to wide: " : ": ") << listed(errors) << "\n";
    }
}

void print_losses(const std::vector<Curve>& wrong, const std::vector<Curve>& saturated, std::ostream& output) {
    for (std::size_t v = 0; v < wrong.size(); ++v) {
        if (!wrong[v].values.empty()) {
            const double all = wrong[v].values.back(), of_them = saturated[v].values.back();
            output << wrong[v].label
                   << text(": %.1f wrong pixels at the end, %.1f of them saturated (%.0f %%)", all, of_them,
                           all > 0 ? 100 * of_them / all : 0)
                   << text("; at most %.1f while training.\n", std::ranges::max(saturated[v].values));
        }
    }
    output << "A saturated wrong pixel has less than 2 % of its gradient left under mse, which contains\n"
              "tanh' = 1 - y^2; under cross_entropy, where tanh' cancels, it has its full gradient.\n";
}

/// Pixels of all letters after each epoch: the mean over the seeds that came to their end.
Curve mean_pixels(const std::string& label, const std::vector<Run>& runs, std::size_t PixelErrors::*count) {
    Curve mean{label, {}, {}, {}, {}};
    const auto complete = static_cast<double>(std::ranges::count_if(runs, &Run::complete));
    for (const Run& run : runs) {
        mean.values.resize(run.complete() ? run.epochs() : mean.values.size());
        for (std::size_t e = 0; run.complete() && e < run.epochs(); ++e) {
            mean.values[e] += static_cast<double>(run.pixels[e + 1].*count);
        }
    }
    for (double& value : mean.values) {
        value /= complete;
    }
    return mean;
}

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    const bool of_losses = base.study == "losses";
    std::vector<Curve> wrong, saturated;
    const auto summarized = [&](Variant& v, const std::vector<Run>& runs) {
        judge(v, summarize(runs));
        wrong.push_back(mean_pixels(v.name, runs, &PixelErrors::total));
        saturated.push_back(mean_pixels(v.name, runs, &PixelErrors::saturated));
    };
    const auto print = [&](const std::vector<Variant>& variants, std::ostream& report) {
        if (base.study == "architectures") {
            print_architectures(variants, report);
        } else if (of_losses) {
            print_losses(wrong, saturated, report);
        }
    };
    const auto draw = [&](const std::vector<Variant>&, Pictures& pictures) {
        if (of_losses) {
            draw_saturation(pictures, base.seeds, wrong, saturated);
        }
    };
    return run_variants(base, heading(base), output, train, summarized, {print, draw});
}

}  // namespace hourglass::letters
