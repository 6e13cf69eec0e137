#include "common/options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <ostream>
#include <sstream>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/threads.hpp"
#include "hourglass/data/text_lines.hpp"

namespace hourglass {
namespace {

namespace po = boost::program_options;

po::typed_value<std::string>* text_value(const std::string& default_value) {
    return po::value<std::string>()->default_value(default_value)->value_name("X");
}

po::typed_value<double>* number_value(double default_value) {
    return po::value<double>()
        ->default_value(default_value, to_text(default_value))
        ->value_name("X");
}

po::typed_value<std::int64_t>* count_value(std::int64_t default_value) {
    return po::value<std::int64_t>()->default_value(default_value)->value_name("N");
}

/// For Boost's what(), which replaces %value% by the value, and does so for ever where that holds a
/// %value% itself: the same message, of texts that hold another character for each %.
std::string what(po::error& error) {
    struct Access : po::error_with_option_name {
        static auto& texts(po::error_with_option_name& e) { return e.*&Access::m_substitutions; }
    };
    constexpr char instead = '\x1a';
    if (auto* named = dynamic_cast<po::error_with_option_name*>(&error)) {
        for (auto& text : Access::texts(*named)) {
            std::ranges::replace(text.second, '%', instead);
        }
    }
    std::string message = error.what();
    std::ranges::replace(message, instead, '%');
    return message;
}

/// Boost's message, and what was expected where it does not say so.
std::string readable(po::error& error) {
    std::string message = what(error);
    if (const auto* invalid = dynamic_cast<const po::validation_error*>(&error)) {
        const bool is_switch = dynamic_cast<const po::invalid_bool_value*>(invalid) != nullptr;
        message += is_switch ? ": expected true or false" : ": expected a number";
    }
    return message + "; see --help";
}

}  // namespace

std::vector<std::size_t> parse_widths(const std::string& text) {
    std::vector<std::size_t> widths;
    std::istringstream parts(text);
    bool good = !text.empty() && text.back() != ',';
    for (std::string part; good && std::getline(parts, part, ',');) {
        std::size_t width = 0;
        const char* last = part.data() + part.size();
        const auto [end, error] = std::from_chars(part.data(), last, width);
        good =
            !part.empty() && end == last && error == std::errc{} && width > 0 && width <= 100'000;
        widths.push_back(width);
    }
    if (!good || widths.size() < 2) {
        throw Error(
            "--layers: expected the encoder's widths, positive whole numbers such as "
            "35,25,15,2, got '" +
            text + "'");
    }
    return widths;
}

std::vector<double> parse_numbers(const std::string& option, const std::string& text) {
    std::vector<double> numbers;
    std::istringstream parts(text);
    bool good = !text.empty() && text.back() != ',';
    for (std::string part; good && std::getline(parts, part, ',');) {
        double number = 0;
        const char* last = part.data() + part.size();
        const auto [end, error] = std::from_chars(part.data(), last, number);
        good = !part.empty() && end == last && error == std::errc{} && std::isfinite(number);
        numbers.push_back(number);
    }
    if (!good) {
        throw Error("--" + option + ": expected numbers such as 0.05,0.1, got '" + text + "'");
    }
    return numbers;
}

std::string widths_text(const std::vector<std::size_t>& widths, const char* separator) {
    std::string text;
    for (const std::size_t width : widths) {
        text += (text.empty() ? "" : separator) + std::to_string(width);
    }
    return text;
}

CommandLine::CommandLine(std::string usage, const TrainingOptions& d)
    : usage_(std::move(usage)),
      defaults_(d),
      common_("Network and training", 100),
      own_("This exercise", 100) {
    common_.add_options()  //
        ("layers", text_value(widths_text(d.widths, ",")),
         "the encoder's widths, from the input to the latent layer; the decoder mirrors them")  //
        ("activation", text_value(name_of(d.activations.hidden)),
         "of the hidden layers: tanh, leaky_relu, leaky_relu(0.1), relu, sigmoid, identity")     //
        ("latent-activation", text_value(name_of(d.activations.latent)), "of the latent layer")  //
        ("output-activation", text_value(name_of(d.activations.output)), "of the last layer")    //
        ("loss", text_value(std::string(name_of(d.loss))), "mse, mae or cross_entropy")          //
        ("optimizer", text_value(d.optimizer.name), "sgd, adagrad or adam")                      //
        ("learning-rate", number_value(d.optimizer.learning_rate), "eta, a positive number")     //
        ("momentum", number_value(d.optimizer.momentum), "of sgd, in [0, 1)")                    //
        ("nesterov", po::bool_switch(), "Nesterov's momentum, for sgd")                          //
        ("beta1", number_value(d.optimizer.beta1), "of adam, in [0, 1)")                         //
        ("beta2", number_value(d.optimizer.beta2), "of adam, in [0, 1)")                         //
        ("schedule", text_value(std::string(name_of(d.schedule.kind))),
         "how the learning rate changes: constant, step or cosine")  //
        ("step-epochs", count_value(d.schedule.step_epochs),
         "of the step schedule: after so many epochs ...")  //
        ("step-factor", number_value(d.schedule.step_factor),
         "... the learning rate is multiplied by this")  //
        ("init", text_value(std::string(name_of(d.initialization))),
         "of the weights: layer_scaled, xavier or he")                                          //
        ("batch-size", count_value(static_cast<std::int64_t>(d.batch_size)), "samples a step")  //
        ("epochs", count_value(d.epochs), "passes over the training set")                       //
        ("seed", count_value(static_cast<std::int64_t>(d.seed)),
         "of everything random; the same seed gives the same bits")  //
        ("threads", po::value<std::int64_t>()->value_name("N"),
         "threads for large layers; default: all cores; results do not depend on it")  //
        ("load", po::value<std::string>()->value_name("FILE"),
         "start from this model.safetensors; with --epochs 0, just report on it")       //
        ("out", text_value(d.out.string()), "the folder for what the run leaves")       //
        ("plot-format", text_value(d.plot_format), "of the pictures: png, svg or pdf")  //
        ("live", po::bool_switch(), "redraw the error chart while training")            //
        ("quiet", po::bool_switch(),
         "no progress line and no report, only files and exit status")  //
        ("config", po::value<std::string>()->value_name("FILE"),
         "read options from a file of lines such as epochs = 500; the command line wins")  //
        ("help,h", "this text");
}

bool CommandLine::parse(int argc, const char* const* argv, std::ostream& output) {
    po::options_description all(100);
    all.add(own_).add(common_);
    // No guessing: --epoch is a typing mistake for --epochs, and not another way to write it.
    const int style =
        po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    try {
        po::store(po::command_line_parser(argc, argv)
                      .options(all)
                      .style(style)
                      .positional(po::positional_options_description())
                      .run(),
                  values_);
        if (values_.count("help") > 0) {
            output << usage_ << all;
            return false;
        }
    } catch (const po::too_many_positional_options_error&) {
        throw Error("expected options, which begin with --, and nothing else; see --help");
    } catch (po::error& error) {
        throw Error(readable(error));
    }
    if (given("config")) {
        const std::string file = value<std::string>("config");
        std::stringstream input;
        for (TextLines lines(file, "a file of options for --config"); lines.next();) {
            input << lines.line() << "\n";
        }
        try {
            po::store(po::parse_config_file(input, all), values_);
        } catch (po::error& error) {
            throw Error(file + ": " + readable(error));
        }
    }
    po::notify(values_);
    return true;
}

bool CommandLine::given(const std::string& option) const {
    return values_.count(option) > 0 && !values_[option].defaulted();
}

std::int64_t CommandLine::count(const std::string& option, std::int64_t least,
                                std::int64_t most) const {
    const std::int64_t n = value<std::int64_t>(option);
    if (n < least || n > most) {
        throw Error("--" + option + ": expected a whole number from " + std::to_string(least) +
                    " to " + std::to_string(most) + ", got " + std::to_string(n));
    }
    return n;
}

TrainingOptions CommandLine::training_options(std::size_t input_size) const {
    const auto text = [&](const char* option) { return value<std::string>(option); };
    constexpr std::int64_t many = 1'000'000'000;
    TrainingOptions o = defaults_;
    o.widths = parse_widths(text("layers"));
    if (!given("layers")) {
        o.widths.front() = input_size;  // the default is for letters of 5x7
    }
    if (o.widths.front() != input_size) {
        throw Error("--layers: expected the first width to be the " + std::to_string(input_size) +
                    " pixels of a sample, got " + std::to_string(o.widths.front()));
    }
    o.activations.hidden = activation_from_name(text("activation"));
    o.activations.latent = activation_from_name(text("latent-activation"));
    o.activations.output = activation_from_name(text("output-activation"));
    o.loss = loss_from_name(text("loss"));
    o.optimizer = {.name = text("optimizer"),
                   .learning_rate = value<double>("learning-rate"),
                   .momentum = value<double>("momentum"),
                   .nesterov = value<bool>("nesterov"),
                   .beta1 = value<double>("beta1"),
                   .beta2 = value<double>("beta2")};
    make_optimizer({}, o.optimizer);  // for its complaints
    o.schedule.kind = schedule_from_name(text("schedule"));
    o.schedule.step_epochs = static_cast<int>(count("step-epochs", 1, many));
    o.schedule.step_factor = value<double>("step-factor");
    if (!(o.schedule.step_factor > 0) || !std::isfinite(o.schedule.step_factor)) {
        throw Error("--step-factor: expected a positive number, got " +
                    to_text(o.schedule.step_factor));
    }
    o.initialization = initialization_from_name(text("init"));
    o.batch_size = static_cast<std::size_t>(count("batch-size", 1, many));
    o.epochs = static_cast<int>(count("epochs", 0, many));
    o.seed = static_cast<std::uint64_t>(count("seed", 0, INT64_MAX));
    o.threads = given("threads") ? static_cast<int>(count("threads", 1, 1024)) : threads();
    o.load = given("load") ? text("load") : "";
    o.out = text("out");
    if (o.out.empty()) {
        throw Error("--out: expected the name of a folder, got nothing");
    }
    o.plot_format = text("plot-format");
    o.live = value<bool>("live");
    o.quiet = value<bool>("quiet");
    if (!o.load.empty()) {
        adopt_model(o);
    } else if (o.epochs == 0) {
        throw Error(
            "--epochs: expected at least 1, got 0 (only with --load is there a model to report)");
    }
    const Activation::Kind output = o.activations.output.kind;
    if (output != Activation::Kind::tanh && output != Activation::Kind::identity) {
        throw Error((o.start ? o.load.string() : "--output-activation") +
                    ": pixels are in [-1, 1]; expected an output of tanh or identity, got " +
                    name_of(o.activations.output));
    }
    require_compatible(o.loss, o.activations.output);
    return o;
}

/// The widths and activations of the model that --load names take the place of the options.
void CommandLine::adopt_model(TrainingOptions& o) const {
    o.start = load_model(o.load);
    const Autoencoder& model = o.start->model;
    std::vector<std::size_t> widths = model.widths();
    widths.resize(model.latent_layer() + 1);
    if (widths.front() != o.widths.front()) {
        throw Error(o.load.string() + ": expected a model of " + std::to_string(o.widths.front()) +
                    " pixels, found one of " + std::to_string(widths.front()));
    }
    if (given("layers") && widths != o.widths) {
        throw Error(o.load.string() + ": is a model of " + widths_text(widths) +
                    ", but --layers says " + widths_text(o.widths));
    }
    for (const char* option : {"activation", "latent-activation", "output-activation", "init"}) {
        if (given(option)) {
            throw Error(o.load.string() + ": comes with its own; expected no --" + option);
        }
    }
    if (o.start->epoch > std::numeric_limits<int>::max() - o.epochs) {
        throw Error(o.load.string() +
                    ": has too many epochs to go on from: " + std::to_string(o.start->epoch));
    }
    o.widths = widths;
    o.activations = {model.layer(1).activation, model.layer(model.latent_layer()).activation,
                     model.layer(model.depth()).activation};
}

Autoencoder make_model(const TrainingOptions& options, Rng& rng) {
    return options.start
               ? options.start->model
               : mirrored_autoencoder(options.widths, options.activations, options.initialization, rng);
}

}  // namespace hourglass
