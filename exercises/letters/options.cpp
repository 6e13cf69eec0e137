#include "hourglass/io/files.hpp"
#include "letters/letters.hpp"

namespace hourglass::letters {
namespace {

constexpr const char* usage =
    R"(Exercise 1a: the letters of a 5x7 font through a latent space of two numbers, and back.

  ./lab letters                        the 32 letters of font 3
  ./lab letters --seeds 20             how often it works
  ./lab letters --study losses         why mean squared error stands still

Exit status: 0 every letter has at most 1 wrong pixel (with every seed; in a study, for one of
its variants), 1 not so, 2 bad input or diverged, 130 Ctrl-C.

)";

TrainingOptions defaults() {
    TrainingOptions o;
    o.widths = {glyph_pixels, 25, 15, 2};
    o.activations = {{Activation::Kind::tanh}, {Activation::Kind::identity}, {Activation::Kind::tanh}};
    o.optimizer.learning_rate = 0.003;
    o.epochs = 2000;
    o.studies = {"architectures", "optimizers", "activations", "initializations", "losses"};
    o.out = "out/letters";
    return o;
}

/// What a study chooses itself, for each of its variants.
std::vector<const char*> chosen_by(const std::string& study) {
    if (study == "optimizers") {
        return {"optimizer", "learning-rate", "momentum", "nesterov", "beta1", "beta2"};
    }
    return {study == "architectures"     ? "layers"
            : study == "activations"     ? "activation"
            : study == "initializations" ? "init"
                                         : "loss"};
}

/// k-h, w-u, f-{ and n-r where the font has them.
std::vector<Transition> known_transitions(const Font& font) {
    std::vector<Transition> transitions;
    for (const auto& [from, to] : {std::pair{"k", "h"}, {"w", "u"}, {"f", "{"}, {"n", "r"}}) {
        if (font.find(from) && font.find(to)) {
            transitions.push_back({*font.find(from), *font.find(to)});
        }
    }
    return transitions;
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    Options options{defaults(), {}, {}};
    std::string font = "3";
    std::vector<std::string> transitions;
    CommandLine line(usage);
    line.add_text("font", "X", "1, 2 or 3, or a font file of your own", font);
    line.add_list("transition", "A-B", "letters to walk between, as k-h; may be given several times",
                  transitions);
    line.add_switch("animate", "also draw the latent space while it forms, as forming.gif", options.animate);
    line.add_count("seeds", "train N seeds side by side, from --seed on", {1, 100'000}, options.seeds, false);
    line.add_text("study", "NAME",
                  listed(options.studies) + "; 5 seeds a variant unless --seeds says otherwise",
                  options.study);
    add_training_options(line, options);
    if (!line.parse(argc, argv)) {
        return std::nullopt;
    }
    options.font = choose_font(font);
    check_training_options(line, options, options.font.glyph_size());
    if (!options.study.empty()) {
        line.refuse(chosen_by(options.study), "--study " + options.study);
        options.seeds = line.given("seeds") ? options.seeds : 5;
    }
    options.transitions = known_transitions(options.font);
    if (!transitions.empty() || options.transitions.empty()) {
        const Font& its = options.font;
        options.transitions = read_transitions(
            transitions, its.size(), [&](std::string_view name) { return its.find(name); },
            "two letters of " + its.file + ", such as " + its.glyphs.front().name + "-" +
                its.glyphs.back().name);
    }
    make_writable_folder(options.out);
    return options;
}

}  // namespace hourglass::letters
