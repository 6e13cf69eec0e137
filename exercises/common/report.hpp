#pragma once

#include <cstdio>
#include <iosfwd>
#include <string>
#include <vector>

// What the reports of all exercises have in common.

namespace hourglass {

struct Trained;
struct TrainingOptions;

/// As printf: a line for a report.
template <typename... Values>
std::string text(const char* format, Values... values) {
    char line[300];
    std::snprintf(line, sizeof line, format, values...);
    return line;
}

/// A text with spaces up to a column's width, in characters: of UTF-8 each may be several bytes.
std::string padded(std::string text, std::size_t width);

/// "a, b, c"
std::string listed(const std::vector<std::string>& names);

/// "35-25-15-2-15-25-35" of the encoder's widths.
std::string mirrored_text(const std::vector<std::size_t>& widths);

/// What was trained and how: architecture, activations, loss, optimizer.
void print_training(const TrainingOptions& options, const Trained& run, std::ostream& output);

/// The same, and the time and memory it took.
void print_run(const TrainingOptions& options, const Trained& run, std::ostream& output);

/// "  seed 1: 2000 epochs in 0.09 s"
void print_time(const Trained& run, std::ostream& output);

/// "  memory: 0.04 MB parameters, gradients and moments + ..."
void print_memory(const Trained& run, std::ostream& output);

}  // namespace hourglass
