#include <algorithm>
#include <iostream>

#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/plot/pictures.hpp"
#include "letters/letters.hpp"
#include "letters/pictures.hpp"

namespace hourglass::letters {
namespace {

namespace po = boost::program_options;

constexpr const char* usage =
    "Exercise 1a: the letters of a 5x7 font through a latent space of two numbers, and back.\n"
    "\n"
    "  ./lab letters                        the 32 letters of font 3\n"
    "  ./lab letters --seeds 20             how often it works\n"
    "  ./lab letters --study losses         why mean squared error stands still\n"
    "\n"
    "Exit status: 0 every letter has at most 1 wrong pixel, 1 not so, 2 bad input.\n"
    "\n";

TrainingOptions defaults() {
    TrainingOptions o;
    o.widths = {glyph_pixels, 25, 15, 2};
    o.activations = {{Activation::Kind::tanh}, {Activation::Kind::identity}, {Activation::Kind::tanh}};
    o.loss = Loss::cross_entropy;
    o.optimizer.learning_rate = 0.003;
    o.schedule.kind = Schedule::Kind::cosine;
    o.epochs = 2000;
    o.out = "out/letters";
    return o;
}

Font choose_font(const std::string& choice) {
    const bool ours = choice == "1" || choice == "2" || choice == "3";
    Font font = read_font(ours ? HOURGLASS_DATA_DIR "/fonts/font" + choice + ".txt" : choice);
    if (ours) {
        font.file = "font" + choice + ".txt";  // the same report wherever the project stands
    }
    return font;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

/// The widths of the model that --load names take the place of --layers.
void adopt_model(Options& options, bool layers_given) {
    options.start = load_model(options.load);
    const SavedModel& saved = *options.start;
    std::vector<std::size_t> widths = saved.model.widths();
    widths.resize(widths.size() / 2 + 1);
    const std::string file = options.load.string();
    if (widths.front() != glyph_pixels) {
        throw Error(file + ": expected a model of " + std::to_string(glyph_pixels) +
                    " pixels, found one of " + std::to_string(widths.front()));
    }
    if (layers_given && widths != options.widths) {
        throw Error(file + ": is a model of " + widths_text(widths) + ", but --layers says " +
                    widths_text(options.widths));
    }
    options.widths = widths;
    const std::size_t latent = saved.model.latent_layer();
    options.activations = {saved.model.layer(1).activation, saved.model.layer(latent).activation,
                           saved.model.layer(saved.model.depth()).activation};
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    CommandLine line(usage, defaults());
    line.add_options()  //
        ("font", po::value<std::string>()->default_value("3")->value_name("X"),
         "1, 2 or 3, or a font file of your own")  //
        ("transition", po::value<std::vector<std::string>>()->composing()->value_name("A-B"),
         "letters to walk between, as k-h; may be given several times")  //
        ("seeds", po::value<std::int64_t>()->value_name("N"),
         "train N seeds side by side, from --seed on")  //
        ("study", po::value<std::string>()->value_name("NAME"),
         (listed(study_names()) + "; 5 seeds a variant unless --seeds says otherwise").c_str());
    if (!line.parse(argc, argv, std::cout)) {
        return std::nullopt;
    }
    Options options;
    static_cast<TrainingOptions&>(options) = line.training_options();
    options.font = choose_font(line.value<std::string>("font"));
    if (options.widths.front() != glyph_pixels) {
        throw Error("--layers: expected the first width to be the font's " +
                    std::to_string(glyph_pixels) + " pixels, got " +
                    std::to_string(options.widths.front()));
    }
    const Activation::Kind output = options.activations.output.kind;
    if (output != Activation::Kind::tanh && output != Activation::Kind::identity) {
        throw Error("--output-activation: the pixels are +1 and -1; expected tanh or identity, got " +
                    name_of(options.activations.output));
    }
    if (line.given("study")) {
        options.study = line.value<std::string>("study");
        if (std::ranges::count(study_names(), options.study) == 0) {
            throw Error("--study: expected " + listed(study_names()) + ", got '" + options.study + "'");
        }
        options.seeds = 5;
    }
    if (line.given("seeds")) {
        const std::int64_t seeds = line.value<std::int64_t>("seeds");
        if (seeds < 1 || seeds > 100'000) {
            throw Error("--seeds: expected a whole number from 1 to 100000, got " +
                        std::to_string(seeds));
        }
        options.seeds = static_cast<int>(seeds);
    }
    if (!options.load.empty()) {
        adopt_model(options, line.given("layers"));
    } else if (options.epochs == 0) {
        throw Error("--epochs: expected at least 1, got 0 (only with --load is there a model to report)");
    }
    require_compatible(options.loss, options.activations.output);
    if (!options.load.empty() && (options.seeds > 1 || !options.study.empty())) {
        throw Error("--load: one model has one seed; expected no --seeds and no --study");
    }
    options.transitions = line.given("transition")
                              ? line.value<std::vector<std::string>>("transition")
                              : default_transitions(options.font);
    for (const std::string& transition : options.transitions) {
        find_transition(options.font, transition);  // for its complaints
    }
    Pictures(options.out, options.plot_format);  // likewise
    make_writable_folder(options.out);
    return options;
}

}  // namespace hourglass::letters
