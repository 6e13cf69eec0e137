#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {

/// The folder of a run, and the list of what is left there. In this order: the model, which is what took the
/// time; then the tables and results, for the report to be printed; then the pictures.
class RunFolder {
public:
    RunFolder(std::filesystem::path path, const std::string& plot_format);

    /// The model, to be loaded again: model.safetensors. A file that cannot be written costs this one file: see
    /// print.
    void write_model(const Autoencoder& model, std::uint64_t seed, int epoch,
                     const std::map<std::string, std::string>& metadata = {});
    void write(const std::string& name, const std::string& content);

    /// Removes what an earlier run may have left and this one may not make: a file, or pictures with their data
    /// and scripts.
    void remove(const std::string& name) const;
    void remove_pictures(const std::vector<std::string>& names) const;

    /// The files that were left, and which pictures are missing and why. What else could not be written is said on
    /// stderr, also of a quiet run.
    void print(std::ostream& output) const;

    Pictures pictures;

private:
    /// Does it, or remembers why not.
    void write(const std::string& name, const std::function<void(const std::filesystem::path&)>& as);

    std::filesystem::path path_;
    std::vector<std::string> files_;
    std::vector<std::string> failures_;
};

}  // namespace hourglass
