#include "common/study.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "denoising/denoising.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/letter_pictures.hpp"

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

/// The means of the variants over the seeds that did not diverge; not a number, where all did.
struct Comparison {
    std::vector<Method> networks;  // of each variant
    Method ideal;

    void judge(Variant& v, const Options& o, const std::vector<Tested>& runs) {
        const std::vector<Scores> none(o.test.levels.size(), {NAN, NAN, NAN, NAN});
        Method& network = networks.emplace_back(Method{"network", v.name, none});
        std::vector<Evaluation> evaluations;
        for (const Tested& run : runs) {
            if (run.failure.empty()) {
                evaluations.push_back(run.evaluation);
                const double distance = points_below_ideal(o.test, run.evaluation, o.train_levels);
                v.share_criterion_met += std::isfinite(distance) && distance <= allowed_distance;
            }
        }
        v.share_criterion_met /= static_cast<double>(runs.size());
        double distance = NAN;
        if (!evaluations.empty()) {
            const Evaluation mean = mean_of(evaluations);
            distance = points_below_ideal(o.test, mean, o.train_levels);
            network.scores = mean.find("network")->scores;
            ideal = *mean.find("ideal");
        }
        v.rank = {distance};
        v.scores = {{"points_below_ideal", distance, "points below ideal", "%.2f"}};
        for (std::size_t l = 0; l < none.size(); ++l) {
            for (const NamedScore& score : named_scores) {
                v.scores.push_back({score.key + text("_at_%g", o.test.levels[l]), network.scores[l].*score.value});
            }
        }
    }
};

/// Recovery against the latent size, a line a level.
void draw_bottleneck(Pictures& pictures, const std::vector<double>& levels, const std::vector<Variant>& variants,
                     const Method& ideal) {
    std::vector<std::pair<std::string, std::string>> keys;
    for (const double level : levels) {
        keys.emplace_back(text("recovery_at_%g", level), text("noise %g", level));
    }
    std::vector<Line> lines = score_lines(variants, keys);
    for (std::size_t l = 0; l < levels.size(); ++l) {
        const std::vector<double> exact(variants.size(), ideal.scores[l].exact);
        lines.push_back({text("ideal at %g", levels[l]), lines.front().x, exact, true});
    }
    for (Line& line : lines) {
        std::ranges::for_each(line.y, [](double& share) { share *= 100; });
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
    Comparison comparison;
    const auto judge = [&](Variant& v, const std::vector<Tested>& runs) {
        v.name = v.error.label = base.study == "levels" ? "trained at " + v.name : v.name;
        comparison.judge(v, as_variant(base, v.options.variant), runs);
    };
    const auto print = [&](const std::vector<Variant>&, std::ostream& report) {
        comparison.networks.push_back(comparison.ideal);
        print_scores(named_scores[0], base.test, comparison.networks, report);
    };
    const auto draw = [&](const std::vector<Variant>& variants, Pictures& pictures) {
        if (base.study == "bottleneck") {
            draw_bottleneck(pictures, base.test.levels, variants, comparison.ideal);
        } else if (base.study == "levels") {
            draw_recovery(pictures, "levels_recovery", "The level trained at against the level tested at", base.test,
                          comparison.networks);
        }
    };
    return run_variants(base, heading(base), output, train_and_test, judge, {print, draw});
}

}  // namespace hourglass::denoising
