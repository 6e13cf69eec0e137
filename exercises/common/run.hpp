#pragma once

#include <functional>
#include <iostream>
#include <optional>
#include <ostream>

#include "common/report.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/threads.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass {

/// Exit statuses of every exercise.
enum class Outcome { criterion_held = 0, criterion_missed = 1, bad_input = 2, interrupted = 130 };

/// What main does: runs `exercise`, and turns an Error into one line on stderr and status 2; so too where
/// standard output could not be written. After Ctrl-C, whenever it came, the status is 130.
int run_exercise(const char* name, const std::function<Outcome()>& exercise);

/// The same for a function that reads the command line, and two that do what it says, a run or a study, and
/// report on `output`, which shows nothing after --quiet.
template <typename Options>
int run_exercise(const char* name, std::optional<Options> (*read_options)(int, const char* const*),
                 Outcome (*run)(const Options&, std::ostream& output),
                 Outcome (*study)(const Options&, std::ostream& output), int argc, char** argv) {
    return run_exercise(name, [&] {
        const std::optional<Options> options = read_options(argc, argv);
        if (!options) {  // it was --help
            return Outcome::criterion_held;
        }
        if (options->summary) {
            print_summary(*options, std::cout);
            return Outcome::criterion_held;
        }
        std::ostream quiet(nullptr);
        set_threads(options->threads);
        make_writable_folder(options->out);
        const FolderLock alone(options->out);
        if (options->doctor) {
            if constexpr (requires { doctor_data(*options); }) {  // see common/doctor.hpp
                return examine(name, *options, doctor_data(*options), options->quiet ? quiet : std::cout);
            }
            throw Error("--doctor: knows nothing of this exercise");
        }
        return (options->study.empty() ? run : study)(*options, options->quiet ? quiet : std::cout);
    });
}

/// Has Ctrl-C been pressed? Training stops at the end of its epoch then, and what there is so far is
/// reported; a second Ctrl-C ends the program at once.
bool interrupted();

}  // namespace hourglass
