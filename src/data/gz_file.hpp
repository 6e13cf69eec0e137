#pragma once

#include <zlib.h>

#include <filesystem>
#include <string>

namespace hourglass {

/// A file, unpacked on the way if it is gzipped.
class GzFile {
public:
    /// @throws Error  naming the file and the reason, if it cannot be opened
    explicit GzFile(const std::filesystem::path& path);
    ~GzFile();
    GzFile(const GzFile&) = delete;
    GzFile& operator=(const GzFile&) = delete;

    /// The next `count` bytes, fewer where the file ends. The memory grows with what is there, not with what was
    /// asked for.
    /// @throws Error  naming the file, if it cannot be read or is a damaged gzip file
    std::string read(std::size_t count);

    /// @throws Error  "FILE: what"
    [[noreturn]] void fail(const std::string& what) const;

    const std::string& name() const { return name_; }

private:
    void require_sound(int got) const;

    std::string name_;
    gzFile file_ = nullptr;
};

}  // namespace hourglass
