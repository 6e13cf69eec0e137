#pragma once

#include <iosfwd>
#include <vector>

#include "common/json.hpp"
#include "flowers/run.hpp"
#include "hourglass/analysis/half_way.hpp"

namespace hourglass::flowers {

/// What there is to say about a run: measured once, and written as text, JSON, CSV and pictures.
struct Result {
    Run run;
    Matrix Y, P, codes;     // of the network, of PCA
    double mean_image = 0;  // mean squared errors
    double pca = 0;
    std::vector<double> errors = {};  // of each image
    std::vector<double> pca_errors = {};
    std::vector<HalfWaySample> new_flowers =
        {};  // that differ most from every photograph, none used twice
};
Result measure(const Options& options, Run run);

/// Leaves the model, the tables, the report on `output` and the pictures, in this order.
void report(const Options& options, const Result& result, std::ostream& output);

// The four writers.
void print_report(const Options& options, const Result& result, std::ostream& output);
Json results_json(const Options& options, const Result& result);
void write_tables(RunFolder& folder, const Options& options, const Result& result);
void draw_pictures(Pictures& pictures, const Options& options, const Result& result);

}  // namespace hourglass::flowers
