#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/core/scalar.hpp"

namespace hourglass {

/// How a file stores a number: IEEE 754 in 64, 32 or 16 bits, or the upper half of 32 bits (BF16).
enum class Dtype { f64, f32, f16, bf16 };
inline constexpr Dtype scalar_dtype = sizeof(Scalar) == 8 ? Dtype::f64 : Dtype::f32;

std::string name_of(Dtype dtype);  // "F64", "F32", "F16", "BF16", as the format writes them
std::size_t size_of(Dtype dtype);  // in bytes

/// A named array of numbers as a file holds it.
struct Tensor {
    std::string name;  // "encoder.1.W"
    Dtype dtype = scalar_dtype;
    std::vector<std::size_t> shape;  // (out, in); a single number has none
    std::string_view data;           // row after row, little-endian; belongs to who made the tensor

    std::size_t size() const { return data.size() / size_of(dtype); }  // in numbers
};

/// What is in a safetensors file: tensors in the order of their data, and strings by name.
struct Safetensors {
    std::vector<Tensor> tensors;
    std::map<std::string, std::string> metadata;
};

/// The bytes of a file: 8 bytes of header size, little-endian; the header, in JSON; the data. The
/// same content gives the same bytes.
/// @see  https://huggingface.co/docs/safetensors
/// @pre  each tensor's data are as long as its shape and dtype say; all names differ
std::string safetensors_bytes(const Safetensors& content);

/// The inverse. Its tensors point into `bytes`. Time and memory are in proportion to the bytes.
/// @throws Error  saying what is wrong, if the bytes are cut short or the header is no safetensors
///                header, has a name twice, or disagrees with itself or with the size of the data
Safetensors read_safetensors(std::string_view bytes);

/// The numbers of `tensor`, rounded to this build's precision. What a file holds as NaN or infinite,
/// or what is too large for a float, comes out so.
/// @pre  values.size() == tensor.size()
void copy_values(std::span<Scalar> values, const Tensor& tensor);

}  // namespace hourglass
