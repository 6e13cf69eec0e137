#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/training.hpp"
#include "hourglass/plot/run_folder.hpp"

namespace hourglass {

using Json = nlohmann::ordered_json;  // in the order in which it was put together

/// Every option that shaped a training.
void add_options(Json& results, const TrainingOptions& options);

/// The same for one training, with its seed, size, time and memory.
void add_training(Json& results, const TrainingOptions& options, const Trained& run);

void write_results(RunFolder& folder, const Json& results);  // as results.json

/// The model of a run; none after a report on a loaded one without training, for that is no new one.
void write_model(RunFolder& folder, const TrainingOptions& options, const Trained& run);

}  // namespace hourglass
