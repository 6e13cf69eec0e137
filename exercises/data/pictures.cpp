#include "common/pictures.hpp"

#include "data/data.hpp"
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
    std::vector<Curve> beside;
    if (run.best_epoch > 0) {
        beside.push_back({text("rows held out: least in epoch %zu", run.best_epoch), run.held_out_errors, {}, {}, {}});
    }
    if (o.loss == Loss::mean_squared_error && r.pca) {
        beside.push_back({pca_name(r) + text(": %.4g", r.pca->error), std::vector(run.epochs(), r.pca->error), {}, {}, {}});
    }
    draw_error(pictures, o, run, {}, beside);
}

/// The planes of codes beside each other.
void draw_maps(Pictures& pictures, const Options& o, const Result& r) {
    std::vector<PointPanel> panels;
    const auto add = [&](const std::string& name, const RowScores& of) {
        panels.push_back({name + text(": error %.4g", of.error), "first number", "second number", rows_of(of.codes, r.mapped)});
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
        draw_point_panels(pictures, "map", r.map ? "The rows on a plane" : "The rows by the first two of their numbers", panels,
                          r.map_labels, o.rows->table.classes);
    }
}

void draw_errors(Pictures& pictures, const Options& o, const Result& r) {
    std::vector<ScoredMethod> methods = {{o.net_text(), &r.nets.front()}};
    if (r.pca) {
        methods.push_back({pca_name(r), &*r.pca, true});
    }
    draw_row_errors(pictures, *o.rows, o.left_out, o.unit, methods);
    if (o.rows->table.of_images()) {
        draw_unusual_images(pictures, *o.rows, r.unusual, r.runs.front().model);
    } else {
        draw_column_errors(pictures, *o.rows, o.unit, methods);
    }
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"error", "map", "row_errors", "columns", "unusual"});
    draw_training(folder.pictures, o, r);
    draw_maps(folder.pictures, o, r);
    draw_errors(folder.pictures, o, r);
}

}  // namespace hourglass::data
