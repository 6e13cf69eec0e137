#include "common/study.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "flowers/flowers.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass::flowers {
namespace {

/// Of latent sizes, the smallest that met the criterion.
void print_smallest(const std::vector<Variant>& variants, std::ostream& output) {
    const Variant* smallest = nullptr;
    for (const Variant& v : variants) {
        if (v.share_criterion_met == 1 && (!smallest || v.options.widths.back() < smallest->options.widths.back())) {
            smallest = &v;
        }
    }
    if (smallest) {
        output << text(
            "The smallest of these latent sizes with a mean squared error of at most %g is %zu: %.5f, where "
            "PCA "
            "has %.5f.\n",
            criterion, smallest->options.widths.back(), smallest->score("mse"), smallest->score("pca_mse"));
    }
}

void draw_latent(Pictures& pictures, const std::vector<Variant>& variants) {
    std::vector<Line> lines = score_lines(variants, {{"mse", "network"}, {"pca_mse", "PCA with as many components"}});
    lines.back().is_reference = true;
    draw_lines(pictures, "latent_mse",
               {.title = "Reconstruction error against the latent size",
                .x_label = axis::latent_size,
                .y_label = axis::squared_error,
                .log_y = true},
               lines);
}

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    const Matrix& X = base.images.X;
    const auto judge = [&](Variant& v, const std::vector<Run>& runs) {
        const Run& run = runs.front();
        const double pca = mean_squared_difference(fit_pca(X, run.model.latent_size()).reconstruct(X), X);
        v.share_criterion_met = run.learned();
        v.rank = {run.mse};
        v.scores = {{"mse", run.mse, "MSE", "%.5f"},
                    {"last_loss", run.errors.back(), "last loss", "%.5f"},
                    {"pca_mse", pca, "PCA", "%.5f"},
                    {"seconds", run.seconds, "seconds", "%.1f"}};
    };
    const auto print = [&](const std::vector<Variant>& variants, std::ostream& report) {
        if (base.study == "latent") {
            print_smallest(variants, report);
        }
    };
    const auto draw = [&](const std::vector<Variant>& variants, Pictures& pictures) {
        if (base.study == "latent") {
            draw_latent(pictures, variants);
        }
    };
    return run_variants(base, heading(base), output, train, judge, {print, draw});
}

}  // namespace hourglass::flowers
