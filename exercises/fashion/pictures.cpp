#include <algorithm>
#include <functional>

#include "common/pictures.hpp"
#include "fashion/fashion.hpp"
#include "hourglass/analysis/confusion.hpp"
#include "hourglass/data/noise.hpp"
#include "hourglass/plot/class_pictures.hpp"
#include "hourglass/plot/code_pictures.hpp"
#include "hourglass/plot/confusion_matrix.hpp"

namespace hourglass::fashion {
namespace {

/// A score of both sets over the epochs. @param value  of the scores of an epoch
StackedChart chart_of(const Run& run, const std::string& label, const std::function<double(const SetScores&)>& value) {
    StackedChart chart{{.title = "", .y_label = label, .mark_label = "", .band_label = "", .log_scale = false,
                        .from_zero = false, .mark_lowest = false}, {}};
    for (const auto& [name, scores] : {std::pair{"training set, as it was met", &run.train_scores}, {"test set", &run.test_scores}}) {
        Curve curve{name, {}, {}, {}, {}};
        std::ranges::transform(*scores, std::back_inserter(curve.values), value);
        curve.label += text(": %.4g at the end", curve.values.back());
        chart.curves.push_back(curve);
    }
    return chart;
}

void draw_scores(Pictures& pictures, const Options& o, const Run& run) {
    const std::string title = "Error while training, " + std::string(name_of(o.kind)) + ", seed " + std::to_string(run.seed);
    if (o.is_variational()) {
        draw_stacked_curves(pictures, "error", title,
                            {chart_of(run, "ELBO (nats an image)", &SetScores::elbo),
                             chart_of(run, "reconstruction (nats an image)", &SetScores::error),
                             chart_of(run, "KL divergence (nats an image)", &SetScores::kl)});
    } else if (o.kind == Kind::supervised) {
        draw_stacked_curves(pictures, "error", title,
                            {chart_of(run, "negative log-likelihood (nats)", &SetScores::error),
                             chart_of(run, "named rightly (%)", [](const SetScores& s) { return 100 * s.accuracy; })});
    } else {
        StackedChart chart = chart_of(run, o.error_label(), &SetScores::error);
        chart.chart.title = title;
        chart.chart.log_scale = true;
        draw_curves(pictures, "error", chart.chart, chart.curves);
    }
}

void draw_reconstructions(Pictures& pictures, const Options& o, const Result& r, const PictureShape& shape) {
    const LabelledImages& test = o.sets->test;
    ImageSheet sheet;
    sheet.shape = shape;
    if (o.kind == Kind::denoising) {
        sheet.title = text("Test images with noise of %g, and what a median filter and the network make of them", o.noise);
        draw_by_class(pictures, "denoised", sheet,
                      {{"noisy", r.X}, {"median filter", median_filter(r.X, o.height(), o.width())}, {"denoised", r.Y}, {"clean", test.X}},
                      test.labels, o.classes, o.examples);
    } else {
        sheet.title = text("Test images, and what is left of them in %zu numbers", r.codes.cols());
        draw_by_class(pictures, "reconstruction", sheet, {{"original", test.X}, {"reconstruction", r.Y}}, test.labels,
                      o.classes, o.examples);
    }
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"error", "reconstruction", "denoised", "units", "plane", "samples", "transitions", "codes", "confusion", "wrong"});
    Pictures& pictures = folder.pictures;
    const LabelledImages& test = o.sets->test;
    const PictureShape shape{o.width(), o.height(), false, 0};
    if (!r.run.errors.empty()) {
        draw_scores(pictures, o, r.run);
    }
    if (o.kind == Kind::supervised) {
        draw_confusion(pictures, "confusion", text("Which class is taken for which: %.2f %% of the test images are right", 100 * r.test.accuracy),
                       confusion_counts(idx_classes, test.labels, r.taken), o.classes, "", "class");
        return draw_mistakes(pictures, test.X, r.Y, test.labels, o.classes, shape);
    }
    draw_reconstructions(pictures, o, r, shape);
    draw_code_units(pictures, r.run.model, r.codes, shape);
    if (o.is_variational()) {
        draw_prior(pictures, r.run.model, r.codes, shape, r.run.seed);
        draw_code_lines(pictures, r.run.model, test.X, o.transitions, shape);
        if (r.codes.cols() == 2) {
            draw_codes_by_class(pictures, r.codes, test.labels, o.classes);
        }
    }
}

}  // namespace hourglass::fashion
