#include <algorithm>

#include "common/convolution_study.hpp"
#include "fashion/fashion.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/names.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/data/noise.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::fashion {
namespace {

constexpr const char* usage =
    R"(Exercise 3: Fashion-MNIST, 70,000 images of 28x28 gray pixels of ten kinds of clothes.

  ./lab fashion                          784-64-784, against PCA with 64 components
  ./lab fashion --kind denoising         convolutions take noise away
  ./lab fashion --kind variational       an autoencoder that new images can be drawn from
  ./lab fashion --kind supervised        a classifier, and what codes know of the classes
  ./lab fashion --study filters          what the size of a convolutional network costs and brings
  ./lab fashion --map 10000              the codes of so many images on a map, by t-SNE
  ./lab fashion --data DIR               MNIST, or another set in four files of its kind

Exit status: 0 on test images better than every baseline (supervised: than a linear classifier; a study: one
of its nets is), 1 not so, 2 bad input or diverged, 130 Ctrl-C.

)";

/// How a kind is trained. In a list, N is the number of pixels, H/4 and W/4 are a quarter of the height and width.
struct Recipe {
    Kind kind;
    const char *name, *encoder, *decoder;
    Loss loss;
    std::size_t batch_size;
    double reference_rate, rate;  // the learning rate of published programs, which is constant, and ours
};

constexpr Recipe recipes[] = {
    {Kind::basic, "basic", "dense(64) relu", "dense(N) sigmoid", Loss::mean_squared_error, 32, 1e-3, 1e-3},
    {Kind::denoising, "denoising", "conv(16,3x3,s2,same) relu, conv(8,3x3,s2,same) relu",
     "conv_transposed(8,3x3,s2,same) relu, conv_transposed(16,3x3,s2,same) relu, conv(1,3x3,same) sigmoid",
     Loss::mean_squared_error, 32, 1e-3, 3e-3},
    {Kind::variational, "variational", "dense(400) relu, dense(40), sampling(20)",
     "dense(400) relu, dense(N) sigmoid", Loss::cross_entropy, 128, 1e-3, 1e-3},
    {Kind::convolutional_variational, "convolutional-variational",
     "conv(32,3x3,s2) relu, conv(64,3x3,s2) relu, dense(4), sampling(2)",
     "dense(2N) relu, conv_transposed(H/4xW/4x32,64,3x3,s2,same) relu, "
     "conv_transposed(32,3x3,s2,same) relu, conv_transposed(1,3x3,same) sigmoid",
     Loss::cross_entropy, 32, 1e-4, 1e-3},
    {Kind::supervised, "supervised", "dense(128) relu", "dense(10) softmax", Loss::cross_entropy, 128, 1e-3,
     1e-3}};

/// Of the denoising net.
std::vector<Study> studies() {
    const std::string half = conv_text("16,3x3,s2"), same = conv_text("16,3x3"), code = conv_text("8,3x3,s2");
    return convolution_studies({{16, 8}, "3x3"}, {"2x2", "3x3", "5x5", "7x7"},
                               {"1 layer: " + conv_text("2,3x3,s2"),  // all to codes of one size
                                "2 layers: " + half + ", " + code,
                                "3 layers: " + same + ", " + half + ", " + code,
                                "4 layers: " + same + ", " + half + ", " + same + ", " + code});
}

Options defaults(Kind kind, bool reference) {
    const Recipe& recipe = *std::ranges::find(recipes, kind, &Recipe::kind);
    Options o;
    o.kind = kind;
    o.encoder = recipe.encoder;
    o.decoder = recipe.decoder;
    o.classes = kind == Kind::supervised ? idx_classes : 0;
    o.loss = recipe.loss;
    o.optimizer.learning_rate = reference ? recipe.reference_rate : recipe.rate;
    o.batch_size = recipe.batch_size;
    o.epochs = 10;
    o.schedule.kind = reference ? Schedule::Kind::constant : Schedule::Kind::cosine;
    o.initialization = kind == Kind::denoising ? Initialization::layer_scaled : Initialization::xavier;
    o.sample = "image";
    o.from_zero = true;
    o.several_seeds = false;
    o.draws = true;
    o.widths = {1};  // and others once the images are there
    o.studies = studies();
    o.out = "out/fashion";
    return o;
}

/// What is read as text, and becomes something else once the images are there.
struct Texts {
    std::string recipe = "default", data;
    std::vector<std::string> transitions, codes;
    bool binarize = false;
};

