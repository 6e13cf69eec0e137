#pragma once

#include <cstddef>
#include <iosfwd>
#include <nlohmann/json.hpp>

#include "common/options.hpp"
#include "hourglass/nn/network.hpp"

namespace hourglass {

/// The memory of a training, in bytes: what it needs, counted, and what its process took, measured.
struct TrainingMemory {
    std::size_t parameters = 0;  // each with its gradient and what the optimizer keeps for it
    std::size_t workspace = 0;
    std::size_t data = 0;          // the whole set and a batch of it
    std::size_t process_peak = 0;  // the most that the process had in main memory, libraries included
};

/// Of all parameters: value and gradient, and two moments for adam, one number for the others.
std::size_t parameter_bytes(const Network& network, const OptimizerOptions& optimizer);

/// Of what is in `ws` after a batch, had that been one of `rows` samples: the last is often smaller.
std::size_t workspace_bytes(const Workspace& ws, std::size_t rows);

/// Of a batch of the inputs X and the targets T.
std::size_t batch_bytes(const Matrix& X, const Matrix& T, std::size_t batch_size);

/// The most memory that this process has had so far, as the system counts it; 0 if it does not say.
std::size_t process_peak_bytes();

/// "  memory: 0.04 MB parameters, gradients and moments + ..."
void print_memory(const TrainingMemory& memory, std::ostream& output);

nlohmann::ordered_json memory_json(const TrainingMemory& memory);

}  // namespace hourglass
