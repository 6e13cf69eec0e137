#include "common/code_probes.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "hourglass/analysis/classifier.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/formatting.hpp"

namespace hourglass {

OtherModels load_other_models(const std::vector<std::string>& files, std::size_t pixels) {
    OtherModels others;
    for (const std::string& file : files) {
        others.emplace_back(file, load_model(expand_home(file)));
        if (const std::size_t in = others.back().second.model.in(); in != pixels) {
            throw Error(file + ": expected a model of " + std::to_string(pixels) + " pixels, found one of " +
                        std::to_string(in));
        }
    }
    return others;
}

std::vector<Probe> probe_codes(const TrainAndTest& sets, const Autoencoder& model, const std::string& what,
                               const OtherModels& others, const Pca& pca, std::uint64_t seed) {
    const LabelledImages &train = sets.train, &test = sets.test;
    std::vector<Probe> probes;
    const auto add = [&](const std::string& name, Matrix of_train, Matrix of_test) {
        const Features taught{std::move(of_train), train.labels}, asked{std::move(of_test), test.labels};
        probes.push_back(
            {name, linear_probe(taught, asked, idx_classes, seed), few_labels_probe(taught, asked, idx_classes, seed)});
    };
    const auto add_codes = [&](const Autoencoder& of, const std::string& name) {
        add(text("the %zu ", of.latent_size()) + name, encode_in_blocks(of, train.X), encode_in_blocks(of, test.X));
    };
    add_codes(model, what);
    for (const auto& [file, other] : others) {
        add_codes(other.model, "codes of " + file);
    }
    add(pca.name(), pca.project(train.X), pca.project(test.X));
    add("raw pixels", train.X, test.X);
    return probes;
}

Json to_json(const std::vector<Probe>& probes) {
    Json json = Json::array();
    for (const Probe& probe : probes) {
        json.push_back(
            {{"features", probe.name}, {"accuracy", probe.all_labels}, {"accuracy_100_labels", probe.few_labels}});
    }
    return json;
}

void print_probes(const std::vector<Probe>& probes, std::ostream& output) {
    output << "\nA linear classifier names test images rightly, taught with all labels, with 100\n";
    for (const Probe& probe : probes) {
        output << "  " << padded(probe.name, 32) << text("%8.2f %%", 100 * probe.all_labels)
               << (std::isfinite(probe.few_labels) ? text("%8.2f %%\n", 100 * probe.few_labels) : "\n");
    }
}

}  // namespace hourglass
