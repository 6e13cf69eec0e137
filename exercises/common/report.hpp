#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "hourglass/io/formatting.hpp"

// What the reports of all exercises have in common.

namespace hourglass {

struct Trained;
struct TrainingOptions;

/// "35-25-15-2-15-25-35" of the encoder's widths.
std::string mirrored_text(const std::vector<std::size_t>& widths);

/// What was trained and how: architecture, activations, loss, optimizer.
void print_training(const TrainingOptions& options, const Trained& run, std::ostream& output);

/// The same, and the time and memory it took.
void print_run(const TrainingOptions& options, const Trained& run, std::ostream& output);

/// "  seed 1: 2000 epochs in 0.09 s"
void print_time(const Trained& run, std::ostream& output);

/// "  memory: 0.04 MB parameters, gradients and moments + ..."
void print_memory(const Trained& run, std::ostream& output);

}  // namespace hourglass
