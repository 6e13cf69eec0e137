#include "step_options.hpp"

#include <cmath>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/io/command_line.hpp"
#include "hourglass/io/formatting.hpp"
#include "training.hpp"

namespace hourglass::bench {
namespace {

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

/// What is read as text, and which modes were asked for.
struct Words {
    std::string only, threads, out, export_folder, participant;
    bool scaling = false, losses = false, memory = false;
};

void add_options(CommandLine& line, StepOptions& o, Words& words) {
    line.add_switch("scaling", "Measure how a step's cost grows; CSV.", words.scaling);
    line.add_text("out", "DIR", "Of --scaling: also write DIR/scaling.csv.", words.out);
    line.add_switch("losses", "Print the losses of the first 20 steps.", words.losses);
    line.add_switch("memory", "Compare the heap's peak in a training with what it has to hold.", words.memory);
    line.add_text("export", "DIR", "Write the workloads to DIR/W1, DIR/W2, ..., for other programs.", words.export_folder);
    line.add_text("participant", "DIR/W1", "Train on exported files when told to on standard input: 'run SECONDS'.",
                  words.participant);
    line.add_section("How");
    line.add_text("only", "W,W,...", "Of the workloads W1,W2,W3,W4,W5,W6,W7,W8 only these.", words.only);
    line.add_positional("threads", "N,N,...", "Numbers of threads to run with; 1 and all cores by default.", words.threads);
    line.add_number("seconds", "Of each measurement.", o.seconds);
    line.add_count("rounds", "Of all measurements, one after another; their median is reported.", {1, 100'000}, o.rounds);
    line.add_text("fashion-mnist", "FILE", "train-images-idx3-ubyte.gz, if it is not where the Debian package puts it.", "",
                  [&o](const std::string& file) { o.fashion_mnist = file; });
}

std::vector<int> read_threads(const std::string& list) {
    std::vector<int> threads;
    for (const double number : parse_numbers("threads", list)) {
        if (!(number >= 1) || number > 100'000 || number != std::floor(number)) {
            throw Error("--threads: expected whole numbers of at least 1, got " + text("%g", number));
        }
        threads.push_back(static_cast<int>(number));
    }
    return threads;
}

Mode read_mode(const CommandLine& line) {
    Mode mode = Mode::speeds;
    std::string chosen;
    for (const auto& [option, its_mode] : {std::pair{"scaling", Mode::scaling},
                                           {"losses", Mode::losses},
                                           {"memory", Mode::memory},
                                           {"export", Mode::export_workloads},
                                           {"participant", Mode::participant}}) {
        if (line.given(option) && !chosen.empty()) {
            throw Error("expected one of --" + chosen + " and --" + option + ", got both");
        }
        if (line.given(option)) {
            chosen = option;
            mode = its_mode;
        }
    }
    return mode;
}

}  // namespace

std::optional<StepOptions> read_step_options(int argc, const char* const* argv) {
    StepOptions o;
    Words words;
    CommandLine line(usage, "What to do, other than to measure speeds");
    add_options(line, o, words);
    if (!line.parse(argc, argv)) {
        return std::nullopt;
    }
    o.mode = read_mode(line);
    o.specifications = chosen_specifications(words.only);
    if (!(o.seconds > 0) || o.seconds > 3600) {
        throw Error("--seconds: expected a positive number up to 3600, got " + text("%g", o.seconds));
    }
    if (line.given("threads")) {
        o.threads = read_threads(words.threads);
    } else {
        o.threads = all_cores() == 1 ? std::vector{1} : std::vector{1, all_cores()};
    }
    if (line.given("out") && (o.mode != Mode::scaling || words.out.empty())) {
        throw Error("--out: expected the name of a folder, and --scaling");
    }
    if (o.mode == Mode::participant && o.threads.size() != 1) {
        throw Error("--participant: expected a workload's folder and a number of threads");
    }
    o.out = words.out;
    o.export_folder = words.export_folder;
    o.participant_folder = words.participant;
    return o;
}

}  // namespace hourglass::bench
