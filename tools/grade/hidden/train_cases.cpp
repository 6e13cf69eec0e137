// The hidden tests of level 4's training loops. A loop that is right may draw in another order than the reference's,
// so what counts is what the trained network can do; the judge looks at that.

#include <algorithm>
#include <cmath>
#include <optional>

#include "denoising/denoising.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/data/noisy_set.hpp"
#include "letters/letters.hpp"
#include "probe.hpp"

namespace hourglass::grading {
namespace {

template <class Read>
auto options_of(const Read& read_options, std::vector<std::string> words) {
    std::vector<const char*> argv = {"probe", "--quiet"};
    for (const std::string& word : words) {
        argv.push_back(word.c_str());
    }
    return *read_options(static_cast<int>(argv.size()), argv.data());
}

std::string seed_of(Rng& rng) { return std::to_string(1 + rng.below(1000)); }

void add_parameters(Findings& found, Autoencoder model) {
    for (const Parameter& parameter : model.parameters()) {
        found.add(parameter.name, Given(parameter.value));
    }
}

/// The network of these options with the parameters that were found; none if they do not fit.
std::optional<Autoencoder> model_of(const TrainingOptions& options, const Findings& found) {
    Autoencoder model = mirrored_autoencoder(options.widths, options.activations);
    std::vector<Parameter> parameters = model.parameters();
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        if (p >= found.tensors.size() || found.tensors[p].values.size() != parameters[p].value.size()) {
            return std::nullopt;
        }
        std::ranges::copy(found.tensors[p].values, parameters[p].value.begin());
    }
    return model;
}

Case letters_case(const std::string& font, const std::string& epochs) {
    const std::vector<std::string> words = {"--font", font, "--epochs", epochs};
    return {"letters::train",
            [=](Rng& rng, Findings& found) {
                std::vector<std::string> seeded = words;
                seeded.insert(seeded.end(), {"--seed", seed_of(rng)});
                add_parameters(found, letters::train(options_of(letters::read_options, seeded)).model);
            },
            [=](const Findings& found, const Findings& expected) -> std::string {
                const letters::Options options = options_of(letters::read_options, words);
                const Matrix X = options.font.pixels();
                const auto wrong = [&](const Findings& of) {
                    const std::optional<Autoencoder> model = model_of(options, of);
                    return model ? static_cast<double>(count_pixel_errors(model->reconstruct(X), X).total) : INFINITY;
                };
                return wrong(found) <= 1.5 * wrong(expected) + 16 ? "" : "what the network has learned is wrong";
            }};
}

Case denoising_case(const std::string& levels) {
    const std::vector<std::string> words = {"--sets", "8", "--epochs", "60", "--levels", levels, "--test-levels", levels};
    return {"denoising::train",
            [=](Rng& rng, Findings& found) {
                std::vector<std::string> seeded = words;
                seeded.insert(seeded.end(), {"--seed", seed_of(rng)});
                add_parameters(found, denoising::train(options_of(denoising::read_options, seeded)).model);
            },
            [=](const Findings& found, const Findings& expected) -> std::string {
                const denoising::Options options = options_of(denoising::read_options, words);
                NoisySet set(options.font.pixels(), options.test.noise, options.train_levels, 20);
                Rng rng(5);
                set.distort(rng);
                const auto wrong = [&](const Findings& of) {
                    const std::optional<Autoencoder> model = model_of(options, of);
                    return model ? count_pixel_errors(model->reconstruct(set.noisy), set.clean).mean : INFINITY;
                };
                return wrong(found) <= 1.3 * wrong(expected) + 0.1 ? "" : "what the network has learned is wrong";
            }};
}

}  // namespace

std::vector<Case> train_cases() {
    return {letters_case("3", "400"), letters_case("2", "400"), denoising_case("0.1"), denoising_case("0,0.05")};
}

}  // namespace hourglass::grading
