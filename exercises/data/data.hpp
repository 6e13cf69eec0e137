#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/doctor.hpp"
#include "common/json.hpp"
#include "common/parallel.hpp"
#include "common/point_map.hpp"
#include "common/run.hpp"
#include "hourglass/analysis/row_scores.hpp"
#include "hourglass/io/scaling_text.hpp"

// What the files of exercise 6 share: its options, the rows, a run, and what there is to say about that.

namespace hourglass::data {

struct Options : TrainingOptions {
    std::string file;
    std::shared_ptr<const PreparedRows> rows;  // which the trainings of a study share
    int patience = 0;                          // so many epochs without a better one end the training
    std::string left_out;                      // the class that is not trained on; empty: none
    bool apply = false;                        // a model to new rows
    std::vector<std::string> chosen;           // what was chosen for the user, a line each
};

/// @returns nothing if it was --help   @throws Error
std::optional<Options> read_options(int argc, const char* const* argv);

struct Run : Trained {
    std::vector<double> held_out_errors;  // of each epoch, if rows are held out
};

/// Trains the net of the options. Its model is that of the epoch with the least error on the rows held out.
Run train(const Options& options);

DoctorData doctor_data(const Options& options);

Outcome run_study(const Options& options, std::ostream& output);

/// Measured once, and written as text, JSON, CSV and pictures.
struct Result {
    std::vector<Run> runs;                          // of each seed
    std::vector<RowScores> nets = {};                  // of each
    std::optional<RowScores> linear = {}, pca = {};    // a linear net to as many numbers; after --apply no PCA
    std::vector<double> angles = {};                // between the plane of the linear net and PCA's, in radians
    std::vector<std::size_t> unusual = {};          // all rows, the largest error first
    std::size_t above_limit = 0;                    // of them, after --apply
    std::vector<std::size_t> mapped = {};           // those on the map: all, or 5000 evenly spread
    std::vector<std::size_t> map_labels = {};       // of these, if rows have some
    std::optional<PointMap> map = {};               // by t-SNE, of codes of more than two numbers
    bool criterion_met = false;
};
/// @param runs  of the net with all seeds; and of the linear one, if it was trained
Result measure(const Options& options, std::vector<std::vector<Run>> runs);

// The three writers: of the model, tables and results.json, of the report, of the pictures.
void write_files(RunFolder& folder, const Options& options, const Result& result);
void print_report(const Options& options, const Result& result, std::ostream& output);
void draw_pictures(RunFolder& folder, const Options& options, const Result& result);

}  // namespace hourglass::data
