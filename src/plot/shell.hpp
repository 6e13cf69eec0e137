#pragma once

#include <cstdio>
#include <string>

// How src/plot starts gnuplot.

namespace hourglass {

/// `text` as one word of a shell command.
std::string shell_word(const std::string& text);

/// As popen, but Ctrl-C in the terminal does not reach what is started: this program alone decides what an
/// interrupt means.
/// @throws Error  if no process can be started
std::FILE* start_shell(const std::string& command, const char* mode);

}  // namespace hourglass
