#include "common/study.hpp"

#include <nlohmann/json.hpp>

#include "data/data.hpp"
#include "hourglass/plot/axes.hpp"

namespace hourglass::data {

Outcome run_study(const Options& base, std::ostream& output) {
    const auto judge = [&](Variant& v, const std::vector<Run>& runs) {
        Options o = base;
        static_cast<TrainingOptions&>(o) = v.options;
        const Result r = measure(o, {runs});
        v.scores = {{"error", median_of(r.nets, &RowScores::error), "error", "%.5f"},
                    {"train_error", median_of(r.nets, &RowScores::train), "trained on", "%.5f"},
                    {"pca_error", r.pca->error, "PCA", "%.5f"},
                    {"roc_area", median_of(r.nets, &RowScores::roc_area), base.left_out.empty() ? "" : "ROC area", "%.4f"},
                    {"pca_roc_area", r.pca->roc_area, base.left_out.empty() ? "" : "PCA's", "%.4f"}};
        v.share_criterion_met = r.criterion_met ? 1 : 0;
        v.rank = {v.scores.front().value};
    };
    const auto draw = [&](const std::vector<Variant>& variants, Pictures& pictures) {
        if (base.study == "latent") {
            std::vector<Line> lines =
                score_lines(variants, {{"error", "network"}, {"pca_error", "PCA with as many components"}},
                            [](const TrainingOptions& o) { return static_cast<double>(o.widths.back()); });
            lines.back().is_reference = true;
            draw_lines(pictures, "latent_error",
                       {.title = "Error of the " + base.rows->judged_name() + " against the size of the code",
                        .x_label = axis::latent_size,
                        .y_label = base.error_label(),
                        .log_x = 2,
                        .log_y = true},
                       lines);
        }
    };
    const Json head = {{"exercise", "data"}, {"file", base.file}, {"samples", base.samples}};
    return run_variants(base, head, output, train, judge, {.draw = draw});
}

}  // namespace hourglass::data
