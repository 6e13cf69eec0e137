#include <algorithm>

#include "hourglass/core/error.hpp"
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
    o.studies = {{"architectures",
                  {"layers"},
                  {"35,10,2", "35,20,2", "35,40,2", "35,15,8,2", "35,25,15,2", "35,40,20,2", "35,32,24,16,2",
                   "35,48,32,16,8,2"}},
                 // Each with the learning rate that did best for it among factors of two or so.
                 {"optimizers",
                  {"optimizer", "learning-rate", "momentum"},
                  {"sgd 0.01", "sgd 0.001 0.9", "adagrad 0.1", "adam 0.003"}},
                 {"activations", {"activation"}, {"tanh", "leaky_relu"}},
                 {"initializations", {"init"}, {"layer_scaled", "xavier", "he"}},
                 {"losses", {"loss"}, {"cross_entropy", "mse"}}};
    add_usual_studies(o);
    o.study_seeds = 5;
    o.out = "out/letters";
    return o;
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    Options options{{defaults(), {}}, {}};
    std::vector<std::string> transitions;
    CommandLine line(usage);
    add_font_option(line, options);
    line.add_list("transition", "A-B", "Show the way between two letters, as k-h; may be given several times.",
                  transitions);
    add_decode_option(line, options);
    line.add_switch("animate", "Also draw the latent space while it forms, as forming.gif.", options.animate);
    add_training_options(line, options);
    if (!line.parse(argc, argv)) {
        return std::nullopt;
    }
    check_training_options(line, options, options.font.glyph_size());
    const Font& font = options.font;
    options.transitions = read_transitions(
        transitions, {"k-h", "w-u", "f-{", "n-r"}, font.size(), [&](std::string_view name) { return font.find(name); },
        "two letters of " + font.file + ", such as " + font.glyphs.front().name + "-" + font.glyphs.back().name);
    return options;
}

}  // namespace hourglass::letters
