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

/// The options of a variant: in the study of levels, its value are those that it is trained at.
Options as_variant(Options o, const std::string& value) {
    if (o.study == "levels" && value != "all") {
        const std::vector<double> levels = read_levels("variant", value, o.test.noise);
        o.sets = std::max<std::size_t>(o.sets * o.train_levels.size() / levels.size(), 1);  // as many letters
        o.train_levels = levels;
    }
    return o;
}

Tested train_and_test(const Options& of_variant) {
    const Options o = as_variant(of_variant, of_variant.variant);
    Tested tested{train(o)};
    if (tested.failure.empty()) {
        tested.evaluation = evaluate_denoisers(o.test, o.font.pixels(), tested.model, nullptr, o.seed);
    }
    return tested;
}

/// Gives a variant its scores.
/// @returns the network's mean over the seeds that did not diverge, and the ideal denoiser's; not a number, where
///          all did
std::pair<Method, Method> judge_variant(Variant& v, const Options& o, const std::vector<Tested>& runs) {
    const std::vector<Scores> none(o.test.levels.size(), {NAN, NAN, NAN, NAN});
    std::pair<Method, Method> found = {{"network", v.name, none}, {"ideal", "ideal", none}};
    std::vector<Evaluation> evaluations;
    for (const Tested& run : runs) {
        if (run.failure.empty()) {
            evaluations.push_back(run.evaluation);
            const double distance = distance_to_ideal(o, run.evaluation);
            v.share_criterion_met += std::isfinite(distance) && distance <= allowed_distance;
        }
    }
    v.share_criterion_met /= static_cast<double>(runs.size());
    double distance = NAN;
    if (!evaluations.empty()) {
        const Evaluation mean = mean_of(evaluations);
        distance = distance_to_ideal(o, mean);
        found.first.scores = mean.find("network")->scores;
        found.second = *mean.find("ideal");
    }
    v.rank = {distance};
    v.scores = {{"points_below_ideal", distance, "points below ideal", "%.2f"}};
    for (std::size_t l = 0; l < none.size(); ++l) {
        const std::string at = text("_at_%g", o.test.levels[l]);
        const Scores& s = found.first.scores[l];
        v.scores.insert(v.scores.end(), {{"recovery" + at, s.exact},
                                         {"at_most_one_wrong" + at, s.at_most_one},
                                         {"wrong_pixels" + at, s.wrong},
                                         {"mse" + at, s.mse}});
    }
    return found;
}

/// Recovery against the latent size, a line a level.
/// @param methods  the network of each variant, then the ideal denoiser
void draw_bottleneck(Pictures& pictures, const Options& base, const std::vector<Variant>& variants,
                     const std::vector<Method>& methods) {
    std::vector<Line> lines;
    for (const bool is_ideal : {false, true}) {
        for (std::size_t l = 0; l < base.test.levels.size(); ++l) {
            const char* label = is_ideal ? "ideal at %g" : "noise %g";
            Line& line = lines.emplace_back();
            line.label = text(label, base.test.levels[l]);
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
                .log_x = 2,
                .y_max = 102},
               lines);
}

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    std::vector<Method> methods;
    Method ideal;
    const auto judge = [&](Variant& v, const std::vector<Tested>& runs) {
        v.name = v.error.label = base.study == "levels" ? "trained at " + v.name : v.name;
        const auto [network, its_ideal] = judge_variant(v, as_variant(base, v.options.variant), runs);
        methods.push_back(network);
        ideal = v.failures.size() < runs.size() ? its_ideal : ideal;
    };
    const auto print = [&](const std::vector<Variant>&, std::ostream& report) {
        methods.push_back(ideal);
        print_scores("Recovered exactly (%)", base, methods, report, " %8.2f", 100, &Scores::exact);
    };
    const auto draw = [&](const std::vector<Variant>& variants, Pictures& pictures) {
        if (base.study == "bottleneck") {
            draw_bottleneck(pictures, base, variants, methods);
        } else if (base.study == "levels") {
            draw_recovery(pictures, "levels_recovery", "The level trained at against the level tested at",
                          base, methods);
        }
    };
    return run_variants(base, heading(base), output, train_and_test, judge, {print, draw});
}

}  // namespace hourglass::denoising
