#pragma once

#include <iostream>
#include <optional>
#include <ostream>

#include "hourglass/core/error.hpp"
#include "hourglass/core/threads.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/program.hpp"
#include "hourglass/io/summary.hpp"

namespace hourglass {

/// What main of an exercise does, by a function that reads the command line, and two that do what it says, a run or a
/// study, and report on `output`, which shows nothing after --quiet.
template <typename Options>
int run_exercise(const char* name, std::optional<Options> (*read_options)(int, const char* const*),
                 Outcome (*run)(const Options&, std::ostream& output),
                 Outcome (*study)(const Options&, std::ostream& output), int argc, char** argv) {
    return run_program(name, [&] {
        const std::optional<Options> options = read_options(argc, argv);
        if (!options) {  // it was --help
            return Outcome::criterion_held;
        }
        if (options->summary) {
            std::cout << summary_of(options->initial_model());
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

}  // namespace hourglass
