#include <algorithm>
#include <limits>
#include <numeric>

#include "data/data.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/analysis/principal_angles.hpp"
#include "hourglass/analysis/roc.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/nn/layers/dense.hpp"

namespace hourglass::data {
namespace {

constexpr double tolerance = 1e-6;  // a linear net comes as near to PCA as floats allow

Judged judge(const Rows& rows, Matrix codes, const Matrix& Y) {
    const Matrix& X = rows.table.X;
    const std::vector<std::size_t> judged = rows.judged();
    Judged j{std::move(codes), compare_rows(Y, X), column_errors(Y, X, judged)};
    j.train = mean_over(j.rows.error, rows.train);
    j.held_out = mean_over(j.rows.error, rows.held_out);
    j.error = mean_over(j.rows.error, judged);
    j.roc_area = rows.left_out.empty()
                     ? std::numeric_limits<double>::quiet_NaN()
                     : roc_area(values_of(j.rows.error, judged), values_of(j.rows.error, rows.left_out));
    return j;
}

Judged judge(const Rows& rows, const Autoencoder& model) {
    Matrix codes = apply_in_blocks(model, 1, model.latent_layer(), rows.table.X);
    const Matrix Y = decode_in_blocks(model, codes);
    return judge(rows, std::move(codes), Y);
}

/// A map of the codes, if two of their numbers are not all of them.
void add_map(const Options& o, Result& r) {
    constexpr std::size_t most = 5000;
    const Table& table = o.rows->table;
    const std::size_t stride = (table.rows() + most - 1) / most;
    std::vector<std::size_t> labels;
    for (std::size_t i = 0; i < table.rows(); i += stride) {
        r.mapped.push_back(i);
        if (!table.labels.empty()) {
            labels.push_back(table.labels[i]);
        }
    }
    Matrix codes;
    gather_rows(codes, r.nets.front().codes, r.mapped);
    if (codes.cols() > 2 && codes.rows() >= 10 && o.study.empty()) {
        r.map = make_point_map(codes, labels, {}, o.quiet);
    }
}

}  // namespace

std::vector<std::size_t> Rows::judged() const {
    std::vector<std::size_t> all(table.rows());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return !held_out.empty() ? held_out : !train.empty() ? train : all;
}

std::string Rows::judged_name() const {
    return !held_out.empty() ? "rows held out" : !train.empty() ? "rows trained on" : "new rows";
}

std::vector<std::string> Rows::sets() const {
    std::vector<std::string> names(table.rows(), "new");
    const auto name = [&](const std::vector<std::size_t>& rows, const char* set) {
        for (const std::size_t i : rows) {
            names[i] = set;
        }
    };
    name(train, "train");
    name(held_out, "held_out");
    name(left_out, "left_out");
    return names;
}

Result measure(const Options& o, std::vector<std::vector<Run>> runs) {
    const Rows& rows = *o.rows;
    Result r{std::move(runs.front())};
    r.criterion_met = true;
    for (const Run& run : r.runs) {
        r.nets.push_back(judge(rows, run.model));
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
    r.pca = judge(rows, std::move(coordinates), Y);
    if (runs.size() > 1) {
        const Autoencoder& linear = runs[1].front().model;
        r.linear = judge(rows, linear);
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
