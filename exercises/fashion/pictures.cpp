#include "common/pictures.hpp"

#include "fashion/fashion.hpp"
#include "hourglass/analysis/classifier.hpp"
#include "hourglass/analysis/confusion.hpp"
#include "hourglass/data/noise.hpp"
#include "hourglass/plot/class_pictures.hpp"
#include "hourglass/plot/code_pictures.hpp"
#include "hourglass/plot/confusion_matrix.hpp"
#include "hourglass/plot/point_panels.hpp"

namespace hourglass::fashion {
namespace {

void draw_reconstructions(Pictures& pictures, const Options& o, const Result& r, ImageSheet sheet) {
    const LabelledImages& test = o.sets->test;
    std::vector<std::pair<std::string, Matrix>> rows = {{"original", test.X}, {"reconstruction", r.Y}};
    sheet.title = text("Test images, and what is left of them in %zu numbers", r.codes.cols());
    if (o.kind == Kind::denoising) {
        rows = {{"noisy", r.X},
                {"median filter", median_filter(r.X, o.input.height, o.input.width)},
                {"denoised", r.Y},
                {"clean", test.X}};
        sheet.title = text("Test images with noise of %g, and what takes it away", o.noise);
    }
    draw_by_class(pictures, o.kind == Kind::denoising ? "denoised" : "reconstruction", sheet, rows,
                  test.labels, o.sets->classes, o.examples);
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"error", "reconstruction", "denoised", "units", "plane", "samples", "transitions",
                            "codes", "confusion", "wrong", "map"});
    Pictures& pictures = folder.pictures;
    const LabelledImages& test = o.sets->test;
    const std::vector<std::string>& classes = o.sets->classes;
    ImageSheet sheet;
    sheet.shape = {o.input.width, o.input.height, false, 0};
    const std::string what = std::string(name_of(o.kind)) + ", seed " + std::to_string(r.run.seed);
    draw_score_curves(pictures, "Error while training, " + what, scores_of(o), r.run.train_scores,
                      r.run.test_scores);
    if (r.map) {
        draw_point_panels(pictures, "map",
                          text("t-SNE of the %s of %zu images, with names where classes have their mean",
                               o.map.of(), r.map->Y.rows()),
                          {{"", "", "", r.map->Y}}, r.map->labels, classes);
    }
    if (o.kind == Kind::supervised) {
        draw_confusion(pictures, "confusion",
                       text("Which class is taken for which: %.2f %% are right", 100 * r.test.accuracy),
                       confusion_counts(idx_classes, test.labels, most_probable_classes(r.Y)), classes, "",
                       "class");
        return draw_mistakes(pictures, test.X, r.Y, test.labels, classes, sheet.shape);
    }
    draw_reconstructions(pictures, o, r, sheet);
    draw_code_units(pictures, r.run.model, r.codes, sheet.shape);
    if (o.is_variational()) {
        draw_prior(pictures, r.run.model, r.codes, sheet.shape, r.run.seed);
        draw_code_lines(pictures, r.run.model, test.X, o.transitions, sheet.shape);
        if (r.codes.cols() == 2) {
            draw_codes_by_class(pictures, r.codes, test.labels, classes);
        }
    }
}

}  // namespace hourglass::fashion
