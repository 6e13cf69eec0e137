#include "hourglass/plot/score_curves.hpp"

#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/curves.hpp"

namespace hourglass {
namespace {

Curve curve_of(const std::string& name, const ScoreAxis& axis, const std::vector<SetScores>& scores) {
    Curve curve{name, {}, {}, {}, {}};
    for (const SetScores& score : scores) {
        curve.values.push_back(axis.scale * axis.value(score));
    }
    curve.label += curve.values.empty() ? "" : text(": %.4g at the end", curve.values.back());
    return curve;
}

}  // namespace

void draw_score_curves(Pictures& pictures, const std::string& title, const std::vector<ScoreAxis>& axes,
                       const std::vector<SetScores>& train, const std::vector<SetScores>& test) {
    if (train.empty()) {
        return;
    }
    std::vector<StackedChart> charts;
    for (const ScoreAxis& axis : axes) {
        if (axis.label.empty()) {
            continue;
        }
        StackedChart chart;
        chart.chart.y_label = axis.label;
        chart.chart.log_scale = axes.size() == 1;
        chart.chart.from_zero = chart.chart.mark_lowest = false;
        chart.curves = {curve_of("training set, as it was met", axis, train)};
        if (!test.empty()) {
            chart.curves.push_back(curve_of("test set", axis, test));
        }
        charts.push_back(chart);
    }
    if (charts.size() > 1) {
        return draw_stacked_curves(pictures, "error", title, charts);
    }
    charts.front().chart.title = title;
    draw_curves(pictures, "error", charts.front().chart, charts.front().curves);
}

}  // namespace hourglass
