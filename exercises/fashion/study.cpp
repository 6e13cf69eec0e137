#include <nlohmann/json.hpp>

#include "common/convolution_study.hpp"
#include "fashion/fashion.hpp"
#include "hourglass/analysis/metrics.hpp"

namespace hourglass::fashion {

Outcome run_study(const Options& base, std::ostream& output) {
    const LabelledImages& test = base.sets->test;
    const double median_filter = denoising_baselines(test, base.examples_of(test, 2).noisy).back().error;
    std::vector<Line> lines;
    const auto judge = [&](Variant& v, const std::vector<Run>& runs) {
        const Run& run = runs.front();
        const double error = run.test_scores.back().error;
        v.share_criterion_met = run.complete() && error < median_filter;
        v.rank = {error};
        v.scores = {{"test_error", error, "test MSE", "%.5f"},
                    {"train_error", run.train_scores.back().error, "training MSE", "%.5f"},
                    {"seconds_an_epoch", run.seconds / static_cast<double>(run.epochs()), "seconds an epoch",
                     "%.1f"}};
        lines.push_back(error_over_time(v, run, numbers_of(run.test_scores, &SetScores::error)));
    };
    const auto draw = [&](const std::vector<Variant>&, Pictures& pictures) {
        draw_over_time(pictures, base, "Denoising: the error of test images after each epoch, over the time it took",
                       base.error_label(), lines);
    };
    return run_variants(base, heading(base), output, train, judge, {.draw = draw});
}

}  // namespace hourglass::fashion
