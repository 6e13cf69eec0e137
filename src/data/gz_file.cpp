#include "gz_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "hourglass/core/error.hpp"

namespace hourglass {

GzFile::GzFile(const std::filesystem::path& path) : name_(path.string()) {
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) {
        fail("cannot be opened: it is a folder");
    }
    errno = 0;
    file_ = gzopen(name_.c_str(), "rb");
    if (file_ == nullptr) {
        fail("cannot be opened: " + std::string(std::strerror(errno)));
    }
}

GzFile::~GzFile() {
    gzclose(file_);
}

std::string GzFile::read(std::size_t count) {
    std::string bytes;
    std::array<char, 1 << 16> block;
    while (bytes.size() < count) {
        const std::size_t wanted = std::min(block.size(), count - bytes.size());
        const int got = gzread(file_, block.data(), static_cast<unsigned>(wanted));
        require_sound(got);
        if (got == 0) {
            break;
        }
        bytes.append(block.data(), static_cast<std::size_t>(got));
    }
    return bytes;
}

void GzFile::fail(const std::string& what) const {
    throw Error(name_ + ": " + what);
}

void GzFile::require_sound(int got) const {
    int status = Z_OK;
    gzerror(file_, &status);
    if (status == Z_BUF_ERROR) {
        fail("damaged gzip file: it is cut short");
    }
    if (status == Z_ERRNO) {
        fail("cannot be read: " + std::string(std::strerror(errno)));
    }
    if (got < 0) {
        fail("damaged gzip file");
    }
}

}  // namespace hourglass
