#pragma once

#include <functional>

namespace hourglass {

/// Exit statuses of every program here.
enum class Outcome { criterion_held = 0, criterion_missed = 1, bad_input = 2, interrupted = 130 };

/// What main does: runs `program`, and turns an Error into one line on stderr and status 2; so too where
/// standard output could not be written. After Ctrl-C, whenever it came, the status is 130.
int run_program(const char* name, const std::function<Outcome()>& program);

/// Has Ctrl-C been pressed? Training stops at the end of its epoch then, and what there is so far is
/// reported; a second Ctrl-C ends the program at once.
bool interrupted();

}  // namespace hourglass
