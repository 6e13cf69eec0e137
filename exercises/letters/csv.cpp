#include <cmath>

#include "hourglass/io/files.hpp"
#include "letters/result.hpp"

namespace hourglass::letters {
namespace {

std::string error_csv(const Run& run) {
    CsvTable table(
        "epoch,error,learning_rate,wrong_pixels_max,wrong_pixels_mean,exact_letters,"
        "saturated_wrong_pixels");
    for (std::size_t e = 1; e <= run.epochs(); ++e) {
        const PixelErrors& pixels = run.pixels[e];
        table.add({static_cast<double>(e), run.errors[e - 1], run.learning_rates[e - 1],
                   static_cast<double>(pixels.worst), pixels.mean,
                   static_cast<double>(pixels.exact), static_cast<double>(pixels.saturated)});
    }
    return table.text();
}

/// One line a letter: its name, then its row of `values` as PREFIX0, PREFIX1, ...
std::string letters_csv(const Font& font, const std::string& prefix, const Matrix& values) {
    std::string header = "letter";
    for (std::size_t j = 0; j < values.cols(); ++j) {
        header += "," + prefix + std::to_string(j);
    }
    CsvTable table(header);
    for (std::size_t i = 0; i < values.rows(); ++i) {
        const auto row = values.row(i);
        table.add(font.glyphs[i].name, {row.begin(), row.end()});
    }
    return table.text();
}

std::string seeds_csv(const std::vector<Run>& runs) {
    CsvTable table(
        "seed,criterion_met,epoch_criterion_met,exact,wrong_pixels_max,wrong_pixels_mean,"
        "error,seconds,diverged");
    for (const Run& run : runs) {
        const bool diverged = !run.failure.empty();
        const auto epoch_met = run.epoch_criterion_met();
        const PixelErrors& pixels = run.pixels.back();
        table.add(
            std::to_string(run.seed),
            {run.criterion_met() ? 1.0 : 0.0,
             epoch_met && !diverged ? static_cast<double>(*epoch_met) : NAN,
             run.exact() ? 1.0 : 0.0, diverged ? NAN : static_cast<double>(pixels.worst),
             diverged ? NAN : pixels.mean, diverged || run.errors.empty() ? NAN : run.errors.back(),
             run.seconds, diverged ? 1.0 : 0.0});
    }
    return table.text();
}

}  // namespace

void write_tables(RunFolder& folder, const Options& o, const Result& r) {
    if (o.epochs > 0) {  // a report alone leaves the history as it is
        folder.write("error.csv", error_csv(r.run));
    }
    folder.write("codes.csv", letters_csv(o.font, "code", r.codes));
    folder.write("reconstructions.csv", letters_csv(o.font, "y", r.Y));
    if (r.runs.size() > 1) {
        folder.write("seeds.csv", seeds_csv(r.runs));
    } else {
        folder.remove("seeds.csv");
    }
}

}  // namespace hourglass::letters
