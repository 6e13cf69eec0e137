#include "hourglass/io/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "hourglass/core/error.hpp"
#include "safetensors_header.hpp"

namespace hourglass {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

constexpr std::size_t size_field = 8;  // bytes of the header's size at the start of the file
constexpr std::array<const char*, 4> dtype_names = {"F64", "F32", "F16", "BF16"};

/// How many bytes the header says a tensor has; the largest number where that is more than any file.
std::uint64_t bytes_of(const TensorEntry& entry) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t bytes = size_of(entry.dtype);
    for (const std::uint64_t extent : entry.shape) {
        bytes = extent > 0 && bytes > most / extent ? most : bytes * extent;
    }
    return bytes;
}

/// The format has no holes: each byte of the data belongs to just one tensor.
void require_all_used(std::span<const TensorEntry> sorted, std::size_t size) {
    std::uint64_t used = 0;
    for (const TensorEntry& entry : sorted) {
        if (entry.begin != used) {
            throw Error("tensor " + shown(entry.name) + " begins at byte " +
                        std::to_string(entry.begin) + " of the data, expected " +
                        std::to_string(used) + ": tensors may not overlap nor leave bytes unused");
        }
        used = entry.end;
    }
    if (used != size) {
        throw Error("expected " + std::to_string(used) + " bytes of data, found " +
                    std::to_string(size));
    }
}

/// Half precision: a sign, 5 bits of exponent, 10 of mantissa.
double from_half(std::uint16_t bits) {
    const int exponent = bits >> 10 & 0x1f;
    const int mantissa = bits & 0x3ff;
    double size = 0;
    if (exponent == 0x1f) {
        size = mantissa == 0 ? std::numeric_limits<double>::infinity()
                             : std::numeric_limits<double>::quiet_NaN();
    } else if (exponent == 0) {
        size = std::ldexp(mantissa, -24);  // subnormal: no hidden 1
    } else {
        size = std::ldexp(0x400 + mantissa, exponent - 25);
    }
    return bits & 0x8000 ? -size : size;
}

float from_bfloat(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

template <typename Stored, typename ToNumber>
void copy_as(std::span<Scalar> values, std::string_view data, const ToNumber& to_number) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        Stored stored{};
        std::memcpy(&stored, data.data() + i * sizeof stored, sizeof stored);
        values[i] = static_cast<Scalar>(to_number(stored));
    }
}

}  // namespace

std::string name_of(Dtype dtype) {
    return dtype_names[static_cast<std::size_t>(dtype)];
}

std::size_t size_of(Dtype dtype) {
    switch (dtype) {
        case Dtype::f64:
            return 8;
        case Dtype::f32:
            return 4;
        case Dtype::f16:
        case Dtype::bf16:
            break;
    }
    return 2;
}

std::string safetensors_bytes(const Safetensors& content) {
    nlohmann::json header = nlohmann::json::object();  // sorts its keys
    if (!content.metadata.empty()) {
        header["__metadata__"] = content.metadata;
    }
    std::string data;
    for (const Tensor& tensor : content.tensors) {
        assert(!header.contains(tensor.name));
        const std::size_t begin = data.size();
        data += tensor.data;
        header[tensor.name] = {{"dtype", name_of(tensor.dtype)},
                               {"shape", tensor.shape},
                               {"data_offsets", {begin, data.size()}}};
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the data are aligned
    const std::uint64_t size = text.size();
    std::string bytes(size_field, '\0');
    std::memcpy(bytes.data(), &size, size_field);
    return bytes + text + data;
}

Safetensors read_safetensors(std::string_view bytes) {
    if (bytes.size() < size_field) {
        throw Error("expected a safetensors file, found only " + std::to_string(bytes.size()) +
                    " bytes");
    }
    std::uint64_t size = 0;
    std::memcpy(&size, bytes.data(), size_field);
    if (size > bytes.size() - size_field) {
        throw Error("expected a safetensors file; its header claims " + std::to_string(size) +
                    " bytes, the file has " + std::to_string(bytes.size()));
    }
    const std::string_view data = bytes.substr(size_field + size);
    auto [entries, metadata] = read_header(bytes.substr(size_field, size));
    for (const TensorEntry& entry : entries) {
        if (entry.begin > entry.end || entry.end > data.size() ||
            entry.end - entry.begin != bytes_of(entry)) {
            throw Error("tensor " + shown(entry.name) + ": expected data_offsets of " +
                        std::to_string(bytes_of(entry)) + " bytes, found [" +
                        std::to_string(entry.begin) + "," + std::to_string(entry.end) + "] of " +
                        std::to_string(data.size()) + "; is the file cut short?");
        }
    }
    std::ranges::sort(entries, {}, [](const TensorEntry& e) { return std::pair(e.begin, e.end); });
    require_all_used(entries, data.size());
    Safetensors content{.tensors = {}, .metadata = std::move(metadata)};
    for (TensorEntry& entry : entries) {
        content.tensors.push_back({std::move(entry.name),
                                   entry.dtype,
                                   {entry.shape.begin(), entry.shape.end()},
                                   data.substr(entry.begin, entry.end - entry.begin)});
    }
    return content;
}

void copy_values(std::span<Scalar> values, const Tensor& tensor) {
    assert(values.size() == tensor.size());
    const auto as_it_is = [](auto value) { return value; };
    switch (tensor.dtype) {
        case Dtype::f64:
            return copy_as<double>(values, tensor.data, as_it_is);
        case Dtype::f32:
            return copy_as<float>(values, tensor.data, as_it_is);
        case Dtype::f16:
            return copy_as<std::uint16_t>(values, tensor.data, from_half);
        case Dtype::bf16:
            return copy_as<std::uint16_t>(values, tensor.data, from_bfloat);
    }
}

}  // namespace hourglass
