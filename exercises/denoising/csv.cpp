#include "common/report.hpp"
#include "denoising/result.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::denoising {
namespace {

std::string error_csv(const Options& o, const Run& run) {
    std::string header = "epoch,error,learning_rate";
    for (const double level : o.train_levels) {
        header += text(",error_at_%g", level);
    }
    CsvTable table(header);
    for (std::size_t e = 0; e < run.epochs(); ++e) {
        std::vector<double> row = {static_cast<double>(e + 1), run.errors[e],
                                   run.learning_rates[e]};
        row.insert(row.end(), run.level_errors[e].begin(), run.level_errors[e].end());
        table.add(row);
    }
    return table.text();
}

std::string recovery_csv(const Options& o, const Evaluation& mean) {
    CsvTable table("method,level,exact,at_most_one_wrong,wrong_pixels,mse");
    for (const Method& method : mean.methods) {
        for (std::size_t l = 0; l < o.test.levels.size(); ++l) {
            const Scores& s = method.scores[l];
            table.add(method.name, {o.test.levels[l], s.exact, s.at_most_one, s.wrong, s.mse});
        }
    }
    return table.text();
}

}  // namespace

void write_tables(RunFolder& folder, const Options& o, const Result& r) {
    if (o.epochs > 0) {  // a report alone leaves the history as it is
        folder.write("error.csv", error_csv(o, r.run()));
    }
    folder.write("recovery.csv", recovery_csv(o, r.mean));
}

}  // namespace hourglass::denoising
