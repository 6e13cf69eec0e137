#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// The whole of a file, as bytes.
/// @throws Error  naming the file and the reason, if it cannot be read
std::string read_file(const std::filesystem::path& path);

/// Writes a file whole or not at all: beside its place first, under a name that no other run has, then
/// renamed. Of two runs that write the same file, the one that ends last leaves its own.
/// @throws Error  naming the file and the reason, if it cannot be written; an older one stays
void write_file(const std::filesystem::path& path, std::string_view content);

/// Makes the folder, and its parents, and sees that a file can be written there.
/// @throws Error  naming the folder and the reason, if not
void make_writable_folder(const std::filesystem::path& folder);

/// While it lives, no other process has one for the same folder: of two runs, the second is told at once, and
/// what they leave is never mixed. The system lets go of it however a process ends. On a file system
/// without locks it keeps nobody out.
class FolderLock {
public:
    /// @throws Error  naming the folder, if another process has it
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int folder_;
};

/// A path as a shell would read it: "~" and "~/..." begin in the home folder. In a configuration file,
/// or behind an option's =, no shell does it. A folder that is called ~ is "./~".
/// @throws Error  if it begins so and the variable HOME is not set
std::filesystem::path expand_home(const std::filesystem::path& path);

/// A table as CSV: a header line, then a line a row, numbers with 9 significant digits.
class CsvTable {
public:
    explicit CsvTable(std::string_view header) : text_(std::string(header) + "\n") {}

    /// One row. Labels, if there are some, come first, quoted where CSV asks for it.
    void add(const std::vector<double>& values);
    void add(std::string_view label, const std::vector<double>& values);
    void add(const std::vector<std::string>& labels, const std::vector<double>& values);

    const std::string& text() const { return text_; }

private:
    void add_label(std::string_view label);

    std::string text_;
};

/// A table of the rows of a matrix (n, d): a name, then `before`, each (n), then the row as PREFIX0, PREFIX1,
/// ...
/// @param header  of the columns that come first
std::string rows_csv(std::string header, const std::vector<std::string>& names,
                     const std::vector<std::vector<double>>& before, const std::string& prefix,
                     const Matrix& values);

}  // namespace hourglass
