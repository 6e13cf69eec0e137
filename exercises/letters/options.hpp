#pragma once

#include <optional>
#include <vector>

#include "common/options.hpp"

namespace hourglass::letters {

struct Options : TrainingOptions {
    Font font;
    std::vector<Transition> transitions;
};

/// Reads the command line and everything it names, so that bad input is reported before training.
/// @returns nothing if it was --help
/// @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

}  // namespace hourglass::letters
