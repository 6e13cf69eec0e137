#pragma once

#include <cstddef>
#include <functional>

namespace hourglass {

/// Runs job(0), ..., job(count - 1) side by side on all cores, with a progress line. The jobs must not
/// share what they write. If one throws, the others finish and the first exception is thrown on.
void run_in_parallel(std::size_t count, bool quiet, const std::function<void(std::size_t)>& job);

}  // namespace hourglass
