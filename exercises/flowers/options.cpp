#include "flowers/flowers.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/progress.hpp"

namespace hourglass::flowers {
namespace {

constexpr const char* usage =
    R"(Exercise 2: photographs of 32x32 gray pixels in a handful of numbers, and back.

  ./lab flowers                          the 24 flowers of data/flowers
  ./lab flowers --images DIR             other photographs, JPEG or PNG
  ./lab flowers --study latent           how few numbers do

Exit status: 0 the mean squared error is at most 0.005 (in a study: of one of them), 1 not so,
2 bad input or diverged, 130 Ctrl-C.

)";

TrainingOptions defaults() {
    TrainingOptions o;
    o.input = {side, side};
    o.widths = {side * side, 256, 64, 6};
    o.activations = {{Activation::Kind::leaky_relu}, {Activation::Kind::identity}, {Activation::Kind::tanh}};
    o.loss = Loss::mean_squared_error;
    o.optimizer.learning_rate = 0.001;
    o.batch_size = 20;
    o.epochs = 2000;
    o.sample = "image";
    o.several_seeds = false;
    o.studies = {{"latent", {"layers"}, {"6", "5", "4", "3", "2", "1"}},
                 {"architectures",
                  {"layers"},
                  {"1024,6", "1024,64,6", "1024,256,6", "1024,256,64,6", "1024,256,128,64,6", "1024,256,128,64,32,6"}}};
    add_usual_studies(o);
    o.out = "out/flowers";
    return o;
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    Options options{defaults(), {}, {}};
    std::string folder, list, flower = "1";
    std::vector<std::string> transitions;
    CommandLine line(usage);
    line.add_text("images", "DIR", "The folder of the images, JPEG or PNG of any size, in place of data/flowers.",
                  folder);
    line.add_text("list", "FILE", "A file that names images of that folder, one a line, in the order wanted.", list);
    line.add_list("transition", "I-J",
                  "Show the way between two images, named or by position; may be given several times.", transitions);
    line.add_text("flower", "I", "The image whose other components the walk through the first two keeps.", flower);
    line.add_switch("animate", "Also draw the codes while they form, as forming.gif.", options.animate);
    add_training_options(line, options);
    if (!line.parse(argc, argv)) {
        return std::nullopt;
    }
    check_training_options(line, options, side * side);
    const Progress progress("reading the images", options.quiet);
    const bool own = line.given("images");
    folder = own ? expand_home(folder).string() : HOURGLASS_DATA_DIR "/flowers";
    options.images =
        line.given("list") ? read_image_list(expand_home(list), folder, side) : read_image_folder(folder, side);
    const std::size_t n = options.images.size();
    if (n < options.batch_size && options.epochs > 0) {
        throw Error((own ? folder : "data/flowers") + ": " + std::to_string(n) +
                    " images are fewer than a batch; try --batch-size " + std::to_string(n));
    }
    const auto find = [&](std::string_view name) { return options.images.find(name); };
    const std::string images = "of the " + std::to_string(n) + " images";
    const auto chosen = find(flower);
    if (!chosen) {
        throw Error("--flower: expected one " + images + ", got '" + flower + "'");
    }
    options.flower = *chosen;
    options.transitions = read_transitions(transitions, {}, n, find, "two " + images + ", such as 1-2");
    options.samples = std::to_string(n) + " images";
    return options;
}

}  // namespace hourglass::flowers
