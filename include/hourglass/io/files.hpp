#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

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

/// A path as a shell would read it: "~" and "~/..." begin in the home folder. In a configuration file,
/// or behind an option's =, no shell does it. A folder that is called ~ is "./~".
/// @throws Error  if it begins so and the variable HOME is not set
std::filesystem::path expand_home(const std::filesystem::path& path);

/// A table as CSV: a header line, then a line a row, numbers with 9 significant digits.
class CsvTable {
public:
    explicit CsvTable(std::string_view header) : text_(std::string(header) + "\n") {}

    /// One row. The label, if there is one, comes first, quoted where CSV asks for it.
    void add(const std::vector<double>& values);
    void add(std::string_view label, const std::vector<double>& values);

    const std::string& text() const { return text_; }

private:
    std::string text_;
};

}  // namespace hourglass
