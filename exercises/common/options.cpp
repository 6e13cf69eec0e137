#include "common/options.hpp"

#include <algorithm>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/io/summary.hpp"
#include "hourglass/io/trace.hpp"
#include "hourglass/nn/parse_layers.hpp"
#include "hourglass/plot/axes.hpp"

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

std::string study_names(const TrainingOptions& o) {
    std::vector<std::string> names;
    std::ranges::transform(o.studies, std::back_inserter(names), &Study::name);
    return listed(names);
}

namespace {

void add_width_options(CommandLine& line, TrainingOptions& o) {
    const bool image = o.input.size() > 1 && !o.beta;
    line.add_text("layers", "N,N,...",
                  "The encoder's widths, from the input to the latent layer; the decoder mirrors them." +
                      std::string(image ? " Or its layers, such as 'conv(8,3x3,same) relu, dense(2)'." : ""),
                  widths_text(o.widths, ","), [&o, image](const std::string& text) {
                      const bool list = image && text.find('(') != text.npos;
                      o.encoder = list ? text : "";
                      o.widths = list ? o.widths : parse_widths(text);
                  });
    line.add_choice("activation",
                    "What hidden layers apply: tanh, leaky_relu, leaky_relu(0.1), relu, sigmoid, softmax or "
                    "identity.",
                    o.activations.hidden, activation_from_name);
    line.add_choice("latent-activation", "What the latent layer applies, one of the same.", o.activations.latent,
                    activation_from_name);
    line.add_choice("output-activation",
                    "What the last layer applies: tanh or identity, or sigmoid for pixels of 0 and 1.",
                    o.activations.output, activation_from_name);
    if (o.beta) {
        line.add_number("beta", "What the KL divergence weighs in the loss, at least 0.", *o.beta);
    }
}

void add_list_options(CommandLine& line, TrainingOptions& o) {
    line.add_text("layers", "LIST", "The encoder, such as 'conv(16,3x3,s2,same) relu, dense(64) relu'.", o.encoder);
    line.add_text("decoder", "LIST", "What comes after the code; for --layers of your own, it mirrors them.",
                  o.decoder);
}

void add_network_options(CommandLine& line, TrainingOptions& o) {
    line.add_section("The network");
    o.encoder.empty() ? add_width_options(line, o) : add_list_options(line, o);
    line.add_choice("init", "How the weights begin: layer_scaled, xavier or he.", o.initialization,
                    initialization_from_name);
    line.add_text("load", "FILE", "Start from this model.safetensors; with --epochs 0, just report on it.", "",
                  [&o](const std::string& text) { o.load = expand_home(text); });
    line.add_switch("summary", "Show the layers, their sizes and parameters, and train nothing.", o.summary);
}

constexpr std::int64_t many = 1'000'000'000;

void add_step_options(CommandLine& line, TrainingOptions& o) {
    line.add_section("Training");
    line.add_choice("loss", "What is made small: mse, mae or cross_entropy.", o.loss, loss_from_name);
    line.add_count("epochs", "Pass over the training set N times.", {0, many}, o.epochs);
    line.add_count("batch-size", "Make a step after every N samples.", {1, many}, o.batch_size);
    line.add_text("optimizer", "X", "Step by sgd, adagrad or adam.", o.optimizer.name);
    line.add_number("learning-rate", "How far a step goes: eta, a positive number.", o.optimizer.learning_rate);
    line.add_choice("schedule", "How the learning rate changes over the epochs: constant, step or cosine.",
                    o.schedule.kind, schedule_from_name);
    line.add_count("step-epochs", "For the step schedule: after so many epochs ...", {1, many}, o.schedule.step_epochs);
    line.add_number("step-factor", "... the learning rate is multiplied by this.", o.schedule.step_factor);
    line.add_number("momentum", "For sgd: how much of the last step goes on, in [0, 1).", o.optimizer.momentum);
    line.add_switch("nesterov", "For sgd with momentum: take Nesterov's.", o.optimizer.nesterov);
    line.add_number("beta1", "For adam: how long it remembers gradients, in [0, 1).", o.optimizer.beta1);
    line.add_number("beta2", "For adam: how long it remembers their squares, in [0, 1).", o.optimizer.beta2);
}

}  // namespace

void make_untrained(TrainingOptions& o, bool mirrored) {
    try {
        auto encoder = parse_layers(o.encoder, o.input);
        const std::size_t latent_layer = encoder.size();
        if (mirrored) {
            o.untrained = mirrored_autoencoder(
                std::move(encoder), o.from_zero ? Activation{Activation::Kind::sigmoid} : o.activations.output);
            const std::vector<std::string> texts = layer_texts(*o.untrained);
            o.decoder = listed({texts.begin() + static_cast<std::ptrdiff_t>(latent_layer), texts.end()});
            return;
        }
        o.untrained = autoencoder_of(parse_layers(o.encoder + ", " + o.decoder, o.input), latent_layer);
    } catch (const Error& error) {
        throw Error("--layers: " + std::string(error.what()));
    }
}

