#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "hourglass/io/model_file.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/loss.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "hourglass/nn/minibatches.hpp"
#include "hourglass/nn/schedule.hpp"

namespace hourglass {

/// What every exercise lets its user choose about the network, its training and what a run leaves.
/// An exercise sets its own defaults before it reads the command line.
struct TrainingOptions {
    std::vector<std::size_t> widths;  // of the encoder, from the input to the latent layer
    AutoencoderActivations activations;
    Loss loss = Loss::cross_entropy;
    OptimizerOptions optimizer;
    Schedule schedule;
    Initialization initialization = Initialization::layer_scaled;
    std::size_t batch_size = 5;
    int epochs = 1000;
    std::uint64_t seed = 1;
    int threads = 1;  // that large layers, or seeds side by side, may use

    std::filesystem::path out;
    std::filesystem::path load;       // a model to start from; empty: none
    std::optional<SavedModel> start;  // that model
    std::string plot_format = "png";
    bool live = false;
    bool quiet = false;
};

/// The command line of an exercise: `common` options of TrainingOptions and the exercise's own.
/// Options are read as text and turned into values in finish(), where a bad one is reported with what
/// is allowed.
class CommandLine {
public:
    /// @param usage     the lines that --help begins with
    /// @param defaults  what an option is where it is not given
    CommandLine(std::string usage, const TrainingOptions& defaults);

    /// For an exercise to add its own options.
    boost::program_options::options_description_easy_init add_options() {
        return own_.add_options();
    }

    /// Reads the command line, then the file that --config names; the command line wins.
    /// @returns false if it was --help, which is answered on `output`
    /// @throws Error  for an unknown option, a value that is not allowed, or an unreadable file
    bool parse(int argc, const char* const* argv, std::ostream& output);

    /// The options that all exercises have, with the model that --load names.
    /// @param input_size  of the exercise's samples, in pixels; what the widths have to begin with
    /// @throws Error  for a value that is not allowed, or a model that does not fit
    /// @pre  parse returned true
    TrainingOptions training_options(std::size_t input_size) const;

    /// Was the option given, on the command line or in the file?
    bool given(const std::string& option) const;

    template <typename T>
    T value(const std::string& option) const {
        return values_[option].as<T>();
    }

    /// A whole number from `least` to `most`. @throws Error  if it is not
    std::int64_t count(const std::string& option, std::int64_t least, std::int64_t most) const;

private:
    void adopt_model(TrainingOptions& options) const;

    std::string usage_;
    TrainingOptions defaults_;
    boost::program_options::options_description common_;
    boost::program_options::options_description own_;
    boost::program_options::variables_map values_;
};

/// "35,25,15,2" as widths.
/// @throws Error  unless it is a list of at least two positive whole numbers
std::vector<std::size_t> parse_widths(const std::string& text);

/// "0.05,0.1,0.2" as numbers.
/// @throws Error  naming the option, unless it is a list of at least one number
std::vector<double> parse_numbers(const std::string& option, const std::string& text);

/// Creates the model that the options describe, or takes the one that they start from.
Autoencoder make_model(const TrainingOptions& options, Rng& rng);

/// 35, 25, 15, 2 as "35-25-15-2".
std::string widths_text(const std::vector<std::size_t>& widths, const char* separator = "-");

}  // namespace hourglass
