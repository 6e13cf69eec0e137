#pragma once

#include <string>

// gnuplot-iostream's header, and the shell command that starts gnuplot. In src/plot alone.

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <gnuplot-iostream.h>
#pragma GCC diagnostic pop

namespace hourglass {

/// `text` as one word of a shell command.
inline std::string shell_word(const std::string& text) {
    std::string word = "'";
    for (const char c : text) {
        word += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return word + "'";
}

}  // namespace hourglass
