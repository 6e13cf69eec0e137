#include <algorithm>
#include <cmath>

#include "denoising/denoising.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass::denoising {
namespace {

constexpr const char* usage =
    R"(Exercise 1b: noisy letters in, clean letters out.

  ./lab denoising                        one network for all noise levels
  ./lab denoising --seeds 3              the mean of three
  ./lab denoising --study bottleneck     what a small latent size costs

Exit status: 0 within 2 points of the ideal denoiser at every level trained and tested, 1 not so,
2 bad input or diverged, 130 Ctrl-C.

)";

TrainingOptions defaults() {
    TrainingOptions o;
    o.widths = {glyph_pixels, 128, 48};
    o.activations = {{Activation::Kind::leaky_relu}, {Activation::Kind::softmax}, {Activation::Kind::tanh}};
    o.optimizer.learning_rate = 0.001;
    o.epochs = 60;
    o.studies = {{"levels", {}, {}},
                 {"architectures", {"layers"}, {"35,48", "35,128,48", "35,128,64,48"}},
                 {"bottleneck", {"layers"}, {"2", "4", "8", "16", "32"}}};
    add_usual_studies(o);
    o.out = "out/denoising";
    return o;
}

}  // namespace

std::vector<double> read_levels(const std::string& option, const std::string& text, Noise::Kind kind) {
    std::vector<double> levels = parse_numbers(option, text);
    for (const double level : levels) {
        require_level({kind, level});
    }
    std::ranges::sort(levels);
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    return levels;
}

std::optional<Options> read_options(int argc, const char* const* argv) {
    Options options{{defaults(), {}}, {}, {}};
    std::string levels, test_levels;
    bool fixed_noise = false;
    CommandLine line(usage);
    add_font_option(line, options);
    line.add_choice("noise", "What distorts the letters: flip, salt_and_pepper or gaussian.", options.test.noise,
                    noise_from_name);
    line.add_text("levels", "P,P,...",
                  "Train with noise of these levels: probabilities, or the standard deviations of gaussian; "
                  "for flip they are 0,0.05,0.1,0.15,0.2.",
                  levels);
    line.add_text("test-levels", "P,P,...", "Test at these levels; for flip they are 0.05,0.1,0.15,0.2,0.3.",
                  test_levels);
    line.add_count("sets", "Train with N copies of the font an epoch, for each level.", {1, 100'000}, options.sets);
    line.add_switch("fixed-noise", "Keep the same noisy letters in every epoch.", fixed_noise);
    line.add_count("draws", "Test with N draws of the noise, for each letter and level.", {1, 1'000'000},
                   options.test.draws);
    line.add_count("passes", "Apply the network N times, each time to its own answer.", {1, 100}, options.test.passes);
    add_training_options(line, options);
    if (!line.parse(argc, argv)) {
        return std::nullopt;
    }
    check_training_options(line, options, options.font.glyph_size());
    const Noise::Kind noise = options.test.noise;
    const auto [usual, usual_in_test] = usual_levels(noise);
    options.train_levels = line.given("levels") ? read_levels("levels", levels, noise) : usual;
    options.test.levels = line.given("test-levels") ? read_levels("test-levels", test_levels, noise) : usual_in_test;
    options.fresh = !fixed_noise;
    if (options.study == "levels") {
        line.refuse({"levels"}, "--study levels");
        for (const std::string& value : options.variants) {
            read_levels("variant", value, noise);
        }
        for (std::size_t l = 0; l <= usual.size() && options.variants.empty(); ++l) {
            options.studies.front().values.push_back(l < usual.size() ? to_text(usual[l]) : "all");
        }
    } else if (options.study == "bottleneck") {
        // One more hidden layer than the default, for with few numbers in the middle the way there and back
        // is longer; and a linear latent layer, for two softmax units are but one number.
        line.refuse({"latent-activation"}, "--study bottleneck");
        options.widths = {options.font.glyph_size(), 128, 64, 2};
        options.activations.latent = {Activation::Kind::identity};
    } else if (std::ranges::none_of(options.test.levels, [&](double level) {
                   return std::ranges::count(options.train_levels, level) > 0;
               })) {
        throw Error("--test-levels: expected at least one of the levels of the training");
    }
    return options;
}

}  // namespace hourglass::denoising
