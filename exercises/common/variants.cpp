#include <algorithm>
#include <sstream>

#include "common/study.hpp"
#include "hourglass/core/error.hpp"

namespace hourglass {
namespace {

/// Sets the options of a study to a variant's values as if they stood on the command line.
void set_options(TrainingOptions& options, const Study& study, std::string value) {
    const std::size_t pixels = options.widths.front();
    if (study.name == "latent" || study.name == "bottleneck") {
        std::vector<std::size_t> before = options.widths;
        before.pop_back();
        value = widths_text(before, ",") + "," + value;
    }
    std::istringstream values(value);
    std::vector<std::string> words = {study.name};
    std::string word;
    while (words.size() <= study.options.size() && values >> word) {
        words.push_back("--" + std::string(study.options[words.size() - 1]) + "=" + word);
    }
    if (words.size() == 1 || values >> word) {
        throw Error("--variant: expected a value of " + listed({study.options.begin(), study.options.end()}) +
                    " with a space between two, got '" + value + "'");
    }
    std::vector<const char*> arguments;
    std::ranges::transform(words, std::back_inserter(arguments), &std::string::c_str);
    CommandLine line("");
    add_training_options(line, options);
    line.parse(static_cast<int>(arguments.size()), arguments.data());
    check_values(options, pixels);
}

}  // namespace

std::vector<Variant> variants_of(const TrainingOptions& base) {
    const Study& study = *std::ranges::find(base.studies, base.study, &Study::name);
    std::vector<Variant> variants;
    for (const std::string& value : study.values) {
        variants.push_back({value, base});
        Variant& variant = variants.back();
        variant.options.variant = value;
        if (!base.encoder.empty() && study.options.front() == std::string("layers")) {
            const std::size_t colon = value.find(": ");
            variant.name = value.substr(0, colon);
            variant.options.encoder = colon == value.npos ? value : value.substr(colon + 2);
            make_untrained(variant.options, true);
            continue;
        }
        if (!study.options.empty()) {
            set_options(variant.options, study, value);
        }
        const bool is_net = !study.options.empty() && study.options.front() == std::string("layers");
        variant.name = is_net ? mirrored_text(variant.options.widths) : value;
    }
    return variants;
}

}  // namespace hourglass
