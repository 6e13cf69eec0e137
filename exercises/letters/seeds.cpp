#include <algorithm>
#include <limits>

#include "common/parallel.hpp"
#include "common/run.hpp"
#include "letters/letters.hpp"

namespace hourglass::letters {

std::vector<double> Run::errors() const {
    std::vector<double> result;
    for (const Epoch& epoch : epochs) {
        result.push_back(epoch.error);
    }
    return result;
}

std::vector<std::vector<Run>> train_all(const std::vector<Options>& variants, const Matrix& X) {
    struct Job {
        std::size_t variant;
        Options options;
        std::optional<Run> run;
    };
    std::vector<Job> jobs;
    for (std::size_t v = 0; v < variants.size(); ++v) {
        for (int s = 0; s < variants[v].seeds; ++s) {
            jobs.push_back({v, variants[v], {}});
            jobs.back().options.seed += static_cast<std::uint64_t>(s);
        }
    }
    run_in_parallel(jobs.size(), variants.front(), [&](std::size_t j) {
        Job& job = jobs[j];
        try {
            job.run = train(job.options, X);
        } catch (const Diverged& error) {  // a result like any other
            Rng rng(job.options.seed);
            job.run = Run{.model = make_model(job.options, rng), .seed = job.options.seed};
            job.run->pixels = count_pixel_errors(job.run->model.reconstruct(X), X);
            job.run->failure = error.what();
        }
    });
    std::vector<std::vector<Run>> result(variants.size());
    for (Job& job : jobs) {
        result[job.variant].push_back(std::move(*job.run));
    }
    return result;
}

SeedSummary summarize(const std::vector<Run>& runs) {
    SeedSummary summary;
    std::vector<double> epochs_met, wrong, seconds;
    std::size_t shortest = std::numeric_limits<std::size_t>::max();
    for (const Run& run : runs) {
        if (run.stopped) {
            continue;
        }
        ++summary.seeds;
        summary.diverged += !run.failure.empty();
        epochs_met.push_back(run.criterion_met() && run.epoch_criterion_met
                                 ? *run.epoch_criterion_met
                                 : std::numeric_limits<double>::infinity());
        wrong.push_back(run.failure.empty() ? run.pixels.mean
                                            : std::numeric_limits<double>::infinity());
        seconds.push_back(run.seconds);
        if (!run.criterion_met()) {
            summary.missed.push_back(run.seed);
        }
        if (run.failure.empty()) {
            shortest = std::min(shortest, run.epochs.size());
        }
    }
    const double count = static_cast<double>(std::max<std::size_t>(summary.seeds, 1));
    summary.share_criterion_met =
        static_cast<double>(std::ranges::count_if(runs, &Run::criterion_met)) / count;
    summary.share_exact = static_cast<double>(std::ranges::count_if(runs, &Run::exact)) / count;
    summary.median_epoch_criterion_met = median(epochs_met);
    summary.median_wrong = median(wrong);
    summary.median_seconds = median(seconds);
    for (std::size_t e = 0; shortest != std::numeric_limits<std::size_t>::max() && e < shortest;
         ++e) {
        std::vector<double> errors;
        for (const Run& run : runs) {
            if (e < run.epochs.size()) {
                errors.push_back(run.epochs[e].error);
            }
        }
        summary.median_error.push_back(median(errors));
        summary.low_error.push_back(quantile(errors, 0.25));
        summary.high_error.push_back(quantile(errors, 0.75));
    }
    return summary;
}

std::size_t SeedSummary::lowest_epoch() const {
    if (median_error.empty()) {
        return 0;
    }
    return static_cast<std::size_t>(std::ranges::min_element(median_error) - median_error.begin()) +
           1;
}

double SeedSummary::lowest_error() const {
    return median_error.empty() ? std::numeric_limits<double>::infinity()
                                : median_error[lowest_epoch() - 1];
}

}  // namespace hourglass::letters