Autoencoder TrainingOptions::initial_model() const {
    return start       ? start->model
           : untrained ? *untrained
           : beta      ? variational_autoencoder(widths, *beta, activations)
                       : mirrored_autoencoder(widths, activations);
}

std::string TrainingOptions::net_text() const {
    if (!untrained) {
        const std::string plain = mirrored_text(widths), latent = "-" + std::to_string(widths.back()) + "-";
        const std::size_t at = widths_text(widths).size() - latent.size() + 1;
        return beta ? std::string(plain).replace(at, latent.size(), "-(" + std::to_string(widths.back()) + ")-")
                    : plain;
    }
    const bool dense = std::ranges::all_of(layer_texts(*untrained),
                                           [](const std::string& layer) { return layer.starts_with("dense("); });
    return dense ? widths_text(untrained->widths())
                 : text("a net of %zu layers, code of %zu numbers", untrained->depth(), untrained->latent_size());
}

std::string TrainingOptions::error_label() const {
    std::string label = hourglass::error_label(loss, sample, zero_one() || from_zero);
    if (!unit.empty()) {
        label = label.substr(0, label.find('(')) + "(" + unit + ")";
    }
    return label + (beta ? " + beta KL" : "");
}

void add_usual_studies(TrainingOptions& o) {
    Study& rates = o.studies.emplace_back(Study{"learning_rates", {"learning-rate"}, {}});
    for (const double factor : {0.1, 0.3, 1.0, 3.0, 10.0}) {
        rates.values.push_back(to_text(factor * o.optimizer.learning_rate));
    }
    o.studies.push_back({"batch_sizes", {"batch-size"}, {"1", "2", "5", "10", "20"}});
}

void add_decode_option(CommandLine& line, TrainingOptions& options) {
    line.add_list("decode", "Z,Z,...",
                  "Show what the decoder makes of a code of your own, as 1.5,-2; may be given several times.",
                  options.decode);
}

void add_training_options(CommandLine& line, TrainingOptions& o) {
    add_network_options(line, o);
    add_step_options(line, o);
    line.add_section("Several trainings");
    line.add_count("seed", "Where everything random begins; the same seed gives the same bits.", {0, INT64_MAX},
                   o.seed);
    if (o.several_seeds) {
        line.add_count("seeds", "Train N seeds side by side, from --seed on.", {1, 100'000}, o.seeds, false);
    }
    line.add_text(
        "study", "NAME",
        "Compare " + study_names(o) +
            (o.study_seeds > 1 ? text(", each with %d seeds unless --seeds says otherwise.", o.study_seeds) : "."),
        o.study);
    line.add_list("variant", "X",
                  "In a study, compare these values of your own; may be given several times, as in --study "
                  "learning_rates --variant 0.1 --variant 0.01.",
                  o.variants);
    line.add_count("threads", "Use N threads, not all cores; results do not depend on it.", {1, 1024}, o.threads,
                   false);
    line.add_switch("doctor", "Look for what is wrong with the gradients, data, net and training: docs/doctor.md.",
                    o.doctor);
    line.add_section("What the run leaves");
    line.add_text("out", "DIR", "The folder for it.", o.out.string(),
                  [&o](const std::string& text) { o.out = expand_home(text); });
    line.add_text("plot-format", "X", "The kind of pictures: png, svg or pdf.", o.plot_format);
    line.add_text("trace", "FILE",
                  text("Write every matrix of the first %d steps there, for numpy and ./lab trace-diff.", Trace::steps),
                  "", [&o](const std::string& file) { o.trace = expand_home(file); });
    line.add_switch("live", "Redraw the error chart while it trains.", o.live);
    line.add_switch("quiet", "Show no progress and no report: only files and the exit status.", o.quiet);
}

void add_font_option(CommandLine& line, FontOptions& o) {
    o.input = {7, 5};  // of our fonts
    line.add_text("font", "X", "The letters: font 1, 2 or 3, or a file of your own.", "3",
                  [&o](const std::string& name) {
                      const bool ours = name == "1" || name == "2" || name == "3";
                      o.font = read_font(expand_home(ours ? HOURGLASS_DATA_DIR "/fonts/font" + name + ".txt" : name));
                      if (ours) {
                          o.font.file = "font" + name + ".txt";  // the same report wherever the project stands
                      }
                      o.input = {o.font.height, o.font.width};
                      o.samples = text("the %zu letters of ", o.font.size()) + o.font.file;
                  });
}

namespace {

std::optional<Transition> find_transition(std::string_view text, const FindSample& find) {
    for (std::size_t hyphen = text.find('-'); hyphen != text.npos; hyphen = text.find('-', hyphen + 1)) {
        const auto from = find(text.substr(0, hyphen)), to = find(text.substr(hyphen + 1));
        if (from && to) {
            return Transition{*from, *to};
        }
    }
    return std::nullopt;
}

}  // namespace

std::vector<Transition> read_transitions(const std::vector<std::string>& texts, const std::vector<const char*>& usual,
                                         std::size_t samples, const FindSample& find, const std::string& expected) {
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
