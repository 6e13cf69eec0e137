#include <algorithm>
#include <cmath>
#include <map>

#include "letters/letters.hpp"

namespace hourglass::letters {
namespace {

std::string epoch_text(double epoch) {
    return std::isfinite(epoch) ? text("%.0f", epoch) : "never";
}

std::string percent(double share) {
    return text("%.0f %%", 100 * share);
}

void print_table(const std::vector<Variant>& variants, std::ostream& output) {
    const char* heading = "%-34s %8s %14s %9s %7s %9s %8s\n";
    output << text(heading, "", "para-", "lowest error", "criterion", "", "median", "median")
           << text(heading, "variant", "meters", "(at epoch)", "met", "exact", "epoch met", "wrong px");
    for (const Variant& v : variants) {
        const SeedSummary& s = v.summary;
        const std::string lowest = s.median_error.empty() ? "none"
                                                          : text("%.3g", s.lowest_error) + " (" +
                                                                std::to_string(s.lowest_epoch) + ")";
        output << text("%-34s %8zu %14s %7.0f %% %5.0f %% %9s %8.2f\n", v.name.c_str(), v.parameter_count(),
                       lowest.c_str(), 100 * s.share_criterion_met, 100 * s.share_exact,
                       epoch_text(s.median_epoch_criterion_met).c_str(), s.median_wrong);
    }
    for (const Variant& v : variants) {
        for (const Run& run : v.runs) {
            if (!run.failure.empty()) {
                output << v.name << ", seed " << run.seed << ": " << run.failure << "\n";
            }
        }
    }
}

/// Which variants did best, in words made of the numbers.
std::string best_note(const std::vector<Variant>& variants) {
    const Variant& best = *std::ranges::min_element(variants, {}, [](const Variant& v) {
        return std::make_tuple(-v.summary.share_criterion_met, v.summary.median_epoch_criterion_met,
                               v.summary.median_wrong);
    });
    const SeedSummary& s = best.summary;
    if (s.share_criterion_met == 0) {
        return "No variant met the criterion with any seed.\n";
    }
    std::string note = best.name + " did best: it met the criterion with " + percent(s.share_criterion_met) +
                       " of the seeds";
    if (std::isfinite(s.median_epoch_criterion_met)) {
        note += ", the median after epoch " + epoch_text(s.median_epoch_criterion_met);
    }
    std::vector<std::string> failed;
    for (const Variant& v : variants) {
        if (v.summary.share_criterion_met < 0.5) {
            failed.push_back(v.name);
        }
    }
    return note + ".\n" +
           (failed.empty() ? "" : "With most seeds did not converge: " + listed(failed) + ".\n");
}

/// What depth and width buy: within each depth from the narrowest net to the widest, then from each
/// depth's best to the next.
std::string architecture_note(const std::vector<Variant>& variants) {
    std::map<std::size_t, std::vector<const Variant*>> by_depth;  // hidden layers of the encoder
    for (const Variant& v : variants) {
        by_depth[v.options.widths.size() - 2].push_back(&v);
    }
    const auto described = [](const Variant& v) {
        return "lowest error " + text("%.3g", v.summary.lowest_error) + ", " +
               percent(v.summary.share_exact) + " exact";
    };
    std::string note;
    for (const auto& [depth, nets] : by_depth) {
        if (nets.size() > 1) {
            note += "Width, with " + std::to_string(depth) + " hidden layer" + (depth > 1 ? "s" : "") +
                    " a side: from " + nets.front()->name + " (" + described(*nets.front()) + ") to " +
                    nets.back()->name + " (" + described(*nets.back()) + ").\n";
        }
    }
    note += "Depth, the best of each:";
    for (const auto& [depth, nets] : by_depth) {
        const Variant& best =
            **std::ranges::min_element(nets, {}, [](const Variant* v) { return v->summary.lowest_error; });
        note += " " + std::to_string(depth) + " hidden: " + described(best) + " with " +
                std::to_string(best.parameter_count()) + " parameters;";
    }
    note.back() = '.';
    return note + "\n";
}

std::string loss_note(const std::vector<Variant>& variants) {
    std::string note;
    for (const Variant& v : variants) {
        if (v.summary.wrong_pixels.empty()) {
            continue;
        }
        const double wrong = v.summary.wrong_pixels.back(), saturated = v.summary.saturated.back();
        note += v.name + ": " +
                text(
                    "%.1f wrong pixels at the end, %.1f of them saturated (%.0f %%); at most %.1f while "
                    "training.\n",
                    wrong, saturated, wrong > 0 ? 100 * saturated / wrong : 0,
                    std::ranges::max(v.summary.saturated));
    }
    return note +
           "A saturated wrong pixel has less than 2 % of its gradient left under mse, which "
           "contains\n"
           "tanh' = 1 - y^2; under cross_entropy, where tanh' cancels, it has its full gradient.\n";
}

}  // namespace

void print_report(const Options& base, const std::vector<Variant>& variants, std::ostream& output) {
    output << "Study of " << base.study << ": " << base.seeds << " seeds from " << base.seed << ", "
           << base.epochs << " epochs, the " << base.font.size() << " letters of " << base.font.file
           << "\n\n";
    print_table(variants, output);
    output << "\n" << best_note(variants);
    if (base.study == "architectures") {
        output << architecture_note(variants);
    }
    if (base.study == "losses") {
        output << loss_note(variants);
    }
}

}  // namespace hourglass::letters
