#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/options.hpp"
#include "hourglass/data/saved_scaling.hpp"
#include "hourglass/io/command_line.hpp"

namespace hourglass {

/// The table that an exercise is given, and how it is read.
struct TableSource {
    std::string file, header = "auto";
    TableOptions options;
};

/// Adds FILE and the options of how to read it to a command line.
void add_table_options(CommandLine& line, TableSource& source);

/// Reads it; with the columns, or as the images, that a model was trained on, if there is a model.
/// @throws Error  if it cannot be read, an option is of no use to what it is, or it has other columns than the model
Table read_table(const CommandLine& line, const TableSource& source, const std::optional<SavedScaling>& model);

/// What the file of a model says of the columns. @throws Error  naming it, if that is nothing, or what cannot be
SavedScaling load_scaling(const std::filesystem::path& model);

/// Sees that the net's output can be what a scaled table holds. @throws Error  if not
void check_output(const TrainingOptions& options, const Matrix& X);

}  // namespace hourglass
