#pragma once

#include <string>
#include <vector>

#include "hourglass/io/program.hpp"
#include "step_options.hpp"
#include "workloads.hpp"

// What bench_steps does, in the order of its --help; participant.hpp has the last.

namespace hourglass::bench {

/// A workload with a number of threads, to be measured.
struct Case {
    const Workload* workload = nullptr;
    int threads = 1;
};

/// The seconds that a step of each case takes: the median over the rounds. Each round measures every case
/// once, so that what else the machine does meanwhile meets all of them alike. Empty after Ctrl-C.
std::vector<double> seconds_per_step(const std::vector<Case>& cases, const StepOptions& options);

/// Steps and samples a second of each workload, with each number of threads.
Outcome report_speeds(const StepOptions& options);

/// How the cost of a step grows with the width, the batch size and the depth.
Outcome report_scaling(const StepOptions& options);

/// The losses of the first steps of each workload.
Outcome report_losses(const StepOptions& options);

/// The heap's peak in a training of each workload, and what it has to hold: the criterion is that the peak
/// is at most 1.3 times that.
Outcome report_memory(const StepOptions& options);

/// Writes the workload directories.
Outcome export_workloads(const StepOptions& options);

}  // namespace hourglass::bench
