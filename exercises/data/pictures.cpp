#include "common/pictures.hpp"

#include <algorithm>

#include "data/data.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/plot/point_panels.hpp"
#include "hourglass/plot/row_pictures.hpp"

namespace hourglass::data {
namespace {

std::string pca_name(const Result& r) {
    return text("PCA with %zu components", r.pca->codes.cols());
}

void draw_training(Pictures& pictures, const Options& o, const Result& r) {
    const Run& run = r.runs.front();
    if (run.errors.empty()) {
        return;
    }
    std::vector<Curve> curves = {{"rows trained on", run.errors, {}, {}, {}}};
    CurveChart chart;
    chart.title = "Error while training " + o.net_text() + ", seed " + std::to_string(run.seed);
    chart.y_label = o.error_label();
    chart.mark_lowest = false;
    if (run.best_epoch > 0) {
        curves.push_back({text("rows held out: least in epoch %zu", run.best_epoch), run.held_out_errors, {}, {}, {}});
    }
    if (o.loss == Loss::mean_squared_error) {
        curves.push_back({pca_name(r) + text(": %.4g", r.pca->error), std::vector(run.epochs(), r.pca->error), {}, {}, {}});
    }
    draw_curves(pictures, "error", chart, curves);
}

/// The planes of codes beside each other.
void draw_maps(Pictures& pictures, const Options& o, const Result& r) {
    std::vector<PointPanel> panels;
    const Table& table = o.rows->table;
    const auto add = [&](const std::string& name, const Judged& of) {
        panels.push_back({name + text(": error %.4g", of.error), "first number", "second number", {}});
        gather_rows(panels.back().Y, of.codes, r.mapped);
    };
    if (r.pca) {
        add("PCA", *r.pca);
    }
    if (r.linear) {
        add("linear net", *r.linear);
    }
    if (r.map) {
        panels.push_back({o.net_text() + " by t-SNE: trustworthiness " + text("%.3f", r.map->quality.trustworthiness), "", "", r.map->Y});
    } else {
        add(o.net_text(), r.nets.front());
    }
    std::erase_if(panels, [](const PointPanel& panel) { return panel.Y.cols() < 2; });
    if (!panels.empty()) {
        std::vector<std::size_t> labels;
        for (const std::size_t i : table.labels.empty() ? std::vector<std::size_t>{} : r.mapped) {
            labels.push_back(table.labels[i]);
        }
        draw_point_panels(pictures, "map", r.map ? "The rows on a plane" : "The rows by the first two of their numbers", panels,
                          labels, table.classes);
    }
}

void draw_errors(Pictures& pictures, const Options& o, const Result& r) {
    const Rows& rows = *o.rows;
    std::vector<ErrorGroup> of_rows, of_columns;
    const auto add = [&](const std::string& name, const Judged& of, bool reference) {
        of_rows.push_back({rows.judged_name() + ", " + name, values_of(of.rows.error, rows.judged()), reference});
        of_rows.push_back({o.left_out + " (left out), " + name, values_of(of.rows.error, rows.left_out), reference});
        of_columns.push_back({name, of.columns});
    };
    add(o.net_text(), r.nets.front(), false);
    if (r.pca) {
        add(pca_name(r), *r.pca, true);
    }
    draw_row_errors(pictures, o.unit, of_rows);
    if (!rows.table.of_images()) {
        draw_column_errors(pictures, rows.judged_name(), o.unit, rows.table.columns, of_columns);
    }
}

void draw_unusual(Pictures& pictures, const Options& o, const Result& r) {
    const Table& table = o.rows->table;
    Matrix X;
    gather_rows(X, table.X, std::span(r.unusual).first(std::min<std::size_t>(12, r.unusual.size())));
    Matrix Y = r.runs.front().model.reconstruct(X);
    for (Matrix* images : {&X, &Y}) {
        o.rows->saved.scaling.undo(*images);
    }
    draw_unusual_images(pictures, X, Y, {table.width, table.height, false, table.lowest, table.channels});
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"error", "map", "row_errors", "columns", "unusual"});
    draw_training(folder.pictures, o, r);
    draw_maps(folder.pictures, o, r);
    draw_errors(folder.pictures, o, r);
    if (o.rows->table.of_images()) {
        draw_unusual(folder.pictures, o, r);
    }
}

}  // namespace hourglass::data
