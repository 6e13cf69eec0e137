#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/doctor.hpp"
#include "common/json.hpp"
#include "common/point_map.hpp"
#include "common/report.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/code_quality.hpp"
#include "hourglass/analysis/evaluation.hpp"
#include "hourglass/data/image_folder.hpp"

// What the files of exercise 5 share: its options, a run of it, and what there is to say about that.

namespace hourglass::satellite {

struct Options : TrainingOptions {
    std::shared_ptr<const ImageSet> set;  // with pixels in [0, 1]; the trainings of a study share it
    std::size_t latent_size = 50;
    double sigma = 0.1;  // of the normal distribution of a pixel, with --loss mse
    std::vector<Transition> transitions = {};
    std::size_t side = 32;  // of the pictures on the map, in pixels

    const Matrix& X() const { return set->X; }
    PictureShape shape() const { return {set->side, set->side, false, 0, 3}; }

    /// How many nats of an image a loss of 1 is. Cross-entropy is in nats as it comes; the mean squared error of d
    /// values stands for
    ///   -ln p(x|z) = d MSE / (2 sigma^2) + d ln(sigma sqrt(2 pi))
    /// of which the last is the same for all networks and left out. So that the loss is in units of 1 / nats(), the
    /// layer that draws codes multiplies the KL divergence with beta / nats().
    double nats() const;
};

/// @returns nothing if it was --help   @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

struct Run : Trained {
    std::vector<SetScores> scores;  // of each epoch as its batches were met, in nats; kl is beta KL
};

/// Trains the network of the options.
Run train(const Options& options);

DoctorData doctor_data(const Options& options);

/// `filters`, `kernels`, `layers`, `pooling`, and `reconstruction`: what is given up for codes that can be drawn from.
Outcome run_study(const Options& options, std::ostream& output);

/// What there is to say about a run: measured once, and written as text, JSON, CSV and pictures.
struct Result {
    Run run;
    CodeQuality codes = {};
    LinearCodes linear = {};
    double linear_nats = 0;  // -ELBO of the best linear variational autoencoder; NaN for cross-entropy
    PointMap map = {};       // of the mean codes, by t-SNE
    double chance = 0;       // the purity of images in no order
    bool criterion_met = false;
};
Result measure(const Options& options, Run run);

// The three writers: of the model, tables and results.json, of the report, of the pictures.
void write_files(RunFolder& folder, const Options& options, const Result& result);
void print_report(const Options& options, const Result& result, std::ostream& output);
void draw_pictures(RunFolder& folder, const Options& options, const Result& result);

}  // namespace hourglass::satellite
