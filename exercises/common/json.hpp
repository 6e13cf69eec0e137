#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <ostream>

#include "common/report.hpp"
#include "common/training.hpp"
#include "hourglass/plot/run_folder.hpp"

namespace hourglass {

using Json = nlohmann::ordered_json;  // in the order in which it was put together

/// Every option that shaped a training.
void add_options(Json& results, const TrainingOptions& options);

/// The same for one training, with its seed, size, time and memory.
void add_training(Json& results, const TrainingOptions& options, const Trained& run);

/// Values (n) by the names of what they are of: {"a": 0.1, "b": 0.2}.
Json by_name(const std::vector<std::string>& names, const Json& values);

void write_results(RunFolder& folder, const Json& results);  // as results.json

/// The model of a run that trained, for before anything is measured: that may run out of memory, and the
/// model is what took the time. If it cannot be written, write_training says so.
/// @throws Error  saying how the run diverged, if it did
void save_first(const TrainingOptions& options, const Trained& run);

/// What else a run has to say about each of its epochs.
struct EpochColumn {
    std::string name;
    std::vector<double> values;
};

/// The model of a run and, as error.csv, its history: epoch, error, learning rate, and columns of the
/// exercise's own. Nothing after a report on a loaded model without training, for that is no new one.
void write_training(RunFolder& folder, const TrainingOptions& options, const Trained& run,
                    const std::vector<EpochColumn>& columns = {});

/// Prints a report, draws its pictures, and leaves both and the options as a page, report.md.
void finish_report(RunFolder& folder, const TrainingOptions& options, std::ostream& output,
                   const std::function<void(std::ostream&)>& print, const std::function<void()>& draw);

/// Reports a run by the three writers of its exercise. What took the time is saved first.
template <typename Options, typename Result>
void report_run(const Options& options, const Result& result, std::ostream& output) {
    RunFolder folder(options.out, options.plot_format);
    write_files(folder, options, result);
    finish_report(
        folder, options, output, [&](std::ostream& report) { print_report(options, result, report); },
        [&] { draw_pictures(folder, options, result); });
}

}  // namespace hourglass
