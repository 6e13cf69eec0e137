#include "hourglass/io/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

#include "hourglass/core/error.hpp"

namespace hourglass {
namespace {

std::string reason() {
    return std::strerror(errno);
}

/// A new file beside `path`, under a name that no other run has: model.safetensors.1234-0.part. Whoever
/// makes it calls finish(); if not, it is removed.
class PartFile {
public:
    explicit PartFile(const std::filesystem::path& path) {
        for (int n = 0; file_ < 0; ++n) {
            name_ =
                path.string() + "." + std::to_string(getpid()) + "-" + std::to_string(n) + ".part";
            file_ = open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
            if (file_ < 0 && errno != EEXIST) {  // it is there: left by a run that was killed
                throw Error(path.string() + ": cannot be written: " + reason());
            }
        }
    }
    ~PartFile() {
        if (file_ >= 0) {
            close(file_);
        }
        if (!name_.empty()) {
            unlink(name_.c_str());
        }
    }
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    /// False, with the reason in errno, if not all of it could be written.
    bool write(std::string_view content) {
        while (!content.empty()) {
            const ssize_t written = ::write(file_, content.data(), content.size());
            if (written < 0 && errno != EINTR) {
                return false;
            }
            content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
        }
        return close(std::exchange(file_, -1)) == 0;  // some disks say only here that they are full
    }

    /// Gives it its name. False, with the reason in errno, if that cannot be done.
    bool rename_to(const std::filesystem::path& path) {
        if (std::rename(name_.c_str(), path.c_str()) != 0) {
            return false;
        }
        name_.clear();
        return true;
    }

private:
    std::string name_;
    int file_ = -1;
};

}  // namespace

std::string read_file(const std::filesystem::path& path) {
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) {
        throw Error(path.string() + ": cannot be opened: it is a folder");
    }
    errno = 0;
    std::ifstream input(path, std::ios::binary);
    if (!input) {
        throw Error(path.string() + ": cannot be opened: " + reason());
    }
    std::string content;
    std::array<char, 1 << 16> part;
    while (input.read(part.data(), part.size()), input.gcount() > 0) {
        content.append(part.data(), static_cast<std::size_t>(input.gcount()));
    }
    if (input.bad()) {
        throw Error(path.string() + ": cannot be read: " + reason());
    }
    return content;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
    PartFile file(path);
    if (!file.write(content) || !file.rename_to(path)) {
        throw Error(path.string() + ": cannot be written: " + reason());
    }
}

void make_writable_folder(const std::filesystem::path& folder) {
    std::error_code failure, unknown;
    std::filesystem::create_directories(folder, failure);
    if (!std::filesystem::is_directory(folder, unknown)) {
        throw Error(folder.string() + ": the output folder cannot be made: " +
                    (failure ? failure.message() : "it is a file"));
    }
    const PartFile probe(folder / ".writable");
}

FolderLock::FolderLock(const std::filesystem::path& folder)
    : folder_(open(folder.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (folder_ >= 0 && flock(folder_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        close(folder_);
        throw Error(folder.string() + ": another run is writing there; expected a folder of its own");
    }
}

FolderLock::~FolderLock() {
    if (folder_ >= 0) {
        close(folder_);
    }
}

std::filesystem::path expand_home(const std::filesystem::path& path) {
    const std::string text = path.string();
    if (text != "~" && !text.starts_with("~/")) {
        return path;
    }
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home == '\0') {
        throw Error(text + ": expected the home folder in the variable HOME, found none");
    }
    return home + text.substr(1);
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
    add_label(label);
    add(values);
}

void CsvTable::add(const std::vector<std::string>& labels, const std::vector<double>& values) {
    for (const std::string& label : labels) {
        add_label(label);
    }
    add(values);
}

void CsvTable::add_label(std::string_view label) {
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
}

std::string rows_csv(std::string header, const std::vector<std::string>& names,
                     const std::vector<std::vector<double>>& before, const std::string& prefix,
                     const Matrix& values) {
    for (std::size_t j = 0; j < values.cols(); ++j) {
        header += "," + prefix + std::to_string(j);
    }
    CsvTable table(header);
    for (std::size_t i = 0; i < values.rows(); ++i) {
        std::vector<double> row;
        for (const std::vector<double>& column : before) {
            row.push_back(column[i]);
        }
        row.insert(row.end(), values.row(i).begin(), values.row(i).end());
        table.add(names[i], row);
    }
    return table.text();
}

}  // namespace hourglass
