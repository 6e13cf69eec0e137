#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// Rows of numbers, a name for each column, and for each row perhaps the class that it is of.
struct Table {
    std::vector<std::string> columns;  // (d)
    Matrix X;                          // (n, d), less `origin`; NaN where a value is missing
    /// (d) the first row: a float has 7 digits, and in a column of years or of seconds since 1970 these are for what
    /// differs from row to row.
    std::vector<double> origin;
    std::vector<std::string> classes;   // that there are, as they were met; none: the rows have no labels
    std::vector<std::size_t> labels;    // (n) or empty: of which class each row is
    std::vector<std::string> names;     // (n) or empty: of files, where a row is an image
    std::vector<std::size_t> numbers;   // (n) or empty: which row of the file each is, where some were dropped
    std::vector<std::string> notes;     // what there is to say about how they were read

    // A row that is an image: its pixels row after row, channels side by side. Else 0.
    std::size_t height = 0, width = 0, channels = 0;
    int lowest = 0;  // the value of black, -1 or 0; that of white is 1

    std::size_t rows() const { return X.rows(); }
    bool of_images() const { return height > 0; }

    /// A row in words: its file, or its number, counted from 1.
    std::string row_name(std::size_t i) const;
};

/// What to do about values that are missing.
enum class Missing { refuse, mean, drop };

/// "refuse", "mean" or "drop"; the two are each other's inverse.
/// @throws Error  for an unknown name; the message lists those allowed
Missing missing_from_name(std::string_view name);
std::string_view name_of(Missing missing);

/// How a table is read. What is of no use to a kind of file is not looked at.
struct TableOptions {
    Missing missing = Missing::refuse;
    // csv
    std::string delimiter = {};               // one character; empty: it is found out
    std::optional<bool> header = {};          // has it a line of names? By default it is found out
    std::vector<std::string> columns = {};    // names, or numbers from 1; none: all that are not ignored
    std::vector<std::string> ignored = {};
    std::string label = {};                   // the column of classes; empty: none
    // npy, IDX
    std::filesystem::path labels = {};  // a file of one number a row, the class; empty: none
    // images
    std::size_t size = 0;  // the side they are scaled to; 0: of a folder 32
    bool gray = false;
};

enum class TableKind { csv, npy, idx, images };

/// What is there: a folder is one of images; the first bytes of a file say what it is, not its name. A file that is none of
/// the others is a csv. @throws Error  naming the file, if it cannot be read
TableKind table_kind(const std::filesystem::path& path);

/// Reads it: see csv.hpp, npy.hpp, idx.hpp and image_folder.hpp. Each file may be gzipped.
/// @throws Error  naming the file, and where in it, as they do; if it has fewer than 2 rows
Table read_table(const std::filesystem::path& path, const TableOptions& options = {});

}  // namespace hourglass
