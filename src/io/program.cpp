#include "hourglass/io/program.hpp"

#include <fcntl.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <stdexcept>

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

/// Of a standard stream that is closed, as after >&-, the next file to be opened would take the place.
void hold_standard_streams() {
    for (const int stream : {0, 1, 2}) {
        if (fcntl(stream, F_GETFD) == -1 && open("/dev/null", O_RDONLY) != stream) {
            std::abort();  // the lowest free number is this one
        }
    }
}

/// Sees that the report was written, to the last byte.
void flush_report() {
    errno = 0;
    if (std::fflush(stdout) != 0 || !std::cout) {
        if (errno == 0) {  // it failed before, for there was more than a buffer: once more, for the reason
            std::clearerr(stdout);
            std::fputc('\n', stdout);
            std::fflush(stdout);
        }
        throw Error("standard output cannot be written" + (errno == 0 ? "" : std::string(": ") + std::strerror(errno)));
    }
}

}  // namespace

int run_program(const char* name, const std::function<Outcome()>& program) {
    hold_standard_streams();
    std::signal(SIGINT, on_interrupt);
    try {
        const Outcome outcome = program();
        flush_report();
        return static_cast<int>(interrupted() ? Outcome::interrupted : outcome);
    } catch (const std::bad_alloc&) {
        std::cerr << name << ": not enough memory\n";
    } catch (const std::length_error&) {  // of a vector: more than there could ever be
        std::cerr << name << ": not enough memory\n";
    } catch (const std::exception& error) {
        std::cerr << name << ": " << one_line(error.what()) << "\n";
    }
    return static_cast<int>(Outcome::bad_input);
}

bool interrupted() {
    return interrupt_seen;
}

}  // namespace hourglass
