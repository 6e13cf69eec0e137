#pragma once

#include <iosfwd>

#include "hourglass/data/image_folder.hpp"
#include "hourglass/io/formatting.hpp"

// What the reports of all exercises have in common.

namespace hourglass {

struct Trained;
struct TrainingOptions;

/// What was trained and how: architecture, activations, loss, optimizer.
void print_training(const TrainingOptions& options, const Trained& run, std::ostream& output);

/// The same, and the time and memory it took.
void print_run(const TrainingOptions& options, const Trained& run, std::ostream& output);

/// What became of a criterion: "  met", "  NOT met" or, of a run that Ctrl-C ended, "  NOT shown: interrupted after
/// epoch 3".
/// @param detail  behind the first two, such as ": 0.003"   @param when  behind "interrupted"
void print_verdict(const Trained& run, bool met, std::ostream& output, const std::string& detail = "",
                   const char* when = "after");

/// How images were made samples, and which files were none.
void print_images(const ImageSet& images, std::ostream& output);

/// "  seed 1: 2000 epochs in 0.09 s"
void print_time(const Trained& run, std::ostream& output);

/// "  memory: 0.04 MB parameters, gradients and moments + ..."
void print_memory(const Trained& run, std::ostream& output);

}  // namespace hourglass
