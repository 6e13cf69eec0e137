#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "hourglass/nn/autoencoder.hpp"

namespace hourglass {

// A model file is in the safetensors format: the parameters of all layers, under their names and in the
// precision of this build, running statistics included; and metadata that list the layers one by one, with
// the seed and the epoch. docs/model_files.md has the format, and how to write one with PyTorch.

/// A model as a file holds it.
template <class Model>
struct Saved {
    Model model;
    std::uint64_t seed = 0;  // of the run that trained it
    int epoch = 0;           // how many it was trained for
    std::map<std::string, std::string> metadata = {};  // all that the file has
};
using SavedModel = Saved<Autoencoder>;
using SavedNetwork = Saved<Network>;

/// The bytes of a model file. The same model gives the same bytes.
/// @param metadata  what a program wants to find there again, under keys that the format does not have itself
std::string model_bytes(const Autoencoder& model, std::uint64_t seed, int epoch,
                        const std::map<std::string, std::string>& metadata = {});
std::string model_bytes(const Network& network, std::uint64_t seed, int epoch);

/// Their inverse; for a network, whether it is an autoencoder or not. Files of the first version, with
/// widths and activations in place of layers, and files in another precision are read as well.
/// @throws Error  saying what is wrong: the bytes are no safetensors file, its metadata make no such
///                model, a tensor is missing, too many or of another shape, a value is not a finite number
SavedModel model_from_bytes(std::string_view bytes);
SavedNetwork network_from_bytes(std::string_view bytes);

/// The same to and from a file.
/// @throws Error  naming the file, also if it cannot be written or read
void save_model(const std::filesystem::path& path, const Autoencoder& model, std::uint64_t seed,
                int epoch, const std::map<std::string, std::string>& metadata = {});
void save_model(const std::filesystem::path& path, const Network& network, std::uint64_t seed,
                int epoch);
SavedModel load_model(const std::filesystem::path& path);
SavedNetwork load_network(const std::filesystem::path& path);

}  // namespace hourglass
