#include <algorithm>
#include <iostream>

#include "common/report.hpp"
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
    "Exit status: 0 every letter has at most 1 wrong pixel (with every seed; in a study, for one of\n"
    "its variants), 1 not so, 2 bad input or diverged, 130 Ctrl-C.\n"
    "\n";

TrainingOptions defaults() {
    TrainingOptions o;
    o.widths = {glyph_pixels, 25, 15, 2};
    o.activations = {
        {Activation::Kind::tanh}, {Activation::Kind::identity}, {Activation::Kind::tanh}};
    o.loss = Loss::cross_entropy;
    o.optimizer.learning_rate = 0.003;
    o.schedule.kind = Schedule::Kind::cosine;
    o.epochs = 2000;
    o.out = "out/letters";
    return o;
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    CommandLine line(usage, defaults());
    line.add_options()  //
        ("font", po::value<std::string>()->default_value("3")->value_name("X"),
         "1, 2 or 3, or a font file of your own")  //
        ("transition", po::value<std::vector<std::string>>()->composing()->value_name("A-B"),
         "letters to walk between, as k-h; may be given several times")  //
        ("animate", po::bool_switch(),
         "also draw the latent space while it forms, as forming.gif")  //
        ("seeds", po::value<std::int64_t>()->value_name("N"),
         "train N seeds side by side, from --seed on")  //
        ("study", po::value<std::string>()->value_name("NAME"),
         (listed(study_names()) + "; 5 seeds a variant unless --seeds says otherwise").c_str());
    if (!line.parse(argc, argv, std::cout)) {
        return std::nullopt;
    }
    Options options;
    options.font = choose_font(line.value<std::string>("font"));
    static_cast<TrainingOptions&>(options) = line.training_options(options.font.glyph_size());
    options.animate = line.value<bool>("animate");
    if (options.animate && options.widths.back() < 2) {
        throw Error("--animate: expected a latent size of at least 2");
    }
    if (line.given("study")) {
        options.study = line.value<std::string>("study");
        if (std::ranges::count(study_names(), options.study) == 0) {
            throw Error("--study: expected " + listed(study_names()) + ", got '" + options.study +
                        "'");
        }
        options.seeds = 5;
    }
    if (line.given("seeds")) {
        options.seeds = static_cast<int>(line.count("seeds", 1, 100'000));
    }
    if (options.start && (options.seeds > 1 || !options.study.empty())) {
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
