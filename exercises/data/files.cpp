#include "hourglass/analysis/metrics.hpp"
#include "hourglass/io/files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/data.hpp"
#include "hourglass/data/npy.hpp"

namespace hourglass::data {
namespace {

/// A row for a table: what it is called, and its class if rows have one.
std::vector<std::string> labels_of(const Table& table, std::size_t i) {
    std::vector<std::string> labels = {table.row_name(i)};
    if (!table.labels.empty()) {
        labels.push_back(table.classes[table.labels[i]]);
    }
    return labels;
}

std::string codes_csv(const Table& table, const Judged& net) {
    std::string header = table.labels.empty() ? "row,error" : "row,class,error";
    for (std::size_t k = 0; k < net.codes.cols(); ++k) {
        header += ",code" + std::to_string(k);
    }
    CsvTable csv(header);
    for (std::size_t i = 0; i < table.rows(); ++i) {
        std::vector<double> values = {net.rows.error[i]};
        values.insert(values.end(), net.codes.row(i).begin(), net.codes.row(i).end());
        csv.add(labels_of(table, i), values);
    }
    return csv.text();
}

/// The unusual rows first, each with the column that is most so, and what the net would have expected there.
std::string errors_csv(const Rows& rows, const Result& r) {
    const RowErrors& errors = r.nets.front().rows;
    CsvTable csv(rows.table.labels.empty() ? "row,set,column,error,value,expected" : "row,class,set,column,error,value,expected");
    const std::vector<std::string> sets = rows.sets();
    for (const std::size_t i : r.unusual) {
        const std::size_t j = errors.worst[i];
        std::vector<std::string> labels = labels_of(rows.table, i);
        labels.insert(labels.end(), {sets[i], rows.table.columns[j]});
        csv.add(labels, {errors.error[i], rows.saved.scaling.shown(static_cast<double>(rows.table.X(i, j)), j),
                         rows.saved.scaling.shown(errors.said[i], j)});
    }
    return csv.text();
}

std::string columns_csv(const Table& table, const Result& r) {
    CsvTable csv(r.pca ? "column,error,pca_error" : "column,error");
    for (const std::size_t j : largest_first(r.nets.front().columns)) {
        std::vector<double> values = {r.nets.front().columns[j]};
        if (r.pca) {
            values.push_back(r.pca->columns[j]);
        }
        csv.add(table.columns[j], values);
    }
    return csv.text();
}

Json results_json(const Options& o, const Result& r) {
    const Rows& rows = *o.rows;
    const Judged& net = r.nets.front();
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
    write_training(folder, o, run, held_out ? ",held_out_error" : "", [&](std::size_t e) {
        return held_out ? std::vector{run.held_out_errors[e]} : std::vector<double>{};
    });
    folder.write("codes.csv", codes_csv(o.rows->table, r.nets.front()));
    folder.write("codes.npy", npy_bytes(r.nets.front().codes));
    folder.write("errors.csv", errors_csv(*o.rows, r));
    folder.write("columns.csv", columns_csv(o.rows->table, r));
    write_results(folder, results_json(o, r));
}

}  // namespace hourglass::data
