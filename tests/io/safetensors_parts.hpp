#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace hourglass::testing {

/// A safetensors file taken apart, to be changed and put together again; apart from the code under test.
struct Parts {
    nlohmann::json header;
    std::string values;

    explicit Parts(const std::string& bytes) {
        std::uint64_t size = 0;  // 8 bytes, the least significant first
        for (std::size_t i = 8; i-- > 0;) {
            size = size << 8 | static_cast<unsigned char>(bytes.at(i));
        }
        header = nlohmann::json::parse(bytes.substr(8, size));
        values = bytes.substr(8 + size);
    }

    std::string bytes() const { return file_of(header.dump(), values); }

    static std::string file_of(const std::string& header, const std::string& values) {
        return file_of(header.size(), header, values);
    }
    static std::string file_of(std::uint64_t size, const std::string& header,
                               const std::string& values) {
        std::string bytes;
        for (int i = 0; i < 8; ++i) {
            bytes += static_cast<char>(size >> 8 * i & 0xff);
        }
        return bytes + header + values;
    }
};

}  // namespace hourglass::testing
