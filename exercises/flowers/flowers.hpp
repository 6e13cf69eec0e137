#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/doctor.hpp"
#include "common/json.hpp"
#include "common/report.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/half_way.hpp"
#include "hourglass/data/image_folder.hpp"

// What the files of exercise 2 share: its options, a run of it, and what there is to say about that.

namespace hourglass::flowers {

constexpr std::size_t side = 32;  // of an image, in pixels

struct Options : TrainingOptions {
    ImageSet images;
    std::vector<Transition> transitions;
    std::size_t flower = 0;  // whose other components the walk through the first two keeps
};

/// @returns nothing if it was --help
/// @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

/// A reconstruction below this mean squared error shows every flower: the criterion of the exercise.
constexpr double criterion = 5e-3;

struct Run : Trained {
    double mse = 0;  // of all images, at the end

    bool learned() const { return complete() && mse <= criterion; }
};

/// What results.json begins with: the exercise and its images.
Json heading(const Options& options);

DoctorData doctor_data(const Options& options);

/// Trains on the images (n, side * side) of the options.
Run train(const Options& options);

/// `latent`: how few numbers do; `architectures`: shallow against deep, with the same latent size.
Outcome run_study(const Options& options, std::ostream& output);

/// What there is to say about a run: measured once, and written as text, JSON, CSV and pictures.
struct Result {
    Run run;
    Matrix Y, P, codes;     // of the network, of PCA
    double mean_image = 0;  // mean squared errors
    double pca = 0;
    std::vector<double> errors = {};  // of each image
    std::vector<double> pca_errors = {};
    std::vector<HalfWaySample> new_flowers = {};  // that differ most from every photograph, none used twice
};
Result measure(const Options& options, Run run);

// The three writers: of the model, tables and results.json, of the report, of the pictures.
void write_files(RunFolder& folder, const Options& options, const Result& result);
void print_report(const Options& options, const Result& result, std::ostream& output);
void draw_pictures(RunFolder& folder, const Options& options, const Result& result);

}  // namespace hourglass::flowers
