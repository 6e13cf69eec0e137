#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/code_probes.hpp"
#include "common/doctor.hpp"
#include "common/json.hpp"
#include "common/point_map.hpp"
#include "common/report.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/evaluation.hpp"
#include "hourglass/analysis/image_baselines.hpp"
#include "hourglass/data/examples.hpp"
#include "hourglass/plot/score_curves.hpp"

// What the files of exercise 3 share: its options, a run of it, and what there is to say about that.

namespace hourglass::fashion {

enum class Kind { basic, denoising, variational, convolutional_variational, supervised };

/// "basic", "convolutional-variational", ...; the two are each other's inverse.
/// @throws Error  for an unknown name; the message lists those allowed
Kind kind_from_name(std::string_view name);
std::string_view name_of(Kind kind);

struct Options : TrainingOptions {
    Kind kind = Kind::basic;
    std::shared_ptr<const TrainAndTest> sets;  // which the trainings of a study share
    double noise = 0.2;                        // of denoising, where white is 1 above black
    std::size_t examples = 1;                  // of each class in a picture
    std::vector<Transition> transitions;       // between test images
    OtherModels others;                        // whose codes are compared
    MapOptions map;

    bool is_variational() const {
        return kind == Kind::variational || kind == Kind::convolutional_variational;
    }
    /// @param stream  of the noise: not the same for training and test
    Examples examples_of(const LabelledImages& images, std::uint64_t stream) const;
};

/// @returns nothing if it was --help   @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

struct Run : Trained {
    std::vector<SetScores> train_scores, test_scores;  // of each epoch
};

DoctorData doctor_data(const Options& options);

/// Trains the kind of network that the options name.
Run train(const Options& options);

/// `filters`, `kernels`, `layers` and `pooling` of the denoising network.
Outcome run_study(const Options& options, std::ostream& output);

/// What there is to say about a run: measured once, and written as text, JSON, CSV and pictures.
struct Result {
    Run run;
    SetScores train, test;  // of the trained network
    double clean = 0;       // denoising: the error where the test images are clean
    std::vector<Baseline> baselines = {};
    std::vector<Probe> probes = {};
    std::vector<double> unit_kl = {};     // variational: of each latent unit, in nats
    Matrix X = {}, Y = {}, codes = {};    // of the test set: what the network saw, says, and holds in between
    std::optional<PointMap> map = {};
    bool criterion_met = false;
};
Result measure(const Options& options, Run run);

Json heading(const Options& options);                      // of results.json
std::vector<ScoreAxis> scores_of(const Options& options);  // that its kind has

// The three writers: of the model, tables and results.json, of the report, of the pictures.
void write_files(RunFolder& folder, const Options& options, const Result& result);
void print_report(const Options& options, const Result& result, std::ostream& output);
void draw_pictures(RunFolder& folder, const Options& options, const Result& result);

}  // namespace hourglass::fashion