void add_options(CommandLine& line, Options& o, Texts& texts) {
    line.add_choice(
        "kind", "Train this kind: basic, denoising, variational, convolutional-variational or supervised.",
        o.kind, kind_from_name);
    line.add_text("recipe", "X", "Train by the default recipe, or by reference, that of published programs.",
                  texts.recipe);
    line.add_text("data", "DIR", "Read the four files of MNIST, or of a set like it, not Fashion-MNIST.",
                  texts.data);
    line.add_switch("binarize", "Make each pixel black or white, at one half.", texts.binarize);
    line.add_number("noise", "For --kind denoising: its standard deviation, where white is 1 above black.",
                    o.noise);
    line.add_count("examples", "Show N test images of each class.", {1, 20}, o.examples);
    line.add_list("transition", "I-J",
                  "Walk from test image I to J, counted from 1; may be given several times.",
                  texts.transitions);
    line.add_list("codes", "FILE",
                  "Tell the classes by the codes of this model, too; may be given several times.",
                  texts.codes);
    add_map_options(line, o.map);
    add_training_options(line, o);
}

void read_sets(Options& o, const Texts& texts) {
    TrainAndTest sets =
        texts.data.empty()
            ? read_fashion_mnist({"/usr/share/datasets/fashion-mnist", HOURGLASS_DATA_DIR "/fashion-mnist"})
            : read_mnist(expand_home(texts.data));
    if (texts.binarize || (o.kind == Kind::convolutional_variational && texts.recipe == "reference")) {
        binarize(sets.train.X);
        binarize(sets.test.X);
    }
    o.samples = text("%zu training and %zu test images", sets.train.size(), sets.test.size());
    o.input = {sets.train.height, sets.train.width, 1};
    o.sets = std::make_shared<const TrainAndTest>(std::move(sets));
}

/// The sizes of the images in the lists of the nets.
void fill_in(Options& o) {
    const auto [height, width, channels] = o.input;
    if (o.decoder.find("/4") != std::string::npos && (height % 4 != 0 || width % 4 != 0)) {
        throw Error("--kind " + std::string(name_of(o.kind)) +
                    " halves its images twice; expected a height and width that 4 divides, got " +
                    o.input.text());
    }
    const std::pair<std::string, std::size_t> sizes[] = {
        {"H/4", height / 4}, {"W/4", width / 4}, {"2N", 2 * o.input.size()}, {"N", o.input.size()}};
    for (const auto& [name, value] : sizes) {
        if (const std::size_t at = o.decoder.find(name); at != std::string::npos) {
            o.decoder.replace(at, name.size(), std::to_string(value));
        }
    }
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    Options o = defaults(Kind::basic, false);
    Texts texts;
    CommandLine first(usage);  // the kind, which says what the defaults of the other options are
    add_options(first, o, texts);
    if (!first.parse(argc, argv)) {
        return std::nullopt;
    }
    if (texts.recipe != "default" && texts.recipe != "reference") {
        throw Error("--recipe: expected default or reference, got '" + texts.recipe + "'");
    }
    const Kind kind = o.study.empty() ? o.kind : Kind::denoising;
    if (first.given("kind") && kind != o.kind) {
        throw Error("--study: is of --kind denoising, got --kind " + std::string(name_of(o.kind)));
    }
    o = defaults(kind, texts.recipe == "reference");
    texts = {};
    CommandLine line(usage);
    add_options(line, o, texts);
    line.parse(argc, argv);
    o.kind = kind;
    require_level({Noise::Kind::gaussian, o.noise});
    read_sets(o, texts);
    fill_in(o);
    check_training_options(line, o, o.input.size());
    o.others = load_other_models(texts.codes, o.input.size());
    check_map_options(line, o.map, *o.sets);
    const std::size_t n = o.sets->test.size();
    o.transitions = read_transitions(
        texts.transitions, {}, n, [n](std::string_view name) { return position_from_text(name, n); },
        "two of the " + std::to_string(n) + " test images, such as 1-2");
    return o;
}

Kind kind_from_name(std::string_view name) {
    return value_from_name(
        "kind", name,
        {Kind::basic, Kind::denoising, Kind::variational, Kind::convolutional_variational, Kind::supervised});
}

std::string_view name_of(Kind kind) {
    return std::ranges::find(recipes, kind, &Recipe::kind)->name;
}

}  // namespace hourglass::fashion
