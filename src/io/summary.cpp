#include "hourglass/io/summary.hpp"

#include <algorithm>

#include "hourglass/io/formatting.hpp"

namespace hourglass {

std::vector<std::string> layer_texts(const Network& network) {
    std::vector<std::string> texts;
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        texts.push_back(network.layer(l).description() + " " + name_of(network.layer(l).activation));
    }
    return texts;
}

std::string summary_of(Autoencoder model) {
    std::size_t widest = 0;  // description
    for (std::size_t l = 1; l <= model.depth(); ++l) {
        widest = std::max(widest, model.layer(l).description().size());
    }
    const std::string columns = "%-12s %-" + std::to_string(widest) + "s %16s  %-15s %10s\n";
    const char* const format = columns.c_str();
    std::string table = text(format, "layer", "kind", "sizes", "activation", "parameters");
    for (std::size_t l = 1; l <= model.depth(); ++l) {
        Layer& layer = model.layer(l);
        std::size_t count = 0;
        for (const Parameter& parameter : layer.parameters()) {
            count += parameter.gradient.size();
        }
        const std::string sizes = std::to_string(layer.in()) + " to " + std::to_string(layer.out());
        table += text(format, layer.name.c_str(), layer.description().c_str(), sizes.c_str(),
                      name_of(layer.activation).c_str(), std::to_string(count).c_str());
        table += l == model.latent_layer() ? "             -- the code --\n" : "";
    }
    return table + text("%zu parameters, %.3g kB\n", model.parameter_count(),
                        static_cast<double>(sizeof(Scalar) * model.parameter_count()) / 1000);
}

std::string optimizer_text(const OptimizerOptions& o, const Schedule& schedule) {
    const OptimizerOptions usual;
    std::string result = o.name;
    if (o.momentum != 0) {
        result += text(o.nesterov ? ", Nesterov's momentum %g" : ", momentum %g", o.momentum);
    }
    if (o.beta1 != usual.beta1 || o.beta2 != usual.beta2) {
        result += text(", beta1 %g, beta2 %g", o.beta1, o.beta2);
    }
    result += text(", learning rate %g ", o.learning_rate) + std::string(name_of(schedule.kind));
    if (schedule.kind == Schedule::Kind::step) {
        result += text(" (times %g every %d epochs)", schedule.step_factor, schedule.step_epochs);
    }
    return result;
}

}  // namespace hourglass
