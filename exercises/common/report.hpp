#pragma once

#include <cstdio>
#include <iosfwd>
#include <string>
#include <vector>

#include "common/options.hpp"
#include "hourglass/data/font.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/pictures.hpp"

// What the reports of all exercises have in common.

namespace hourglass {

/// As printf: a line for a report.
template <typename... Values>
std::string text(const char* format, Values... values) {
    char line[300];
    std::snprintf(line, sizeof line, format, values...);
    return line;
}

/// Font 1, 2 or 3 of the project, or the file that `choice` names.
/// @throws Error  as read_font
Font choose_font(const std::string& choice);

/// "35-25-15-2-15-25-35" of the encoder's widths.
std::string mirrored_text(const std::vector<std::size_t>& widths);

/// Architecture, activations, loss, optimizer: what was trained, in two lines.
void print_network(const TrainingOptions& options, const Network& network, std::ostream& output);

/// The files that a run has left, and which pictures are missing and why.
void print_files(const TrainingOptions& options, const std::vector<std::string>& files,
                 const Pictures& pictures, std::ostream& output);

/// Is this epoch one of about 50 that an animation shows? Close together at first, when most happens.
bool is_animation_frame(int epoch, int epochs);

/// Removes pictures of these names, with their data and scripts, that an earlier run has left in `folder` and
/// this one does not make.
void remove_pictures(const std::filesystem::path& folder, const std::vector<std::string>& names);

/// "a, b, c"
std::string listed(const std::vector<std::string>& names);

}  // namespace hourglass
