#include "hourglass/io/files.hpp"

#include <nlohmann/json.hpp>

#include "common/row_report.hpp"
#include "data/data.hpp"
#include "hourglass/data/npy.hpp"

namespace hourglass::data {
namespace {

Json results_json(const Options& o, const Result& r) {
    const PreparedRows& rows = *o.rows;
    const RowScores& net = r.nets.front();
    const Run& run = r.runs.front();
    Json results = {{"exercise", "data"}, {"file", o.file}, {"samples", o.samples}};
    add_training(results, o, run);
    results.update({{"rows", rows.table.rows()},
                    {"columns", rows.table.X.cols()},
                    {"scaling", name_of(rows.saved.scaling.kind)},
                    {"held_out_rows", rows.held_out.size()},
                    {"train_error", net.train},  // NaN, where there are no such rows, is null
                    {"held_out_error", net.held_out},
                    {"best_epoch", run.best_epoch > 0 ? run.best_epoch : run.epochs()}});
    if (r.pca) {
        results.update({{"pca_error", r.pca->error}, {"pca_train_error", r.pca->train}});
    }
    if (r.linear) {
        results["linear"] = {{"error", r.linear->error}, {"principal_angles", r.angles}};
    }
    if (!rows.left_out.empty()) {
        results["left_out"] = {{"class", o.left_out},
                               {"rows", rows.left_out.size()},
                               {"roc_area", net.roc_area},
                               {"pca_roc_area", r.pca->roc_area}};
    }
    if (o.apply) {
        results.update({{"error", net.error}, {"limit", rows.saved.limit}, {"above_limit", r.above_limit}});
    }
    if (r.map) {
        results["map"] = to_json(*r.map);
    }
    for (std::size_t s = 0; s < r.nets.size() && o.seeds > 1; ++s) {
        results["runs"].push_back({{"seed", r.runs[s].seed}, {"error", r.nets[s].error}, {"roc_area", r.nets[s].roc_area}});
    }
    results["criterion_met"] = r.criterion_met;
    return results;
}

}  // namespace

void write_files(RunFolder& folder, const Options& o, const Result& r) {
    const Run& run = r.runs.front();
    const bool held_out = !run.held_out_errors.empty();
    const std::vector<EpochColumn> columns = {{"held_out_error", run.held_out_errors}};
    write_training(folder, o, run, held_out ? columns : std::vector<EpochColumn>{});
    const RowScores& net = r.nets.front();
    folder.write("codes.csv", codes_csv(*o.rows, net));
    folder.write("codes.npy", npy_bytes(net.codes));
    folder.write("errors.csv", errors_csv(*o.rows, net, r.unusual));
    folder.write("columns.csv", columns_csv(*o.rows, net, r.pca ? &*r.pca : nullptr));
    write_results(folder, results_json(o, r));
}

}  // namespace hourglass::data
