#include "common/options.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/report.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/threads.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/pictures.hpp"

namespace hourglass {
std::vector<std::size_t> parse_widths(const std::string& text) {
    const auto widths = numbers_from_text<std::size_t>(text);
    if (widths.size() < 2 ||
        std::ranges::any_of(widths, [](std::size_t width) { return width == 0 || width > 100'000; })) {
        throw Error(
            "--layers: expected the encoder's widths, positive whole numbers such as "
            "35,25,15,2, got '" +
            text + "'");
    }
    return widths;
}

std::vector<double> parse_numbers(const std::string& option, const std::string& text) {
    const auto numbers = numbers_from_text<double>(text);
    if (numbers.empty() || !std::ranges::all_of(numbers, [](double x) { return std::isfinite(x); })) {
        throw Error("--" + option + ": expected numbers such as 0.05,0.1, got '" + text + "'");
    }
    return numbers;
}

namespace {

std::string study_names(const TrainingOptions& o) {
    std::vector<std::string> names;
    std::ranges::transform(o.studies, std::back_inserter(names), &Study::name);
    return listed(names);
}

}  // namespace

void add_training_options(CommandLine& line, TrainingOptions& o) {
    constexpr std::int64_t many = 1'000'000'000;
    o.threads = threads();
    line.add_text("study", "NAME", study_names(o) + "; several seeds a variant by --seeds", o.study);
    line.add_section("Network and training");
    line.add_text(
        "layers", "X", "the encoder's widths, from the input to the latent layer; the decoder mirrors them",
        widths_text(o.widths, ","), [&o](const std::string& text) { o.widths = parse_widths(text); });
    line.add_choice("activation",
                    "of the hidden layers: tanh, leaky_relu, leaky_relu(0.1), relu, sigmoid, identity",
                    o.activations.hidden, activation_from_name);
    line.add_choice("latent-activation", "of the latent layer", o.activations.latent, activation_from_name);
    line.add_choice("output-activation", "of the last layer", o.activations.output, activation_from_name);
    line.add_choice("loss", "mse, mae or cross_entropy", o.loss, loss_from_name);
    line.add_text("optimizer", "X", "sgd, adagrad or adam", o.optimizer.name);
    line.add_number("learning-rate", "eta, a positive number", o.optimizer.learning_rate);
    line.add_number("momentum", "of sgd, in [0, 1)", o.optimizer.momentum);
    line.add_switch("nesterov", "Nesterov's momentum, for sgd", o.optimizer.nesterov);
    line.add_number("beta1", "of adam, in [0, 1)", o.optimizer.beta1);
    line.add_number("beta2", "of adam, in [0, 1)", o.optimizer.beta2);
    line.add_choice("schedule", "how the learning rate changes: constant, step or cosine", o.schedule.kind,
                    schedule_from_name);
    line.add_count("step-epochs", "of the step schedule: after so many epochs ...", {1, many},
                   o.schedule.step_epochs);
    line.add_number("step-factor", "... the learning rate is multiplied by this", o.schedule.step_factor);
    line.add_choice("init", "of the weights: layer_scaled, xavier or he", o.initialization,
                    initialization_from_name);
    line.add_count("batch-size", "samples a step", {1, many}, o.batch_size);
    line.add_count("epochs", "passes over the training set", {0, many}, o.epochs);
    line.add_count("seed", "of everything random; the same seed gives the same bits", {0, INT64_MAX}, o.seed);
    line.add_count("threads", "threads for large layers; default: all cores; results do not depend on it",
                   {1, 1024}, o.threads, false);
    line.add_text("load", "FILE", "start from this model.safetensors; with --epochs 0, just report on it", "",
                  [&o](const std::string& text) { o.load = expand_home(text); });
    line.add_text("out", "X", "the folder for what the run leaves", o.out.string(),
                  [&o](const std::string& text) { o.out = expand_home(text); });
    line.add_text("plot-format", "X", "of the pictures: png, svg or pdf", o.plot_format);
    line.add_switch("live", "redraw the error chart while training", o.live);
    line.add_switch("quiet", "no progress line and no report, only files and exit status", o.quiet);
}

namespace {

void refuse_unused(const CommandLine& line, const TrainingOptions& o) {
    if (o.optimizer.name != "sgd") {
        line.refuse({"momentum", "nesterov"}, o.optimizer.name);
    }
    if (o.optimizer.name != "adam") {
        line.refuse({"beta1", "beta2"}, o.optimizer.name);
    }
    if (o.optimizer.momentum == 0) {
        line.refuse({"nesterov"}, "sgd without --momentum");
    }
    if (o.schedule.kind != Schedule::Kind::step) {
        line.refuse({"step-epochs", "step-factor"},
                    "the " + std::string(name_of(o.schedule.kind)) + " schedule");
    }
    if (!o.study.empty()) {
        line.refuse({"load", "live", "animate", "transition", "flower"}, "--study " + o.study);
        line.refuse(std::ranges::find(o.studies, o.study, &Study::name)->options, "--study " + o.study);
    }
    if (o.seeds > 1) {
        line.refuse({"load", "live"}, "several --seeds");
    }
}

/// The widths and activations of the model that --load names take the place of the options.
void adopt_model(const CommandLine& line, TrainingOptions& o) {
    o.start = load_model(o.load);
    const Autoencoder& model = o.start->model;
    std::vector<std::size_t> widths = model.widths();
    widths.resize(model.latent_layer() + 1);
    if (widths.front() != o.widths.front()) {
        throw Error(o.load.string() + ": expected a model of " + std::to_string(o.widths.front()) +
                    " pixels, found one of " + std::to_string(widths.front()));
    }
    if (model.widths() != mirrored_autoencoder(widths).widths()) {
        throw Error(o.load.string() + ": expected a decoder that mirrors the encoder, found widths " +
                    widths_text(model.widths()));
    }
    if (line.given("layers") && widths != o.widths) {
        throw Error(o.load.string() + ": is a model of " + widths_text(widths) + ", but --layers says " +
                    widths_text(o.widths));
    }
    line.refuse({"activation", "latent-activation", "output-activation", "init"},
                "a model that --load names, which comes with its own");
    if (o.start->epoch > std::numeric_limits<int>::max() - o.epochs) {
        throw Error(o.load.string() +
                    ": has too many epochs to go on from: " + std::to_string(o.start->epoch));
    }
    o.widths = widths;
    o.activations = {model.layer(1).activation, model.layer(model.latent_layer()).activation,
                     model.layer(model.depth()).activation};
}

}  // namespace

void check_training_options(const CommandLine& line, TrainingOptions& o, std::size_t pixels) {
    if (!line.given("layers")) {
        o.widths.front() = pixels;
    }
    if (o.widths.front() != pixels) {
        throw Error("--layers: expected the first width to be the " + std::to_string(pixels) +
                    " pixels of a sample, got " + std::to_string(o.widths.front()));
    }
    make_optimizer({}, o.optimizer);  // for its complaints
    Pictures(o.out, o.plot_format);   // likewise
    if (!(o.schedule.step_factor > 0) || !std::isfinite(o.schedule.step_factor)) {
        throw Error("--step-factor: expected a positive number, got " + to_text(o.schedule.step_factor));
    }
    if (line.given("study") && std::ranges::count(o.studies, o.study, &Study::name) == 0) {
        throw Error("--study: expected " + study_names(o) + ", got '" + o.study + "'");
    }
    if (o.out.empty()) {
        throw Error("--out: expected the name of a folder, got nothing");
    }
    refuse_unused(line, o);
    if (line.given("load")) {
        adopt_model(line, o);
    } else if (o.epochs == 0) {
        throw Error("--epochs: expected at least 1, got 0 (only with --load is there a model to report)");
    }
    const Activation::Kind output = o.activations.output.kind;
    if (output != Activation::Kind::tanh && output != Activation::Kind::identity) {
        throw Error((o.start ? o.load.string() : "--output-activation") +
                    ": pixels are in [-1, 1]; expected an output of tanh or identity, got " +
                    name_of(o.activations.output));
    }
    require_compatible(o.loss, o.activations.output);
    if (o.animate && o.widths.back() < 2) {
        throw Error("--animate: expected a latent size of at least 2");
    }
}

void add_font_option(CommandLine& line, FontOptions& o) {
    line.add_text("font", "X", "1, 2 or 3, or a font file of your own", "3", [&o](const std::string& name) {
        const bool ours = name == "1" || name == "2" || name == "3";
        o.font = read_font(expand_home(ours ? HOURGLASS_DATA_DIR "/fonts/font" + name + ".txt" : name));
        if (ours) {
            o.font.file = "font" + name + ".txt";  // the same report wherever the project stands
        }
        o.samples = text("the %zu letters of ", o.font.size()) + o.font.file;
    });
}

namespace {

using Find = std::function<std::optional<std::size_t>(std::string_view)>;

std::optional<Transition> find_transition(std::string_view text, const Find& find) {
    for (std::size_t hyphen = text.find('-'); hyphen != text.npos; hyphen = text.find('-', hyphen + 1)) {
        const auto from = find(text.substr(0, hyphen)), to = find(text.substr(hyphen + 1));
        if (from && to) {
            return Transition{*from, *to};
        }
    }
    return std::nullopt;
}

}  // namespace

std::vector<Transition> read_transitions(const std::vector<std::string>& texts,
                                         const std::vector<const char*>& usual, std::size_t samples,
                                         const Find& find, const std::string& expected) {
    std::vector<Transition> transitions;
    for (const std::string& text : texts) {
        const auto found = find_transition(text, find);
        if (!found) {
            throw Error("--transition: expected " + expected + ", got '" + text + "'");
        }
        transitions.push_back(*found);
    }
    for (const char* text : usual) {
        if (const auto found = find_transition(text, find); found && texts.empty()) {
            transitions.push_back(*found);
        }
    }
    const bool any = !transitions.empty();
    for (std::size_t quarter = 0; quarter < 4 && !any; ++quarter) {
        const std::size_t from = quarter * samples / 8;
        const Transition pair = {from, (from + samples / 2) % samples};
        if (pair.first != pair.second && std::ranges::count(transitions, pair) == 0) {
            transitions.push_back(pair);
        }
    }
    return transitions;
}

}  // namespace hourglass
