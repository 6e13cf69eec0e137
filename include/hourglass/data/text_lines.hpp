#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace hourglass {

/// The lines of a text file, whatever editor wrote it: without a byte order mark in front, without
/// the \r of Windows.
class TextLines {
public:
    /// @param expected  for the message, such as "a font file"
    /// @throws Error  naming the file, if it cannot be opened or is UTF-16, as Notepad's "Unicode"
    TextLines(const std::filesystem::path& path, const std::string& expected);

    /// Goes on to the next line; false after the last.
    /// @throws Error  naming file and line, if that is longer than any text has
    bool next();

    const std::string& line() const { return line_; }
    int number() const { return number_; }  // of the line, from 1

    /// @throws Error  "font3.txt:17: " and what is wrong there
    [[noreturn]] void fail(const std::string& what) const;

private:
    std::string file_;
    std::ifstream input_;
    std::string line_;
    int number_ = 0;
};

}  // namespace hourglass
