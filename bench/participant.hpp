#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>

namespace hourglass::bench {

/// What every program of a comparison does, ours and others': it trains on a workload directory.
///   1. It trains 20 steps and prints `losses l1 l2 ... l20`.
///   2. For each line `run SECONDS` it trains for that long from the start and prints
///      `steps N seconds S`. At the end of the input it returns.
/// Between the lines it waits, and leaves the machine to the others.
/// @throws Error  if the directory cannot be read, or for another line
void take_part(const std::filesystem::path& folder, std::istream& input, std::ostream& output);

/// Calls run(SECONDS) for each line `run SECONDS`, up to the end of the input.
/// @throws Error  for another line
void answer_runs(std::istream& input, const std::function<void(double)>& run);

}  // namespace hourglass::bench
