#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/convolution_study.hpp"
#include "fashion/fashion.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/data/noise.hpp"

namespace hourglass::fashion {

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
        std::vector<double> errors;
        std::ranges::transform(run.test_scores, std::back_inserter(errors), &SetScores::error);
        lines.push_back(error_over_time(v, run, errors));
    };
    const auto draw = [&](const std::vector<Variant>&, Pictures& pictures) {
        draw_over_time(pictures, base, "Denoising: the error of test images after each epoch, over the time it took",
                       base.error_label(), lines);
    };
    return run_variants(base, heading(base), output, train, judge,
                        {.print = [](const auto&, std::ostream&) {}, .draw = draw});
}

}  // namespace hourglass::fashion
