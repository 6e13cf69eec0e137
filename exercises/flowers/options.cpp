#include <algorithm>
#include <charconv>

#include "flowers/flowers.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/io/files.hpp"

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
    o.widths = {side * side, 256, 64, 6};
    o.activations = {{Activation::Kind::leaky_relu}, {Activation::Kind::identity}, {Activation::Kind::tanh}};
    o.loss = Loss::mean_squared_error;
    o.optimizer.learning_rate = 0.001;
    o.batch_size = 20;
    o.epochs = 2000;
    o.sample = "image";
    o.studies = {"latent", "architectures"};
    o.out = "out/flowers";
    return o;
}

/// A position counted from 1, or a file's name with or without its ending, as a position from 0.
std::optional<std::size_t> find_image(const ImageSet& images, std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size() && number >= 1 && number <= images.size()) {
        return number - 1;
    }
    for (std::size_t i = 0; i < images.size(); ++i) {
        const std::filesystem::path name = images.names[i];
        if (text == name.string() || text == name.stem().string()) {
            return i;
        }
    }
    return std::nullopt;
}

}  // namespace

std::string Options::label(std::size_t image) const {
    const std::string name = std::filesystem::path(images.names[image]).stem().string();
    std::size_t end = std::min<std::size_t>(name.size(), 30);
    while (end < name.size() && (name[end] & 0xc0) == 0x80) {
        --end;  // between two characters of UTF-8, not in one
    }
    return std::to_string(image + 1) + ": " + one_line(name.substr(0, end));
}

std::optional<Options> read_options(int argc, const char* const* argv) {
    Options options{defaults(), {}, {}};
    std::string folder, list, flower = "1";
    std::vector<std::string> transitions;
    CommandLine line(usage);
    line.add_text("images", "DIR", "a folder of JPEG or PNG images of any size; data/flowers by default",
                  folder);
    line.add_text("list", "FILE", "a file that names images of that folder, one a line, in the order wanted",
                  list);
    line.add_list("transition", "I-J",
                  "images to walk between, by position or name; may be given several times", transitions);
    line.add_text("flower", "I", "the image whose other components the walk through the first two keeps",
                  flower);
    line.add_switch("animate", "also draw the codes while they form, as forming.gif", options.animate);
    line.add_text("study", "NAME", listed(options.studies), options.study);
    add_training_options(line, options);
    if (!line.parse(argc, argv)) {
        return std::nullopt;
    }
    check_training_options(line, options, side * side);
    if (!options.study.empty()) {
        line.refuse({"layers"}, "--study " + options.study);
    }
    const bool own = line.given("images");
    folder = own ? expand_home(folder).string() : HOURGLASS_DATA_DIR "/flowers";
    options.images = line.given("list") ? read_image_list(expand_home(list), folder, side)
                                        : read_image_folder(folder, side);
    const std::size_t n = options.images.size();
    if (n < options.batch_size) {
        throw Error((own ? folder : "data/flowers") + ": " + std::to_string(n) +
                    " images are fewer than a batch; try --batch-size " + std::to_string(n));
    }
    const auto find = [&](std::string_view name) { return find_image(options.images, name); };
    const std::string images = "of the " + std::to_string(n) + " images";
    const auto chosen = find(flower);
    if (!chosen) {
        throw Error("--flower: expected one " + images + ", got '" + flower + "'");
    }
    options.flower = *chosen;
    options.transitions = read_transitions(transitions, n, find, "two " + images + ", such as 1-2");
    make_writable_folder(options.out);
    return options;
}

}  // namespace hourglass::flowers
