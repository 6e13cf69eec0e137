#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "workloads.hpp"

namespace hourglass::bench {

/// The command line of bench_steps.
struct StepOptions {
    enum class Mode { speeds, scaling, losses, memory, export_workloads, participant };

    Mode mode = Mode::speeds;
    std::vector<Specification> specifications;
    std::filesystem::path fashion_mnist = default_fashion_mnist;
    std::vector<int> threads;
    double seconds = 0.3;  // of a measurement
    int rounds = 5;
    std::filesystem::path out;            // of scaling; empty: none
    std::filesystem::path export_folder;  // of export_workloads
    std::filesystem::path participant_folder;
};

/// @returns nothing if it was --help, which is answered on std::cout
/// @throws Error  for an unknown option or a value that is not allowed
std::optional<StepOptions> read_step_options(int argc, const char* const* argv);

}  // namespace hourglass::bench
