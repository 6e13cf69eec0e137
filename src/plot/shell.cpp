#include "shell.hpp"

#include <signal.h>

#include <cerrno>
#include <cstring>

#include "hourglass/core/error.hpp"

namespace hourglass {

std::string shell_word(const std::string& text) {
    std::string word = "'";
    for (const char c : text) {
        word += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return word + "'";
}

std::FILE* start_shell(const std::string& command, const char* mode) {
    sigset_t interrupt, before;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupt, &before);  // a child inherits what is blocked
    std::FILE* const pipe = popen(command.c_str(), mode);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (!pipe) {
        throw Error(std::string("gnuplot cannot be started: ") + std::strerror(errno));
    }
    return pipe;
}

}  // namespace hourglass
