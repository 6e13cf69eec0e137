#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/io/safetensors.hpp"

namespace hourglass {

/// One tensor as the header of a safetensors file describes it.
struct TensorEntry {
    std::string name;
    Dtype dtype = scalar_dtype;
    std::vector<std::uint64_t> shape;
    std::uint64_t begin = 0, end = 0;  // its bytes of the data
};

struct Header {
    std::vector<TensorEntry> tensors;
    std::map<std::string, std::string> metadata;
};

/// The header of a safetensors file, which is JSON:
///   {"__metadata__": {"key": "text", ...},
///    "encoder.1.W": {"dtype": "F32", "shape": [2,25], "data_offsets": [0,200]}, ...}
/// Read as it comes, one token after another: whatever does not fit in its place ends the reading, so
/// that nothing can pile up.
/// @throws Error  if it is anything else
Header read_header(std::string_view json);

/// What came from a file, for a message: one line, and not a long one.
std::string shown(std::string_view text);

}  // namespace hourglass
