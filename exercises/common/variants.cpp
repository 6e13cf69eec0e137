#include <algorithm>
#include <sstream>

#include "common/report.hpp"
#include "common/study.hpp"
#include "hourglass/core/error.hpp"

namespace hourglass {
namespace {

/// Sets the options of a study to a variant's values as if they stood on the command line.
void set_options(TrainingOptions& options, const Study& study, std::string value) {
    if (study.name == "latent" || study.name == "bottleneck") {
        std::vector<std::size_t> before = options.widths;
        before.pop_back();
        value = widths_text(before, ",") + "," + value;
    }
    std::istringstream values(value);
    std::vector<std::string> words = {study.name};
    for (std::string word; words.size() <= study.options.size() && values >> word;) {
        words.push_back("--" + std::string(study.options[words.size() - 1]) + "=" + word);
    }
    std::vector<const char*> arguments;
    std::ranges::transform(words, std::back_inserter(arguments), &std::string::c_str);
    CommandLine line("");
    add_training_options(line, options);
    line.parse(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

std::vector<Variant> variants_of(const TrainingOptions& base) {
    const Study& study = *std::ranges::find(base.studies, base.study, &Study::name);
    std::vector<Variant> variants;
    for (const std::string& value : study.values) {
        Variant& variant = variants.emplace_back(value, base);
        set_options(variant.options, study, value);
        if (study.options.front() == std::string("layers")) {
            variant.options.widths.front() = base.widths.front();  // of a font of another size
            variant.name = mirrored_text(variant.options.widths);
        }
        require_compatible(variant.options.loss, variant.options.activations.output);
    }
    return variants;
}

}  // namespace hourglass
