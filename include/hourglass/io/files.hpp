#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// The whole of a file, as bytes.
/// @throws Error  naming the file, if it cannot be read
std::string read_file(const std::filesystem::path& path);

/// Writes a file whole or not at all: beside its place first, then renamed.
/// @throws Error  naming the file, if it cannot be written
void write_file(const std::filesystem::path& path, std::string_view content);

/// Makes the folder, and its parents, and sees that a file can be written there.
/// @throws Error  naming the folder, if not
void make_writable_folder(const std::filesystem::path& folder);

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
