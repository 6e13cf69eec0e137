#include <algorithm>
#include <iostream>

#include "common/report.hpp"
#include "denoising/denoising.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::denoising {
namespace {

namespace po = boost::program_options;

constexpr const char* usage =
    "Exercise 1b: noisy letters in, clean letters out.\n"
    "\n"
    "  ./lab denoising                        one network for all noise levels\n"
    "  ./lab denoising --seeds 3              the mean of three\n"
    "  ./lab denoising --study bottleneck     what a small latent size costs\n"
    "\n"
    "Exit status: 0 within 2 points of the ideal denoiser at every level trained and tested, 1 not "
    "so,\n"
    "2 bad input or diverged, 130 Ctrl-C.\n"
    "\n";

TrainingOptions defaults() {
    TrainingOptions o;
    o.widths = {glyph_pixels, 128, 48};
    o.activations = {
        {Activation::Kind::leaky_relu}, {Activation::Kind::softmax}, {Activation::Kind::tanh}};
    o.loss = Loss::cross_entropy;
    o.optimizer.learning_rate = 0.001;
    o.schedule.kind = Schedule::Kind::cosine;
    o.epochs = 60;
    o.out = "out/denoising";
    return o;
}

/// The levels that go with a kind of noise: alike in what they do to a letter.
std::string default_levels(Noise::Kind kind, bool for_test) {
    switch (kind) {
        case Noise::Kind::flip:
            return for_test ? "0.05,0.1,0.15,0.2,0.3" : "0,0.05,0.1,0.15,0.2";
        case Noise::Kind::salt_and_pepper:
            return for_test ? "0.1,0.2,0.3,0.4,0.6" : "0,0.1,0.2,0.3,0.4";
        case Noise::Kind::gaussian:
            return for_test ? "0.6,0.8,1,1.2,1.6" : "0,0.6,0.8,1,1.2";
    }
    return "";
}

std::vector<double> read_levels(const CommandLine& line, const std::string& option,
                                Noise::Kind kind) {
    std::vector<double> levels =
        parse_numbers(option, line.given(option) ? line.value<std::string>(option)
                                                 : default_levels(kind, option == "test-levels"));
    for (const double level : levels) {
        require_level({kind, level});
    }
    std::ranges::sort(levels);
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    return levels;
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    CommandLine line(usage, defaults());
    line.add_options()  //
        ("font", po::value<std::string>()->default_value("3")->value_name("X"),
         "1, 2 or 3, or a font file of your own")  //
        ("noise", po::value<std::string>()->default_value("flip")->value_name("X"),
         "flip, salt_and_pepper or gaussian")  //
        ("levels", po::value<std::string>()->value_name("P,P,..."),
         "of the noise in training: a probability, or the standard deviation of gaussian; "
         "0,0.05,0.1,0.15,0.2 for flip")  //
        ("test-levels", po::value<std::string>()->value_name("P,P,..."),
         "of the noise in the evaluation; 0.05,0.1,0.15,0.2,0.3 for flip")  //
        ("sets", po::value<std::int64_t>()->default_value(64)->value_name("N"),
         "copies of the font an epoch, for each level")  //
        ("fixed-noise", po::bool_switch(),
         "the same noisy letters in every epoch, not new ones")  //
        ("draws", po::value<std::int64_t>()->default_value(1000)->value_name("N"),
         "of the noise in the evaluation, for each letter and level")  //
        ("passes", po::value<std::int64_t>()->default_value(3)->value_name("N"),
         "how often the network is applied, each time to its own answer")  //
        ("seeds", po::value<std::int64_t>()->default_value(1)->value_name("N"),
         "train N seeds side by side, from --seed on, and report their mean")  //
        ("study", po::value<std::string>()->value_name("NAME"), "bottleneck");
    if (!line.parse(argc, argv, std::cout)) {
        return std::nullopt;
    }
    Options options;
    options.font = choose_font(line.value<std::string>("font"));
    static_cast<TrainingOptions&>(options) = line.training_options(options.font.glyph_size());
    options.noise = noise_from_name(line.value<std::string>("noise"));
    options.train_levels = read_levels(line, "levels", options.noise);
    options.test_levels = read_levels(line, "test-levels", options.noise);
    options.sets = static_cast<int>(line.count("sets", 1, 100'000));
    options.fresh = !line.value<bool>("fixed-noise");
    options.draws = static_cast<int>(line.count("draws", 1, 1'000'000));
    options.passes = static_cast<int>(line.count("passes", 1, 100));
    options.seeds = static_cast<int>(line.count("seeds", 1, 10'000));
    if (line.given("study")) {
        options.study = line.value<std::string>("study");
        if (options.study != "bottleneck") {
            throw Error("--study: expected bottleneck, got '" + options.study + "'");
        }
    }
    if (options.study.empty() && std::ranges::none_of(options.test_levels, [&](double level) {
            return std::ranges::count(options.train_levels, level) > 0;
        })) {
        throw Error("--test-levels: expected at least one of the levels of the training");
    }
    if (!options.study.empty() && (line.given("layers") || line.given("latent-activation"))) {
        throw Error(
            "--study: chooses the layers itself; expected no --layers and no --latent-activation");
    }
    if (options.start && (options.seeds > 1 || !options.study.empty())) {
        throw Error("--load: one model has one seed; expected no --seeds and no --study");
    }
    Pictures(options.out, options.plot_format);  // for its complaints
    make_writable_folder(options.out);
    return options;
}

}  // namespace hourglass::denoising
