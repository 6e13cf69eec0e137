#include <algorithm>
#include <charconv>
#include <iostream>

#include "common/report.hpp"
#include "flowers/flowers.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::flowers {
namespace {

namespace po = boost::program_options;

constexpr const char* usage =
    "Exercise 2: photographs of 32x32 gray pixels in a handful of numbers, and back.\n"
    "\n"
    "  ./lab flowers                          the 24 flowers of data/flowers\n"
    "  ./lab flowers --images DIR             other photographs, JPEG or PNG\n"
    "  ./lab flowers --study latent           how few numbers do\n"
    "\n"
    "Exit status: 0 the mean squared error is at most 0.005 (in a study: of one of them), 1 not "
    "so,\n"
    "2 bad input or diverged, 130 Ctrl-C.\n"
    "\n";

TrainingOptions defaults() {
    TrainingOptions o;
    o.widths = {side * side, 256, 64, 6};
    o.activations = {
        {Activation::Kind::leaky_relu}, {Activation::Kind::identity}, {Activation::Kind::tanh}};
    o.loss = Loss::mean_squared_error;
    o.optimizer.learning_rate = 0.001;
    o.schedule.kind = Schedule::Kind::cosine;
    o.batch_size = 20;
    o.epochs = 2000;
    o.out = "out/flowers";
    return o;
}

/// A position counted from 1, or a file's name with or without its ending, as a position from 0.
std::optional<std::size_t> find_image(const ImageSet& images, std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size() && number >= 1 &&
        number <= images.size()) {
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

std::pair<std::size_t, std::size_t> find_transition(const ImageSet& images,
                                                    const std::string& text) {
    for (std::size_t hyphen = text.find('-'); hyphen != std::string::npos;
         hyphen = text.find('-', hyphen + 1)) {
        const auto from = find_image(images, std::string_view(text).substr(0, hyphen));
        const auto to = find_image(images, std::string_view(text).substr(hyphen + 1));
        if (from && to) {
            return {*from, *to};
        }
    }
    throw Error("--transition: expected two of the " + std::to_string(images.size()) +
                " images, such as 1-2, got '" + text + "'");
}

ImageSet read_images(const CommandLine& line) {
    const std::string folder =
        line.given("images") ? line.value<std::string>("images") : HOURGLASS_DATA_DIR "/flowers";
    return line.given("list") ? read_image_list(line.value<std::string>("list"), folder, side)
                              : read_image_folder(folder, side);
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv) {
    CommandLine line(usage, defaults());
    line.add_options()  //
        ("images", po::value<std::string>()->value_name("DIR"),
         "a folder of JPEG or PNG images of any size; data/flowers by default")  //
        ("list", po::value<std::string>()->value_name("FILE"),
         "a file that names images of that folder, one a line, in the order wanted")  //
        ("transition", po::value<std::vector<std::string>>()->composing()->value_name("I-J"),
         "images to walk between, by position or name; may be given several times")  //
        ("flower", po::value<std::string>()->default_value("1")->value_name("I"),
         "the image whose other components the walk through the first two keeps")              //
        ("animate", po::bool_switch(), "also draw the codes while they form, as forming.gif")  //
        ("study", po::value<std::string>()->value_name("NAME"), listed(study_names()).c_str());
    if (!line.parse(argc, argv, std::cout)) {
        return std::nullopt;
    }
    Options options;
    static_cast<TrainingOptions&>(options) = line.training_options(side * side);
    options.images = read_images(line);
    const std::size_t n = options.images.size();
    if (n < options.batch_size) {
        throw Error((line.given("images") ? line.value<std::string>("images") : "data/flowers") +
                    ": " + std::to_string(n) + " images are fewer than a batch; try --batch-size " +
                    std::to_string(n));
    }
    const auto flower = find_image(options.images, line.value<std::string>("flower"));
    if (!flower) {
        throw Error("--flower: expected one of the " + std::to_string(n) + " images, got '" +
                    line.value<std::string>("flower") + "'");
    }
    options.flower = *flower;
    if (line.given("transition")) {
        for (const std::string& text : line.value<std::vector<std::string>>("transition")) {
            options.transitions.push_back(find_transition(options.images, text));
        }
    } else {
        for (const std::size_t quarter : {0u, 1u, 2u, 3u}) {
            const std::pair pair = {quarter * n / 8, (quarter * n / 8 + n / 2) % n};
            if (pair.first != pair.second && std::ranges::count(options.transitions, pair) == 0) {
                options.transitions.push_back(pair);
            }
        }
    }
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
        if (line.given("layers") || options.animate) {
            throw Error(
                "--study: chooses the layers itself and draws no animation; expected no --layers "
                "and no --animate");
        }
        if (options.start) {
            throw Error("--load: a study trains its own models; expected no --study");
        }
    }
    Pictures(options.out, options.plot_format);  // for its complaints
    make_writable_folder(options.out);
    return options;
}

}  // namespace hourglass::flowers
