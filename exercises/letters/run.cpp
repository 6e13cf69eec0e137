#include "letters/letters.hpp"

#include <algorithm>
#include <cmath>

#include "common/report.hpp"

namespace hourglass::letters {

std::optional<int> Run::epoch_criterion_met() const {
    for (std::size_t epoch = 1; epoch < pixels.size(); ++epoch) {
        if (pixels[epoch].worst <= 1) {
            return static_cast<int>(epoch);
        }
    }
    return std::nullopt;
}

std::string wrong_pixels_text(const PixelErrors& pixels) {
    return text("wrong pixels: worst %zu, mean %.2f ", pixels.worst, pixels.mean);
}

SeedSummary summarize(const std::vector<Run>& runs) {
    SeedSummary summary;
    std::vector<double> epochs_met, wrong, seconds;
    std::size_t epochs = 0;
    for (const Run& run : runs) {
        if (run.stopped) {
            continue;
        }
        const bool diverged = !run.failure.empty();
        ++summary.seeds;
        summary.diverged += diverged;
        const auto epoch_met = run.epoch_criterion_met();
        epochs_met.push_back(run.criterion_met() && epoch_met ? static_cast<double>(*epoch_met)
                                                              : INFINITY);
        wrong.push_back(diverged ? INFINITY : run.pixels.back().mean);
        seconds.push_back(run.seconds);
        if (!diverged) {
            epochs = run.epochs();
        }
        if (!run.criterion_met()) {
            summary.missed.push_back(run.seed);
        }
    }
    const double count = static_cast<double>(std::max<std::size_t>(summary.seeds, 1));
    summary.share_criterion_met =
        static_cast<double>(std::ranges::count_if(runs, &Run::criterion_met)) / count;
    summary.share_exact = static_cast<double>(std::ranges::count_if(runs, &Run::exact)) / count;
    summary.median_epoch_criterion_met = median(epochs_met);
    summary.median_wrong = median(wrong);
    summary.median_seconds = median(seconds);
    for (std::size_t e = 0; e < epochs; ++e) {
        std::vector<double> errors;
        for (const Run& run : runs) {
            if (run.complete()) {
                errors.push_back(run.errors[e]);
            }
        }
        summary.median_error.push_back(median(errors));
        summary.low_error.push_back(quantile(errors, 0.25));
        summary.high_error.push_back(quantile(errors, 0.75));
    }
    return summary;
}

std::size_t SeedSummary::lowest_epoch() const {
    const auto lowest = std::ranges::min_element(median_error);
    return lowest == median_error.end()
               ? 0
               : static_cast<std::size_t>(lowest - median_error.begin()) + 1;
}

double SeedSummary::lowest_error() const {
    return median_error.empty() ? INFINITY : median_error[lowest_epoch() - 1];
}

}  // namespace hourglass::letters
