#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hourglass/core/threads.hpp"
#include "hourglass/data/font.hpp"
#include "hourglass/io/command_line.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/io/model_file.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/loss.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "hourglass/nn/schedule.hpp"
#include "hourglass/nn/shape.hpp"
#include "hourglass/plot/latent_pictures.hpp"

namespace hourglass {

/// What --study compares, by its name: the options that it varies, and for each variant their values, with a
/// space between two; for lists of layers, what they are called and the encoder's: "3x3: conv(8,3x3) relu". Of
/// `latent` and `bottleneck` they are the last of --layers alone. Without options, the exercise itself makes
/// something of the value.
struct Study {
    std::string name;
    std::vector<const char*> options;
    std::vector<std::string> values;
};

/// What every exercise lets its user choose about the network, its training and what a run leaves.
/// An exercise sets its own defaults before it reads the command line.
struct TrainingOptions {
    std::vector<std::size_t> widths;  // of the encoder, from the input to the latent layer
    AutoencoderActivations activations;
    std::optional<double> beta = {};  // of a variational autoencoder: what its KL divergence weighs
    // A net of other layers than dense ones is said by lists, which take the place of the widths.
    std::string encoder, decoder;          // for parse_layers; an empty decoder: it mirrors the encoder
    ImageShape input = {};                 // of a sample; with one pixel, its layers are said by widths alone
    std::size_t classes = 0;               // that it tells apart; 0: it reconstructs, and the decoder mirrors
                                           // an encoder of the user's own
    bool from_zero = false;                // are its pixels in [0, 1] as they come?
    std::optional<Autoencoder> untrained;  // the net of the lists
    Loss loss = Loss::cross_entropy;
    OptimizerOptions optimizer;
    Schedule schedule = {.kind = Schedule::Kind::cosine};
    Initialization initialization = Initialization::layer_scaled;
    std::size_t batch_size = 5;
    int epochs = 1000;
    std::uint64_t seed = 1;
    int threads = hourglass::threads();  // that large layers, or seeds side by side, may use

    std::vector<Study> studies = {};         // that --study may name
    std::string study;                       // one of them; empty: none
    std::string variant;                     // in a study: the values of this one
    std::vector<std::string> variants = {};  // of --variant, in place of those that it has
    bool several_seeds = true;               // has the exercise --seeds?
    int study_seeds = 1;                     // in a study, unless --seeds says otherwise
    int seeds = 1;                           // trained side by side, from `seed` on
    bool animate = false;                    // also draw the codes while they form
    std::vector<std::string> decode = {};    // codes of one's own, such as "1.5,-2" ...
    Matrix codes = {};                       // ... as numbers (m, latent size)
    bool draws = false;                      // is the seed of use without training too?

    std::filesystem::path out;
    std::filesystem::path trace;      // where the matrices of the first steps go; empty: nowhere
    std::filesystem::path load;       // a model to start from; empty: none
    std::optional<SavedModel> start;  // that model
    std::string plot_format = "png";
    bool live = false;
    bool quiet = false;
    bool summary = false;  // show the network, and train nothing
    bool doctor = false;   // examine the data, the network and the training, and leave it at that

    std::string unit = {};  // what an error is of, where samples are no images of pixels: "of standardized columns"
    const char* sample = "letter";  // what one sample is, in words
    std::string samples;            // ... and all of them: "the 32 letters of font3.txt"

    /// Is it trained on pixels of 0 and 1, made of those of -1 and 1? See pixel_range.hpp.
    bool zero_one() const { return !untrained && activations.output.kind == Activation::Kind::sigmoid; }

    /// The model to start from: that of --load, or one that has to be initialized.
    Autoencoder initial_model() const;

    /// For a title: "784-64-784" where all layers are dense, else how many they are; the latent layer of a variational
    /// one in brackets, for it is drawn: "35-64-(2)-64-35".
    std::string net_text() const;

    /// What a sample consists of.
    const char* numbers() const { return unit.empty() ? "pixels" : "columns"; }

    /// What the loss is called on an axis.
    std::string error_label() const;

    /// Is there one training for a person to watch, not several side by side?
    bool watched() const { return seeds == 1 && study.empty(); }

    /// Not to be watched: what is trained beside another net, which is.
    void stay_in_background() {
        quiet = true;
        live = false;
        trace.clear();
    }
};

/// Those of an exercise with letters.
struct FontOptions : TrainingOptions {
    Font font;
};

/// Adds --font: font 1, 2 or 3 of the project, or a file.
void add_font_option(CommandLine& line, FontOptions& options);

/// Adds --decode; the codes are read by check_training_options.
void add_decode_option(CommandLine& line, TrainingOptions& options);

/// Adds the options that all exercises share to a command line.
/// @param options  what they set; what it holds before are their defaults
void add_training_options(CommandLine& line, TrainingOptions& options);

std::string study_names(const TrainingOptions& options);  // "latent, architectures"

/// Adds the studies of the learning rate and the batch size, which every exercise has.
void add_usual_studies(TrainingOptions& options);

/// Makes the net of the lists, its decoder that which mirrors the encoder if `mirrored`.
/// @throws Error  if they make none
void make_untrained(TrainingOptions& options, bool mirrored);

/// Sees that what was read goes together, and loads the model that --load names.
/// @param pixels  of a sample
/// @throws Error  for a value that is not allowed, an option of no use to what was chosen, or a model that
///                does not fit
void check_training_options(const CommandLine& line, TrainingOptions& options, std::size_t pixels);

/// The part of it that concerns the numbers and names of the training alone, for a variant of a study.
void check_values(const TrainingOptions& options, std::size_t pixels);

/// "35,25,15,2" as widths.
/// @throws Error  unless it is a list of at least two positive whole numbers
std::vector<std::size_t> parse_widths(const std::string& text);

using FindSample = std::function<std::optional<std::size_t>(std::string_view)>;

/// The transitions "A-B" of --transition; if none, the usual ones of these samples; if none, four that part
/// the samples evenly.
/// @param find      the position of the sample of a name, which may itself have hyphens
/// @param expected  what such a text is, for the message
/// @throws Error  if a text of --transition names no two samples
std::vector<Transition> read_transitions(const std::vector<std::string>& texts, const std::vector<const char*>& usual,
                                         std::size_t samples, const FindSample& find, const std::string& expected);

}  // namespace hourglass
