#include "step_options.hpp"

#include <boost/program_options.hpp>
#include <cmath>
#include <iostream>

#include "common/options.hpp"
#include "common/report.hpp"
#include "hourglass/core/error.hpp"
#include "training.hpp"

namespace hourglass::bench {
namespace {

namespace po = boost::program_options;

using Mode = StepOptions::Mode;

constexpr const char* usage =
    "Benchmark of whole training steps: gather a batch, forward, loss, backward, Adam.\n"
    "\n"
    "  bench_steps                            steps a second, with one thread and with all cores\n"
    "  bench_steps --only W1,W3 --threads 2   of these workloads, with two threads\n"
    "  bench_steps --scaling --out DIR        seconds a step by width, batch size and depth\n"
    "\n"
    "W1 letters 35-25-15-2-..., W2 denoise 35-32-16-8-..., W3 flowers 1024-256-64-6-...,\n"
    "W4 fashion 784-64-784, W5 deep 784-1000-500-250-30-..., W6 conv, which denoises by convolutions with\n"
    "16 and 8 filters and back, W7 vae, a variational 784-400-20-400-784, W8 conv_vae, one of convolutions;\n"
    "W4 to W8 train on Fashion-MNIST.\n"
    "\n"
    "Exit status: 0 done, 1 --memory found more than it allows, 2 bad input, 130 Ctrl-C.\n"
    "\n";

po::options_description described_options() {
    po::options_description what("What to do, other than to measure speeds", 100);
    what.add_options()                                                          //
        ("scaling", po::bool_switch(), "measure how a step's cost grows; CSV")  //
        ("out", po::value<std::string>()->value_name("DIR"),
         "of --scaling: also write DIR/scaling.csv")                             //
        ("losses", po::bool_switch(), "print the losses of the first 20 steps")  //
        ("memory", po::bool_switch(),
         "compare the heap's peak in a training with what it has to hold")  //
        ("export", po::value<std::string>()->value_name("DIR"),
         "write the workloads to DIR/W1, DIR/W2, ..., for other programs")  //
        ("participant",
         po::value<std::vector<std::string>>()->multitoken()->value_name("DIR/W1 THREADS"),
         "train on exported files when told to on standard input: 'run SECONDS'");
    po::options_description how("How", 100);
    how.add_options()  //
        ("only", po::value<std::string>()->default_value("")->value_name("W,W,..."),
         "of the workloads W1,W2,W3,W4,W5,W6,W7,W8 only these")  //
        ("threads", po::value<std::string>()->value_name("N,N,..."),
         "numbers of threads to run with; 1 and all cores by default")  //
        ("seconds", po::value<double>()->default_value(0.3, "0.3")->value_name("X"),
         "of each measurement")  //
        ("rounds", po::value<double>()->default_value(5)->value_name("N"),
         "of all measurements, one after another; their median is reported")  //
        ("fashion-mnist", po::value<std::string>()->value_name("FILE"),
         "train-images-idx3-ubyte.gz, if it is not where the Debian package puts it")  //
        ("help,h", "this text");
    return what.add(how);
}

po::variables_map parse(int argc, const char* const* argv, const po::options_description& all) {
    const int style =
        po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    try {
        po::store(po::command_line_parser(argc, argv)
                      .options(all)
                      .style(style)
                      .positional(po::positional_options_description())
                      .run(),
                  values);
    } catch (const po::too_many_positional_options_error&) {
        throw Error("expected options, which begin with --, and nothing else; see --help");
    } catch (const po::error& error) {
        throw Error(std::string(error.what()) + "; see --help");
    }
    return values;
}

int positive_count(const std::string& option, double number) {
    if (!(number >= 1) || number > 100'000 || number != std::floor(number)) {
        throw Error("--" + option + ": expected a whole number of at least 1, got " +
                    text("%g", number));
    }
    return static_cast<int>(number);
}

std::vector<int> read_threads(const std::string& option, const std::string& list) {
    std::vector<int> threads;
    for (const double number : parse_numbers(option, list)) {
        threads.push_back(positive_count(option, number));
    }
    return threads;
}

Mode read_mode(const po::variables_map& values) {
    struct Choice {
        std::string option;
        Mode mode;
    };
    const std::vector<Choice> choices = {{"scaling", Mode::scaling},
                                         {"losses", Mode::losses},
                                         {"memory", Mode::memory},
                                         {"export", Mode::export_workloads},
                                         {"participant", Mode::participant}};
    Choice chosen = {"", Mode::speeds};
    for (const Choice& choice : choices) {
        const bool given = values.count(choice.option) > 0 && !values[choice.option].defaulted();
        if (given && !chosen.option.empty()) {
            throw Error("expected one of --" + chosen.option + " and --" + choice.option +
                        ", got both");
        }
        chosen = given ? choice : chosen;
    }
    return chosen.mode;
}

}  // namespace

std::optional<StepOptions> read_step_options(int argc, const char* const* argv) {
    const po::options_description all = described_options();
    const po::variables_map values = parse(argc, argv, all);
    const auto given = [&](const char* option) { return values.count(option) > 0; };
    const auto text_of = [&](const char* option) { return values[option].as<std::string>(); };
    if (given("help")) {
        std::cout << usage << all;
        return std::nullopt;
    }
    StepOptions options;
    options.mode = read_mode(values);
    options.specifications = chosen_specifications(text_of("only"));
    options.fashion_mnist =
        given("fashion-mnist") ? text_of("fashion-mnist") : default_fashion_mnist;
    options.seconds = values["seconds"].as<double>();
    if (!(options.seconds > 0) || options.seconds > 3600) {
        throw Error("--seconds: expected a positive number up to 3600, got " +
                    text("%g", options.seconds));
    }
    options.rounds = positive_count("rounds", values["rounds"].as<double>());
    if (given("threads")) {
        options.threads = read_threads("threads", text_of("threads"));
    } else {
        options.threads = all_cores() == 1 ? std::vector{1} : std::vector{1, all_cores()};
    }
    if (given("out")) {
        options.out = text_of("out");
        if (options.mode != Mode::scaling || options.out.empty()) {
            throw Error("--out: expected the name of a folder, and --scaling");
        }
    }
    if (options.mode == Mode::export_workloads) {
        options.export_folder = text_of("export");
    }
    if (options.mode == Mode::participant) {
        const auto& words = values["participant"].as<std::vector<std::string>>();
        if (words.size() != 2) {
            throw Error("--participant: expected a workload's folder and a number of threads");
        }
        options.participant_folder = words[0];
        options.threads = read_threads("participant", words[1]);
    }
    return options;
}

}  // namespace hourglass::bench
