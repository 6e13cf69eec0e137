#pragma once

#include <functional>

#include "hourglass/core/error.hpp"

namespace hourglass {

/// Exit statuses of every exercise.
enum class Outcome { criterion_held = 0, criterion_missed = 1, bad_input = 2, interrupted = 130 };

/// Training that has left the range of useful numbers. With many seeds it is a result like any other.
struct Diverged : Error {
    using Error::Error;
};

/// What main does: runs `exercise`, and turns an Error into one line on stderr and status 2.
int run_exercise(const char* name, const std::function<Outcome()>& exercise);

/// Has Ctrl-C been pressed? Training stops at the end of its epoch then, and what there is so far is
/// reported; a second Ctrl-C ends the program at once.
bool interrupted();

}  // namespace hourglass
