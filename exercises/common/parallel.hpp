#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "hourglass/io/jobs.hpp"

namespace hourglass {

/// Runs job(variants[v]) for the seeds seed, seed + 1, ... of every variant side by side: its result is [v][s].
template <typename Options, typename Job>
auto run_all_seeds(const std::vector<Options>& variants, const Job& job) {
    using Result = std::invoke_result_t<Job, const Options&>;
    const Options& first = variants.front();
    const auto seeds = static_cast<std::size_t>(first.seeds);
    std::vector<std::optional<Result>> found(variants.size() * seeds);
    run_jobs(found.size(), first.threads, first.quiet || first.watched(), [&](std::size_t j) {
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
