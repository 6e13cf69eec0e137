#include "common/pictures.hpp"


namespace hourglass {

void draw_error(Pictures& pictures, const TrainingOptions& options, const Trained& run,
                const std::vector<StackedChart>& below, const std::vector<Curve>& beside) {
    if (run.errors.empty()) {
        return;
    }
    const std::string net = options.net_text();
    const std::string title = "Error while training " + net + ", seed " + std::to_string(run.seed);
    CurveChart chart;
    chart.y_label = options.error_label();
    chart.mark_lowest = beside.empty();
    std::vector<Curve> errors = {
        {beside.empty() ? net : options.sample + std::string("s trained on"), run.errors, {}, {}, {}}};
    errors.insert(errors.end(), beside.begin(), beside.end());
    if (below.empty()) {
        chart.title = title;
        draw_curves(pictures, "error", chart, errors);
        return;
    }
    std::vector<StackedChart> charts = {{chart, errors}};
    charts.front().curves.front().marked_epoch = below.front().curves.front().marked_epoch;
    charts.insert(charts.end(), below.begin(), below.end());
    draw_stacked_curves(pictures, "error", title, charts);
}

void draw_seeds(Pictures& pictures, const TrainingOptions& options, const Curve& error, std::size_t seeds,
                std::size_t diverged) {
    CurveChart chart;
    chart.title = "Error over " + std::to_string(seeds - diverged) + " seeds of " + options.net_text() +
                  (diverged > 0 ? text(", without %zu that diverged", diverged) : "");
    chart.y_label = options.error_label();
    chart.band_label = "interquartile range";
    draw_curves(pictures, "seeds", chart, {error});
}

void draw_forming(Pictures& pictures, const Trained& run, const std::string& title,
                  const std::vector<std::string>& labels) {
    if (!run.frames.empty()) {
        draw_animation(pictures, "forming", {.title = title, .labels = labels, .frames = run.frames});
    }
}

}  // namespace hourglass
