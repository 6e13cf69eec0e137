#include "hourglass/io/files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "hourglass/core/error.hpp"

namespace hourglass {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream input(path, std::ios::binary);
    if (!input || std::filesystem::is_directory(path)) {
        throw Error(path.string() + ": cannot be opened");
    }
    std::string content{std::istreambuf_iterator<char>(input), {}};
    if (input.bad()) {
        throw Error(path.string() + ": cannot be read");
    }
    return content;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
    std::filesystem::path beside = path;
    beside += ".part";
    {
        std::ofstream output(beside, std::ios::binary);
        output.write(content.data(), static_cast<std::streamsize>(content.size()));
        output.close();
        if (!output) {
            const std::string why = std::strerror(errno);
            std::error_code ignored;
            std::filesystem::remove(beside, ignored);
            throw Error(path.string() + ": cannot be written: " + why);
        }
    }
    std::error_code failure;
    std::filesystem::rename(beside, path, failure);
    if (failure) {
        std::error_code ignored;
        std::filesystem::remove(beside, ignored);
        throw Error(path.string() + ": cannot be written: " + failure.message());
    }
}

void make_writable_folder(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure || !std::filesystem::is_directory(folder)) {
        throw Error(folder.string() + ": the output folder cannot be made" +
                    (failure ? ": " + failure.message() : ": it is a file"));
    }
    const std::filesystem::path probe = folder / ".writable";
    write_file(probe, "");
    std::filesystem::remove(probe);
}

void CsvTable::add(const std::vector<double>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        char number[32];
        std::snprintf(number, sizeof number, "%s%.9g", i == 0 ? "" : ",", values[i]);
        text_ += number;
    }
    text_ += '\n';
}

void CsvTable::add(std::string_view label, const std::vector<double>& values) {
    if (label.find_first_of(",\"\r\n") == std::string_view::npos) {
        text_ += label;
    } else {
        text_ += '"';
        for (const char c : label) {
            text_ += c == '"' ? "\"\"" : std::string(1, c);
        }
        text_ += '"';
    }
    text_ += ',';
    add(values);
}

}  // namespace hourglass
