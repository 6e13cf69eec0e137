#include <algorithm>

#include "data/data.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/analysis/principal_angles.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/nn/central_differences.hpp"
#include "hourglass/nn/layers/dense.hpp"

namespace hourglass::data {
namespace {

constexpr double tolerance = 1e-6;  // a linear net comes as near to PCA as floats allow

/// A map of the codes, if two of their numbers are not all of them.
void add_map(const Options& o, Result& r) {
    constexpr std::size_t most = 5000;
    const Table& table = o.rows->table;
    r.mapped = spread_positions(table.rows(), most);
    for (const std::size_t i : table.labels.empty() ? std::vector<std::size_t>{} : r.mapped) {
        r.map_labels.push_back(table.labels[i]);
    }
    const Matrix codes = rows_of(r.nets.front().codes, r.mapped);
    if (codes.cols() > 2 && codes.rows() >= 10 && o.study.empty()) {
        r.map = make_point_map(codes, r.map_labels, {}, o.quiet);
    }
}

}  // namespace

Result measure(const Options& o, std::vector<std::vector<Run>> runs) {
    const PreparedRows& rows = *o.rows;
    Result r{std::move(runs.front())};
    r.criterion_met = true;
    for (const Run& run : r.runs) {
        r.nets.push_back(score_rows(rows, run.model));
        r.criterion_met = r.criterion_met && run.complete();
    }
    r.unusual = largest_first(r.nets.front().rows.error);
    add_map(o, r);
    if (o.apply) {
        const auto above = [&](double error) { return error > rows.saved.limit; };
        r.above_limit = static_cast<std::size_t>(std::ranges::count_if(r.nets.front().rows.error, above));
        return r;
    }
    const Pca pca = fit_pca(rows.X, r.runs.front().model.latent_size());
    Matrix coordinates = pca.project(rows.table.X);
    const Matrix Y = pca.expand(coordinates);
    r.pca = score_rows(rows, std::move(coordinates), Y);
    if (runs.size() > 1) {
        const Autoencoder& linear = runs[1].front().model;
        r.linear = score_rows(rows, linear);
        if (pca.components.size() == linear.latent_size()) {
            r.angles = principal_angles(columns_of(linear.as<Dense>(linear.depth()).W), pca.components);
        }
    }
    for (std::size_t s = 0; s < r.runs.size(); ++s) {
        r.criterion_met = r.criterion_met && r.nets[s].error <= r.pca->error + tolerance;
        SavedScaling saved = rows.saved;
        saved.limit = quantile(values_of(r.nets[s].rows.error, rows.judged()), 0.99);
        r.runs[s].metadata["scaling"] = scaling_text(saved);
    }
    return r;
}

}  // namespace hourglass::data
