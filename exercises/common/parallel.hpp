#pragma once

#include <cstddef>
#include <functional>

#include "common/options.hpp"

namespace hourglass {

/// Runs job(0), ..., job(count - 1) side by side, on as many threads as the options allow, with a progress
/// line. If the jobs are fewer, each has its share of the threads for its large layers. They must not share
/// what they write. If one throws, the others finish and the first exception is thrown on.
void run_in_parallel(std::size_t count, const TrainingOptions& options,
                     const std::function<void(std::size_t)>& job);

}  // namespace hourglass
