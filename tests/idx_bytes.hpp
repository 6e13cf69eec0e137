#pragma once

#include <string>
#include <vector>

namespace hourglass::testing {

/// `count` bytes of a number, the highest first.
inline std::string big_endian(std::size_t value, int count) {
    std::string bytes;
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
        bytes += static_cast<char>(value >> shift & 0xff);
    }
    return bytes;
}

/// An IDX file of bytes; its header may claim other sizes than `data` has.
inline std::string idx_bytes(const std::vector<std::size_t>& sizes, const std::string& data) {
    std::string bytes{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
    for (const std::size_t size : sizes) {
        bytes += big_endian(size, 4);
    }
    return bytes + data;
}

}  // namespace hourglass::testing
