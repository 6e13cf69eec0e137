#pragma once

#include <cstddef>
#include <functional>

namespace hourglass {

/// Runs job(0), ..., job(count - 1) side by side on so many threads, with a progress line unless `quiet`; one job by itself
/// has none. If the jobs are fewer, each has its share of the threads for its large layers. They must not share what they
/// write. If one throws, the others finish and the first exception is thrown on.
void run_jobs(std::size_t count, int threads, bool quiet, const std::function<void(std::size_t)>& job);

}  // namespace hourglass
