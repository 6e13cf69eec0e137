#include "common/run.hpp"

#include <atomic>
#include <csignal>
#include <exception>
#include <iostream>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

std::atomic<bool> interrupt_seen = false;  // also read by threads
static_assert(std::atomic<bool>::is_always_lock_free);

void on_interrupt(int) {
    interrupt_seen = true;
    std::signal(SIGINT, SIG_DFL);  // the second one ends the program
}

}  // namespace

int run_exercise(const char* name, const std::function<Outcome()>& exercise) {
    std::signal(SIGINT, on_interrupt);
    try {
        return static_cast<int>(exercise());
    } catch (const Error& error) {
        std::cerr << name << ": " << one_line(error.what()) << "\n";
    } catch (const std::exception& error) {  // such as no memory left
        std::cerr << name << ": " << one_line(error.what()) << "\n";
    }
    return static_cast<int>(Outcome::bad_input);
}

bool interrupted() {
    return interrupt_seen;
}

}  // namespace hourglass
