#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "common/convolution_study.hpp"
#include "hourglass/analysis/classifier.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/plot/latent_pictures.hpp"
#include "satellite/satellite.hpp"

namespace hourglass::satellite {
namespace {

constexpr std::size_t shown = 6;  // images that are reconstructed, and new ones, in a row of the sheet

/// A row of the sheet that compares what codes are good for: reconstructions, a gap, and new images.
void add_row(ImageSheet& sheet, const std::string& label, const Matrix& reconstructed, const Matrix& drawn) {
    std::vector<SheetImage>& row = sheet.rows.emplace_back(2 * shown + 1);
    for (std::size_t i = 0; i < shown; ++i) {
        row[i].pixels = to_vector(reconstructed.row(i));
        if (!drawn.empty()) {
            row[shown + 1 + i].pixels = to_vector(drawn.row(i));
        }
    }
    sheet.row_labels.push_back(label);
}

/// What the study puts side by side besides its table.
struct Comparison {
    ImageSheet sheet;
    std::vector<Line> points;     // purity over error, one each
    std::vector<Line> over_time;  // the loss
    Matrix X;                     // the images that are reconstructed

    explicit Comparison(const Options& o) {
        sheet.title = "Good reconstruction against codes that one can draw from";
        sheet.note = "Left: images, and what their mean codes decode to. Right: what new codes decode to.";
        sheet.shape = o.shape();
        std::vector<std::size_t> rows = few_of_each_class(o.set->labels, o.set->classes.size(), shown, o.seed);
        rows.resize(shown);
        X = rows_of(o.X(), rows);
        add_row(sheet, "original", X, {});
    }
    void add_linear(const Options& o, const LinearCodes& linear) {
        const Matrix drawn = draw_codes(shown, spread_of(linear.codes), o.seed + 1);
        add_row(sheet, "PCA", linear.pca.reconstruct(X), linear.pca.expand(drawn));
        points.push_back({text("PCA, %zu components", o.latent_size), {linear.mse}, {100 * linear.purity}});
    }
    void add(const Options& o, const Variant& variant, const Run& run, const CodeQuality& codes) {
        add_row(sheet, variant.name, run.model.reconstruct(X), new_samples(run.model, codes, shown, o.seed + 1));
        points.push_back({variant.name, {codes.mse}, {100 * codes.purity}});
        over_time.push_back(error_over_time(variant, run, run.errors));
    }
};

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    const LinearCodes linear = linear_codes(base.X(), base.set->labels, base.latent_size);
    Comparison comparison(base);
    comparison.add_linear(base, linear);
    const auto judge = [&](Variant& v, const std::vector<Run>& runs) {
        const Run& run = runs.front();
        const CodeQuality codes = code_quality(run.model, base.X(), base.set->labels, base.loss, base.nats(), base.seed);
        v.share_criterion_met = run.complete() && codes.mse < linear.mean_image_mse;
        v.rank = {base.study == "reconstruction" ? codes.mse : run.errors.back()};
        v.scores = {{"mse", codes.mse, "MSE", "%.5f"},
                    {"kl", codes.kl(), "KL", "%.1f"},
                    {"negative_elbo", -codes.elbo(), "-ELBO", "%.1f"},
                    {"purity", codes.purity, "purity", "%.3f"},
                    {"seconds_an_epoch", run.seconds / static_cast<double>(run.epochs()), "s an epoch", "%.1f"}};
        if (run.failure.empty()) {
            comparison.add(base, v, run, codes);
        }
    };
    const auto print = [&](const std::vector<Variant>&, std::ostream& report) {
        report << text("PCA with as many components: MSE %.5f, purity %.3f; the mean image: MSE %.5f\n", linear.mse,
                       linear.purity, linear.mean_image_mse);
    };
    const auto draw = [&](const std::vector<Variant>&, Pictures& pictures) {
        draw_image_sheet(pictures, base.study + "_images", comparison.sheet);
        draw_lines(pictures, base.study + "_purity",
                   {.title = "Left: less is lost of the images. Up: codes tell more of their classes",
                    .x_label = "mean squared error of the images (of pixels in [0, 1])",
                    .y_label = "10 neighbours of the same class (%)"},
                   comparison.points);
        if (base.study != "reconstruction") {
            draw_over_time(pictures, base, "The loss after each epoch, over the time it took", base.error_label(),
                           comparison.over_time);
        }
    };
    const Json head = {{"exercise", "satellite"}, {"images", base.samples}, {"pca", linear.mse}, {"pca_purity", linear.purity}};
    return run_variants(base, head, output, train, judge, {.print = print, .draw = draw});
}

}  // namespace hourglass::satellite
