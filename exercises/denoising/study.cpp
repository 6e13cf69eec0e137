#include "common/study.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "denoising/denoising.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass::denoising {
namespace {

/// A network and how it scored.
struct Tested : Run {
    Evaluation evaluation = {};
};

Tested train_and_test(const Options& o) {
    Tested tested{train(o)};
    if (tested.failure.empty()) {
        tested.evaluation = evaluate_denoisers(o.test, o.font.pixels(), tested.model, nullptr, o.seed);
    }
    return tested;
}

/// Recovery against the latent size, a line a level.
/// @param methods  the network of each variant, then the ideal denoiser
void draw_bottleneck(Pictures& pictures, const Options& base, const std::vector<Variant>& variants,
                     const std::vector<Method>& methods) {
    std::vector<Line> lines;
    for (const bool is_ideal : {false, true}) {
        for (std::size_t l = 0; l < base.test.levels.size(); ++l) {
            const char* label = is_ideal ? "ideal at %g" : "noise %g";
            Line& line = lines.emplace_back(text(label, base.test.levels[l]));
            line.is_reference = is_ideal;
            for (std::size_t v = 0; v < variants.size(); ++v) {
                const Method& method = is_ideal ? methods.back() : methods[v];
                line.x.push_back(static_cast<double>(variants[v].options.widths.back()));
                line.y.push_back(100 * method.scores[l].exact);
            }
        }
    }
    draw_lines(pictures, "bottleneck_recovery",
               {.title = "What a small latent size costs",
                .x_label = axis::latent_size,
                .y_label = axis::recovered,
                .log_x = true,
                .y_max = 102},
               lines);
}

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    const std::vector<double>& levels = base.test.levels;
    std::vector<Method> methods;
    Method ideal;
    const auto judge = [&](Variant& v, const std::vector<Tested>& runs) {
        constexpr Scores none = {NAN, NAN, NAN, NAN};
        Method& network =
            methods.emplace_back(Method{v.name, v.name, std::vector<Scores>(levels.size(), none)});
        double distance = INFINITY;
        std::vector<Evaluation> evaluations;
        for (const Tested& run : runs) {
            if (run.failure.empty()) {
                evaluations.push_back(run.evaluation);
                const double its = distance_to_ideal(base, run.evaluation);
                v.share_criterion_met += std::isfinite(its) && its <= allowed_distance;  // tested where trained
            }
        }
        v.share_criterion_met /= static_cast<double>(runs.size());
        if (!evaluations.empty()) {
            const Evaluation mean = mean_of(evaluations);
            distance = distance_to_ideal(base, mean);
            network.scores = mean.find("network")->scores;
            ideal = *mean.find("ideal");
        }
        v.rank = {distance};
        v.scores = {{"points_below_ideal", distance, "points below ideal", "%.2f"}};
        for (std::size_t l = 0; l < levels.size(); ++l) {
            const std::string at = text("_at_%g", levels[l]);
            const Scores& s = network.scores[l];
            v.scores.insert(v.scores.end(), {{"recovery" + at, s.exact},
                                             {"at_most_one_wrong" + at, s.at_most_one},
                                             {"wrong_pixels" + at, s.wrong},
                                             {"mse" + at, s.mse}});
        }
    };
    const auto more = [&](const std::vector<Variant>& variants, Pictures& pictures) {
        methods.push_back(ideal);
        print_scores("Recovered exactly (%)", base, methods, output, " %8.2f", 100, &Scores::exact);
        if (base.study == "bottleneck") {
            draw_bottleneck(pictures, base, variants, methods);
        }
    };
    return run_variants(base, heading(base), output, train_and_test, judge, more);
}

}  // namespace hourglass::denoising
