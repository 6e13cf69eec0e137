#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "common/json.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/data/idx.hpp"
#include "hourglass/io/model_file.hpp"

// What codes know of classes: linear classifiers on the codes of networks, on principal components and on pixels.

namespace hourglass {

/// What both probes say of some features: see classifier.hpp.
struct Probe {
    std::string name;  // of the features
    double all_labels = 0, few_labels = 0;
};

/// Models whose codes are compared with those of a run, and their files.
using OtherModels = std::vector<std::pair<std::string, SavedModel>>;

/// @throws Error  naming the file, if it cannot be loaded or is a model of images with another number of pixels
OtherModels load_other_models(const std::vector<std::string>& files, std::size_t pixels);

/// The pixels come last.
/// @param what  the codes of `model` are, in words
std::vector<Probe> probe_codes(const TrainAndTest& sets, const Autoencoder& model, const std::string& what,
                               const OtherModels& others, const Pca& pca, std::uint64_t seed);

Json to_json(const std::vector<Probe>& probes);
void print_probes(const std::vector<Probe>& probes, std::ostream& output);

}  // namespace hourglass
