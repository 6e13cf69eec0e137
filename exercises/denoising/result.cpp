#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/parallel.hpp"
#include "denoising/denoising.hpp"
#include "hourglass/core/error.hpp"

namespace hourglass::denoising {

double distance_to_ideal(const Options& options, const Evaluation& evaluation) {
    double largest = -INFINITY;
    for (std::size_t l = 0; l < options.test.levels.size(); ++l) {
        if (std::ranges::count(options.train_levels, options.test.levels[l]) > 0) {
            largest = std::max(largest, 100 * evaluation.below_ideal[l]);
        }
    }
    return largest;
}

namespace {

/// A correlation is in [-1, 1].
MeanInterval correlation_interval(const std::vector<double>& values) {
    MeanInterval result = mean_interval(values);
    result.low = std::max(result.low, -1.0);
    result.high = std::min(result.high, 1.0);
    return result;
}

void correlate(Result& result) {
    std::vector<double> latent, hamming, advantage;
    for (const Seed& seed : result.seeds) {
        const NeighbourCorrelations& n = seed.neighbours;
        latent.push_back(n.spearman_latent);
        hamming.push_back(n.spearman_hamming);
        advantage.push_back(std::abs(n.spearman_hamming) - std::abs(n.spearman_latent));
    }
    result.rho_latent = correlation_interval(latent);
    result.rho_hamming = correlation_interval(hamming);
    result.rho_advantage = mean_interval(advantage);
}

}  // namespace

Result measure(const Options& o, std::vector<std::vector<Run>> runs) {
    Result result;
    const Matrix X = o.font.pixels();
    const auto count = static_cast<std::size_t>(o.seeds);
    std::vector<const Autoencoder*> plain;
    for (std::size_t s = 0; s < count; ++s) {
        Run& run = runs[0][s];
        const Run* comparison = runs.size() > 1 ? &runs[1][s] : nullptr;
        const std::string failure = run.failure.empty() && comparison ? comparison->failure : run.failure;
        if (!failure.empty()) {
            result.failures.push_back((count == 1 ? "" : "seed " + std::to_string(run.seed) + ": ") +
                                      failure);
        } else if (count == 1 || (!run.stopped && !comparison->stopped)) {
            result.seeds.push_back({std::move(run)});
            plain.push_back(comparison ? &comparison->model : nullptr);
        }
    }
    if (result.seeds.empty()) {
        if (!result.failures.empty()) {
            throw Error((count == 1 ? "" : "no seed came to its end; ") + result.failures.front());
        }
        return result;
    }
    save_first(o, result.run());
    run_in_parallel(result.seeds.size(), o, [&](std::size_t s) {
        Seed& seed = result.seeds[s];
        const Autoencoder& model = seed.run.model;
        seed.evaluation = evaluate_denoisers(o.test, X, model, plain[s], seed.run.seed);
        seed.neighbours = measure_neighbours(model, X, seed.evaluation.confusion[o.confusion_level()]);
    });
    std::vector<Evaluation> evaluations;
    std::ranges::transform(result.seeds, std::back_inserter(evaluations), &Seed::evaluation);
    result.mean = mean_of(evaluations);
    result.distance = distance_to_ideal(o, result.mean);
    result.criterion_met = !result.run().stopped && result.distance <= allowed_distance;
    correlate(result);
    if (o.is_planar()) {
        result.attractors = map_attractors(result.run().model, X);
    }
    return result;
}

}  // namespace hourglass::denoising
