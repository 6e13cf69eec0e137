#include "common/study.hpp"

#include <nlohmann/json.hpp>

#include "fashion/fashion.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/data/noise.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass::fashion {
namespace {

/// The error of the test set over the time that a training took.
Line line_of(const Variant& variant, const Run& run) {
    Line line{variant.name + text(", %zu parameters", variant.parameters), {}, {}};
    for (std::size_t e = 0; e < run.test_scores.size(); ++e) {
        line.x.push_back(run.seconds * static_cast<double>(e + 1) / static_cast<double>(run.epochs()));
        line.y.push_back(run.test_scores[e].error);
    }
    return line;
}

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    const Matrix& T = base.sets->test.X;
    const Examples test = base.examples_of(base.sets->test, 2);
    const double baseline =
        mean_squared_difference(median_filter(test.noisy, base.input.height, base.input.width), T);
    std::vector<Line> lines;
    const auto judge = [&](Variant& v, const std::vector<Run>& runs) {
        const Run& run = runs.front();
        const double error = run.test_scores.back().error;
        v.share_criterion_met = run.complete() && error < baseline;
        v.rank = {error};
        v.scores = {{"test_error", error, "test MSE", "%.5f"},
                    {"train_error", run.train_scores.back().error, "training MSE", "%.5f"},
                    {"seconds_an_epoch", run.seconds / static_cast<double>(run.epochs()), "seconds an epoch",
                     "%.1f"}};
        lines.push_back(line_of(v, run));
    };
    const auto draw = [&](const std::vector<Variant>&, Pictures& pictures) {
        draw_lines(pictures, base.study + "_time",
                   {.title = "Denoising: the error of test images after each epoch, over the time it took",
                    .x_label = "seconds of training",
                    .y_label = base.error_label()},
                   lines);
    };
    return run_variants(base, heading(base), output, train, judge,
                        {.print = [](const auto&, std::ostream&) {}, .draw = draw});
}

}  // namespace hourglass::fashion
