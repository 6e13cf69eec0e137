#include <algorithm>
#include <cmath>

#include "common/letter_report.hpp"
#include "letters/letters.hpp"

namespace hourglass::letters {
namespace {

void print_criterion(const Run& run, std::size_t letters, std::ostream& output) {
    const PixelErrors& pixels = run.pixels.back();
    output << "\nCriterion: at most 1 wrong pixel in every letter\n";
    const auto epoch = run.epoch_criterion_met();
    print_verdict(run, run.criterion_met(), output,
                  !run.criterion_met() ? text(": did not converge; %zu of %zu letters have 2 wrong pixels or more",
                                              letters - pixels.at_most_one, letters)
                  : epoch              ? text(", first after epoch %d", *epoch)
                                       : "");
    output << text("  exact letters: %zu of %zu\n  wrong pixels a letter: worst %zu, mean %.2f\n", pixels.exact,
                   letters, pixels.worst, pixels.mean);
}

void print_baselines(const Result& r, std::ostream& output) {
    const auto line = [&](const std::string& name, const PixelErrors& errors) {
        output << text("  %-30s %9.2f %9zu %9zu %9zu\n", name.c_str(), errors.mean, errors.worst, errors.at_most_one,
                       errors.exact);
    };
    output << text("\n%-32s %9s %9s %9s %9s\n", "Wrong pixels a letter", "mean", "worst", "<= 1", "exact");
    line("mean image (no latent at all)", r.mean_image);
    line(text("PCA with %zu components", r.run.model.latent_size()), r.pca);
    line("this network", r.run.pixels.back());
}

void print_plane(const Font& font, const Result& r, std::ostream& output) {
    const std::vector<double>& share = r.attractors->share;
    const auto [least, most] = std::ranges::minmax_element(share);
    const auto name = [&](auto of) { return font.glyphs[static_cast<std::size_t>(of - share.begin())].name; };
    output << text("\nThe latent plane: %s owns the most of it, %.1f %%, and %s the least, %.1f %%\n",
                   name(std::ranges::max_element(share)).c_str(), 100 * *most, name(least).c_str(), 100 * *least);
    if (!r.new_letters.empty()) {
        print_sample(font, "A new letter, ", r.new_letters.front(), output);
    }
}

void print_seeds(const Result& r, std::ostream& output) {
    const SeedSummary& summary = r.summary;
    if (summary.seeds < r.runs.size()) {
        output << text("\nInterrupted: %zu of %zu seeds were finished", summary.seeds, r.runs.size());
    }
    output << text("\n%zu seeds: criterion met by %.0f %%, exact %.0f %%", summary.seeds,
                   100 * summary.share_criterion_met, 100 * summary.share_exact);
    if (std::isfinite(summary.median_epoch_criterion_met)) {
        output << text(", median epoch %.0f", summary.median_epoch_criterion_met);
    }
    output << "\n";
    std::string diverged, missed;
    for (const Run& run : r.runs) {
        if (!run.stopped && !run.criterion_met()) {
            (run.failure.empty() ? missed : diverged) += " " + std::to_string(run.seed);
        }
    }
    output << (missed.empty() ? "" : "  did not converge: seed" + missed + "\n")
           << (diverged.empty() ? "" : "  diverged: seed" + diverged + "\n");
}

}  // namespace

void print_report(const Options& o, const Result& r, std::ostream& output) {
    output << "Exercise 1a: " << o.samples << " through " << o.widths.back() << " numbers\n";
    print_run(o, r.run, output);
    print_criterion(r.run, o.font.size(), output);
    print_wrong_letters(o.font, r.Y, r.codes, output);
    print_baselines(r, output);
    if (r.attractors) {
        print_plane(o.font, r, output);
    }
    for (std::size_t i = 0; i < r.decoded.size(); ++i) {
        print_sample(o.font, "The code " + o.decode[i] + ": ", r.decoded[i], output);
    }
    if (r.runs.size() > 1) {
        print_seeds(r, output);
    }
}

}  // namespace hourglass::letters
