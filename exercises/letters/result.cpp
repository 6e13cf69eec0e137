#include <algorithm>
#include <cmath>

#include "common/json.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/core/error.hpp"
#include "letters/letters.hpp"

namespace hourglass::letters {

SeedSummary summarize(const std::vector<Run>& runs) {
    SeedSummary s;
    std::vector<double> epochs_met, wrong, seconds;
    for (const Run& run : runs) {
        if (run.stopped) {
            continue;
        }
        const bool met = run.criterion_met();
        const auto epoch_met = run.epoch_criterion_met();
        epochs_met.push_back(met && epoch_met ? static_cast<double>(*epoch_met) : INFINITY);
        wrong.push_back(run.complete() ? run.pixels.back().mean : INFINITY);
        seconds.push_back(run.seconds);
        s.diverged += !run.complete();
        s.share_criterion_met += met;
        s.share_exact += run.exact();
        if (!met) {
            s.missed.push_back(run.seed);
        }
    }
    s.seeds = seconds.size();
    s.share_criterion_met /= std::max(static_cast<double>(s.seeds), 1.0);
    s.share_exact /= std::max(static_cast<double>(s.seeds), 1.0);
    s.median_epoch_criterion_met = median(epochs_met);
    s.median_wrong = median(wrong);
    s.median_seconds = median(seconds);
    s.error = error_curve("median", runs);
    return s;
}

Result measure(const Options& o, const std::vector<Run>& runs) {
    const auto sound = std::ranges::find_if(runs, [](const Run& run) { return run.failure.empty(); });
    if (sound == runs.end()) {
        throw Error((runs.size() == 1 ? "" : "all " + std::to_string(runs.size()) + " seeds diverged; of the first: ") +
                    runs.front().failure);
    }
    save_first(o, *sound);
    Result r{runs, *sound, summarize(runs), o.font.pixels(), {}, {}, {}, {}, {}, {}, {}, {}};
    const Autoencoder& model = r.run.model;
    r.Y = model.reconstruct(r.X);
    r.codes = model.encode(r.X);
    r.wrong = wrong_pixels(r.Y, r.X);
    r.mean_image = count_pixel_errors(mean_image(r.X), r.X);
    r.pca = count_pixel_errors(fit_pca(r.X, model.latent_size()).reconstruct(r.X), r.X);
    r.decoded = decoded_samples(model, r.X, o.codes);
    if (model.latent_size() == 2) {
        r.attractors = map_attractors(model, r.X);
        r.new_letters = new_samples(model, r.X, 8);
    }
    return r;
}

}  // namespace hourglass::letters
