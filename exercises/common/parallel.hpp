#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/options.hpp"

namespace hourglass {

/// Runs job(0), ..., job(count - 1) side by side, on as many threads as the options allow, with a progress
/// line unless a training shows its own. If the jobs are fewer, each has its share of the threads for its
/// large layers. They must not share what they write. If one throws, the others finish and the first
/// exception is thrown on.
void run_in_parallel(std::size_t count, const TrainingOptions& options,
                     const std::function<void(std::size_t)>& job);

/// The same with job(variants[v]) for the seeds seed, seed + 1, ... of every variant: its result is [v][s].
template <typename Options, typename Job>
auto run_all_seeds(const std::vector<Options>& variants, const Job& job) {
    using Result = std::invoke_result_t<Job, const Options&>;
    const auto seeds = static_cast<std::size_t>(variants.front().seeds);
    std::vector<std::optional<Result>> found(variants.size() * seeds);
    run_in_parallel(found.size(), variants.front(), [&](std::size_t j) {
        Options options = variants[j / seeds];
        options.seed += j % seeds;
        found[j].emplace(job(options));
    });
    std::vector<std::vector<Result>> results(variants.size());
    for (std::size_t j = 0; j < found.size(); ++j) {
        results[j / seeds].push_back(std::move(*found[j]));
    }
    return results;
}

}  // namespace hourglass
