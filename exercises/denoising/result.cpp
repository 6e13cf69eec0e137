#include "denoising/denoising.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/jobs.hpp"

namespace hourglass::denoising {

Result measure(const Options& o, std::vector<std::vector<Run>> trained) {
    Result result;
    const Matrix X = o.font.pixels();
    const auto count = static_cast<std::size_t>(o.seeds);
    std::vector<const Autoencoder*> plain;
    for (std::size_t s = 0; s < count; ++s) {
        Run& run = trained[0][s];
        const Run* comparison = trained.size() > 1 ? &trained[1][s] : nullptr;
        const std::string failure = run.failure.empty() && comparison ? comparison->failure : run.failure;
        if (!failure.empty()) {
            result.failures.push_back((count == 1 ? "" : "seed " + std::to_string(run.seed) + ": ") + failure);
        } else if (count == 1 || (!run.stopped && !comparison->stopped)) {
            result.runs.push_back(std::move(run));
            plain.push_back(comparison ? &comparison->model : nullptr);
        }
    }
    if (result.runs.empty()) {
        if (!result.failures.empty()) {
            throw Error((count == 1 ? "" : "no seed came to its end; ") + result.failures.front());
        }
        return result;
    }
    save_first(o, result.run());
    std::vector<Evaluation> evaluations(plain.size());
    std::vector<NeighbourCorrelations> neighbours(plain.size());
    run_jobs(plain.size(), o.threads, o.quiet || o.watched(), [&](std::size_t s) {
        const Run& run = result.runs[s];
        evaluations[s] = evaluate_denoisers(o.test, X, run.model, plain[s], run.seed);
        neighbours[s] = measure_neighbours(run.model, X, evaluations[s].confusion[o.confusion_level()]);
    });
    result.mean = mean_of(evaluations);
    result.distance = points_below_ideal(o.test, result.mean, o.train_levels);
    result.criterion_met = !result.run().stopped && result.distance <= allowed_distance;
    result.rho = mean_of(neighbours);
    result.pairs = std::move(neighbours.front().pairs);
    if (o.is_planar()) {
        result.attractors = map_attractors(result.run().model, X);
    }
    return result;
}

}  // namespace hourglass::denoising
