#include <algorithm>
#include <cmath>

#include "common/convolution_study.hpp"
#include "hourglass/analysis/pixel_range.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/io/files.hpp"
#include "satellite/satellite.hpp"

namespace hourglass::satellite {
namespace {

constexpr const char* usage =
    R"(Exercise 5: 4000 satellite images of 64x64 pixels in colour, 50 numbers for each, and the map of these.

  ./lab satellite                         a convolutional variational autoencoder, and the map of its codes
  ./lab satellite --loss cross_entropy    another likelihood of a pixel, and codes that say a fifth as much
  ./lab satellite --study reconstruction  what images lose as codes become such that one can draw from them
  ./lab satellite --study filters         what the size of its convolutions costs and brings
  ./lab satellite --data DIR              images of your own, in a folder for each class

Exit status: 0 the criterion that the report names held (in a study, for a variant), 1 not so, 2 bad input
or diverged, 130 Ctrl-C.

)";

const ConvolutionalEncoder usual = {{16, 32, 64, 128}, "4x4", "", true};

/// What is read as text, and becomes something else once the images are there.
struct Texts {
    std::string data = HOURGLASS_DATA_DIR "/eurosat";
    std::size_t size = 64;
    std::vector<std::string> transitions = {};
};

Options defaults() {
    Options o;
    o.encoder = layers_of(usual);
    o.beta = 1;
    o.loss = Loss::mean_squared_error;
    o.optimizer.learning_rate = 0.003;
    o.batch_size = 20;
    o.epochs = 40;
    o.initialization = Initialization::he;
    o.sample = "image";
    o.from_zero = true;
    o.several_seeds = false;
    o.widths = {1};  // and others once the images are there
    for (const char* study : {"filters", "kernels", "layers", "pooling", "reconstruction"}) {
        o.studies.push_back({study, {"layers"}, {}});
    }
    o.out = "out/satellite";
    return o;
}

void add_options(CommandLine& line, Options& o, Texts& texts) {
    line.add_text("data", "DIR", "Read the JPEG or PNG images of this folder, in a subfolder for each class.", texts.data);
    line.add_count("size", "The side that images are scaled to, in pixels.", {4, 512}, texts.size);
    line.add_count("latent", "Encode an image in N numbers, after the layers of --layers.", {1, 4096}, o.latent_size);
    line.add_number("beta", "What the KL divergence weighs in the loss, at least 0.", *o.beta);
    line.add_number("sigma", "For --loss mse: the standard deviation of a pixel around what is decoded, where white is 1.",
                    o.sigma);
    line.add_list("transition", "A-B", "Walk from image A to B, by number or name; may be given several times.",
                  texts.transitions);
    line.add_count("picture", "On the map, a picture is N pixels wide.", {1, 512}, o.side);
    add_training_options(line, o);
}

/// The layers that give the codes, with this beta; without one, those of a plain autoencoder.
std::string code_layers(const Options& o, std::optional<double> beta) {
    const std::string size = std::to_string(o.latent_size);
    return beta ? text(", dense(%zu), sampling(", 2 * o.latent_size) + size + "," + to_exact_text(*beta / o.nats()) + ")"
                : ", dense(" + size + ")";
}

void add_studies(Options& o) {
    ConvolutionalEncoder encoder = usual;
    encoder.code = code_layers(o, o.beta);
    std::vector<std::string> depths;
    std::vector<std::size_t> filters = {16};
    while (filters.size() < 5 && o.input.height >> filters.size() >= 4) {  // one alone diverges: its code sums 16384 numbers
        filters.push_back(2 * filters.back());
        depths.push_back(text("%zu convolutions: ", filters.size()) +
                         layers_of({filters, usual.size, encoder.code, true}));
    }
    o.studies = convolution_studies(encoder, {"2x2", "3x3", "4x4", "6x6"}, depths);
    Study& reconstruction = o.studies.emplace_back(Study{"reconstruction", {"layers", "beta"}, {}});
    reconstruction.values.push_back("plain autoencoder: " + layers_of(usual) + code_layers(o, std::nullopt));
    for (const char* beta : {"0.01", "0.1", "1", "10", "100"}) {
        reconstruction.values.push_back("beta " + std::string(beta) + ": " + layers_of(usual) +
                                        code_layers(o, std::stod(beta)));
    }
}

/// @throws Error  for a value that it does not have
void check_likelihood(const CommandLine& line, const Options& o) {
    if (o.loss == Loss::mean_absolute_error) {
        throw Error("--loss: expected mse, for a normal distribution of a pixel, or cross_entropy, got mae");
    }
    if (o.loss == Loss::cross_entropy) {
        line.refuse({"sigma"}, "--loss cross_entropy");
    }
    if (!(o.sigma > 0) || !std::isfinite(o.sigma)) {
        throw Error("--sigma: expected a positive number, got " + to_text(o.sigma));
    }
}

void read_set(Options& o, const Texts& texts) {
    auto set = std::make_shared<ImageSet>(read_image_folder(expand_home(texts.data), texts.size, 3));
    if (set->classes.size() < 2 || set->size() < 12) {
        throw Error(texts.data + ": expected 12 images or more in subfolders, one for each of 2 classes or more, found " +
                    std::to_string(set->size()) + " in " + std::to_string(set->classes.size()));
    }
    to_zero_one(set->X, set->X);
    o.samples = text("%zu images of %zu classes", set->size(), set->classes.size());
    o.input = {set->side, set->side, 3};
    o.transitions = read_transitions(
        texts.transitions, {}, set->size(), [&](std::string_view name) { return set->find(name); },
        "two of the " + std::to_string(set->size()) + " images, such as 1-2");
    o.set = std::move(set);
}

}  // namespace

double Options::nats() const {
    const auto d = static_cast<double>(input.size());
    return loss == Loss::mean_squared_error ? d / (2 * sigma * sigma) : 1;
}

std::optional<Options> read_options(int argc, const char* const* argv) {
    Options o = defaults();
    Texts texts;
    CommandLine line(usage);
    add_options(line, o, texts);
    if (!line.parse(argc, argv)) {
        return std::nullopt;
    }
    check_likelihood(line, o);
    read_set(o, texts);
    o.encoder += code_layers(o, o.beta);
    add_studies(o);
    check_training_options(line, o, o.input.size());
    return o;
}

}  // namespace hourglass::satellite
