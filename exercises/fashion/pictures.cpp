#include "common/pictures.hpp"

#include "fashion/fashion.hpp"
#include "hourglass/analysis/confusion.hpp"
#include "hourglass/data/noise.hpp"
#include "hourglass/plot/class_pictures.hpp"
#include "hourglass/plot/code_pictures.hpp"
#include "hourglass/plot/confusion_matrix.hpp"
#include "hourglass/plot/point_panels.hpp"
#include "hourglass/plot/score_curves.hpp"

namespace hourglass::fashion {
namespace {

std::vector<ScoreAxis> axes_of(const Options& o) {
    if (o.is_variational()) {
        return {{"ELBO (nats an image)", &SetScores::elbo},
                {"reconstruction (nats an image)", &SetScores::error},
                {"KL divergence (nats an image)", &SetScores::kl}};
    }
    if (o.kind == Kind::supervised) {
        return {{"negative log-likelihood (nats)", &SetScores::error},
                {"named rightly (%)", [](const SetScores& s) { return 100 * s.accuracy; }}};
    }
    return {{o.error_label(), &SetScores::error}};
}

void draw_reconstructions(Pictures& pictures, const Options& o, const Result& r, ImageSheet sheet) {
    const LabelledImages& test = o.sets->test;
    sheet.title = text("Test images, and what is left of them in %zu numbers", r.codes.cols());
    if (o.kind != Kind::denoising) {
        return draw_by_class(pictures, "reconstruction", sheet,
                             {{"original", test.X}, {"reconstruction", r.Y}}, test.labels, o.classes,
                             o.examples);
    }
    sheet.title = text("Test images with noise of %g, and what takes it away", o.noise);
    const Matrix filtered = median_filter(r.X, o.input.height, o.input.width);
    draw_by_class(pictures, "denoised", sheet,
                  {{"noisy", r.X}, {"median filter", filtered}, {"denoised", r.Y}, {"clean", test.X}},
                  test.labels, o.classes, o.examples);
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"error", "reconstruction", "denoised", "units", "plane", "samples", "transitions",
                            "codes", "confusion", "wrong", "map"});
    Pictures& pictures = folder.pictures;
    const LabelledImages& test = o.sets->test;
    ImageSheet sheet;
    sheet.shape = {o.input.width, o.input.height, false, 0};
    if (!r.run.errors.empty()) {
        const std::string what = std::string(name_of(o.kind)) + ", seed " + std::to_string(r.run.seed);
        draw_score_curves(pictures, "Error while training, " + what, axes_of(o), r.run.train_scores,
                          r.run.test_scores);
    }
    if (r.map) {
        draw_point_panels(pictures, "map",
                          text("t-SNE of the %s of %zu images, with names where classes have their mean",
                               o.map_of_pixels ? "pixels" : "codes", r.map->Y.rows()),
                          {{"", "", "", r.map->Y}}, r.map_labels, o.classes);
    }
    if (o.kind == Kind::supervised) {
        draw_confusion(pictures, "confusion",
                       text("Which class is taken for which: %.2f %% are right", 100 * r.test.accuracy),
                       confusion_counts(idx_classes, test.labels, r.taken), o.classes, "", "class");
        return draw_mistakes(pictures, test.X, r.Y, test.labels, o.classes, sheet.shape);
    }
    draw_reconstructions(pictures, o, r, sheet);
    draw_code_units(pictures, r.run.model, r.codes, sheet.shape);
    if (o.is_variational()) {
        draw_prior(pictures, r.run.model, r.codes, sheet.shape, r.run.seed);
        draw_code_lines(pictures, r.run.model, test.X, o.transitions, sheet.shape);
        if (r.codes.cols() == 2) {
            draw_codes_by_class(pictures, r.codes, test.labels, o.classes);
        }
    }
}

}  // namespace hourglass::fashion
