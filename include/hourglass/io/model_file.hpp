#pragma once

#include <cstdint>
#include <filesystem>

#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

/// An autoencoder as a file holds it.
struct SavedModel {
    Autoencoder model;
    std::uint64_t seed = 0;  // of the run that trained it
    int epoch = 0;           // how many it was trained for
};

/// Writes `model` in the safetensors format: tensors encoder.0.W (out, in), encoder.0.b (out), ... in
/// the precision of this build, and in the metadata, as strings, `widths` (35,25,...,35),
/// `activations` (tanh,tanh,..., one a layer), `seed` and `epoch`. The same model gives the same bytes.
/// @see  https://huggingface.co/docs/safetensors: 8 bytes of header size, little-endian; the header, in
///       JSON; the values
/// @throws Error  if the file cannot be written
void save_model(const std::filesystem::path& path, const Autoencoder& model, std::uint64_t seed,
                int epoch);

/// Reads what save_model wrote, in this build's precision or the other one.
/// @throws Error  naming the file, and what is wrong: it cannot be read, is cut short, has a header
///                that is no safetensors header or that disagrees with itself or with the file's size,
///                is not an autoencoder, or holds a value that is not a finite number
SavedModel load_model(const std::filesystem::path& path);

}  // namespace hourglass
