#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "common/report.hpp"
#include "common/run.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/plot/curves.hpp"
#include "letters/letters.hpp"
#include "letters/pictures.hpp"

namespace hourglass::letters {
namespace {

/// One way to train, and what came of it.
struct Variant {
    std::string name;
    Options options;
    std::vector<Run> runs = {};
    SeedSummary summary = {};
};

std::vector<Variant> architecture_variants(const Options& base) {
    std::vector<Variant> variants;
    for (const char* widths : {"35,10,2", "35,20,2", "35,40,2", "35,15,8,2", "35,25,15,2",
                               "35,40,20,2", "35,32,24,16,2", "35,48,32,16,8,2"}) {
        Variant variant{"", base};
        variant.options.widths = parse_widths(widths);
        variant.options.widths.front() = base.font.glyph_size();
        variant.name = mirrored_text(variant.options.widths);
        variants.push_back(variant);
    }
    return variants;
}

std::vector<Variant> optimizer_variants(const Options& base) {
    // Each with the learning rate that did best for it among factors of two or so, for with one rate
    // for all the study would measure the rate.
    const std::vector<std::pair<std::string, OptimizerOptions>> optimizers = {
        {"sgd 0.01", {.name = "sgd", .learning_rate = 0.01}},
        {"sgd 0.001, momentum 0.9", {.name = "sgd", .learning_rate = 0.001, .momentum = 0.9}},
        {"adagrad 0.1", {.name = "adagrad", .learning_rate = 0.1}},
        {"adam 0.003", {.name = "adam", .learning_rate = 0.003}},
    };
    std::vector<Variant> variants;
    for (const auto& [name, optimizer] : optimizers) {
        variants.push_back({name, base});
        variants.back().options.optimizer = optimizer;
    }
    return variants;
}

std::vector<Variant> activation_variants(const Options& base) {
    std::vector<Variant> variants;
    for (const Activation::Kind kind : {Activation::Kind::tanh, Activation::Kind::leaky_relu}) {
        variants.push_back({name_of(Activation{kind}), base});
        variants.back().options.activations.hidden = {kind};
    }
    return variants;
}

std::vector<Variant> initialization_variants(const Options& base) {
    std::vector<Variant> variants;
    for (const Initialization initialization :
         {Initialization::layer_scaled, Initialization::xavier, Initialization::he}) {
        variants.push_back({std::string(name_of(initialization)), base});
        variants.back().options.initialization = initialization;
    }
    return variants;
}

std::vector<Variant> loss_variants(const Options& base) {
    std::vector<Variant> variants;
    for (const Loss loss : {Loss::cross_entropy, Loss::mean_squared_error}) {
        variants.push_back({std::string(name_of(loss)), base});
        variants.back().options.loss = loss;
    }
    return variants;
}

std::vector<Variant> variants_of(const Options& base) {
    if (base.study == "architectures") {
        return architecture_variants(base);
    }
    if (base.study == "optimizers") {
        return optimizer_variants(base);
    }
    if (base.study == "activations") {
        return activation_variants(base);
    }
    if (base.study == "initializations") {
        return initialization_variants(base);
    }
    return loss_variants(base);
}

std::string epoch_text(double epoch) {
    return std::isfinite(epoch) ? text("%.0f", epoch) : "never";
}

std::size_t parameter_count(const Variant& variant) {
    return variant.runs.front().model.parameter_count();
}

void print_table(const std::vector<Variant>& variants, std::ostream& output) {
    char line[200];
    std::snprintf(line, sizeof line, "%-34s %8s %14s %9s %7s %9s %8s\n", "", "para-",
                  "lowest error", "criterion", "", "median", "median");
    output << line;
    std::snprintf(line, sizeof line, "%-34s %8s %14s %9s %7s %9s %8s\n", "variant", "meters",
                  "(at epoch)", "met", "exact", "epoch met", "wrong px");
    output << line;
    for (const Variant& v : variants) {
        const SeedSummary& s = v.summary;
        const std::string lowest =
            s.median_error.empty()
                ? "none"
                : text("%.3g", s.lowest_error()) + " (" + std::to_string(s.lowest_epoch()) + ")";
        std::snprintf(line, sizeof line, "%-34s %8zu %14s %7.0f %% %5.0f %% %9s %8.2f\n",
                      v.name.c_str(), parameter_count(v), lowest.c_str(),
                      100 * s.share_criterion_met, 100 * s.share_exact,
                      epoch_text(s.median_epoch_criterion_met).c_str(), s.median_wrong);
        output << line;
    }
    for (const Variant& v : variants) {
        for (const Run& run : v.runs) {
            if (!run.failure.empty()) {
                output << v.name << ", seed " << run.seed << ": " << run.failure << "\n";
            }
        }
    }
}

/// Which variants did best, in words made of the numbers.
std::string best_note(const std::vector<Variant>& variants) {
    const auto& best = *std::ranges::min_element(variants, {}, [](const Variant& v) {
        return std::make_tuple(-v.summary.share_criterion_met, v.summary.median_epoch_criterion_met,
                               v.summary.median_wrong);
    });
    if (best.summary.share_criterion_met == 0) {
        return "No variant met the criterion with any seed.\n";
    }
    std::string note = best.name + " did best: it met the criterion with " +
                       text("%.0f %%", 100 * best.summary.share_criterion_met) + " of the seeds";
    if (std::isfinite(best.summary.median_epoch_criterion_met)) {
        note += ", the median after epoch " + epoch_text(best.summary.median_epoch_criterion_met);
    }
    note += ".\n";
    std::string failed;
    for (const Variant& v : variants) {
        if (v.summary.share_criterion_met < 0.5) {
            failed += (failed.empty() ? "" : ", ") + v.name;
        }
    }
    return note + (failed.empty() ? "" : "With most seeds did not converge: " + failed + ".\n");
}

/// What depth and width buy: within each depth from the narrowest net to the widest, then from each
/// depth's best to the next.
std::string architecture_note(const std::vector<Variant>& variants) {
    std::map<std::size_t, std::vector<const Variant*>> by_depth;  // hidden layers of the encoder
    for (const Variant& v : variants) {
        by_depth[v.options.widths.size() - 2].push_back(&v);
    }
    const auto described = [](const Variant& v) {
        return "lowest error " + text("%.3g", v.summary.lowest_error()) + ", " +
               text("%.0f %%", 100 * v.summary.share_exact) + " exact";
    };
    std::string note;
    for (const auto& [depth, nets] : by_depth) {
        if (nets.size() > 1) {
            note += "Width, with " + std::to_string(depth) + " hidden layer" +
                    (depth > 1 ? "s" : "") + " a side: from " + nets.front()->name + " (" +
                    described(*nets.front()) + ") to " + nets.back()->name + " (" +
                    described(*nets.back()) + ").\n";
        }
    }
    note += "Depth, the best of each:";
    for (const auto& [depth, nets] : by_depth) {
        const Variant& best = **std::ranges::min_element(
            nets, {}, [](const Variant* v) { return v->summary.lowest_error(); });
        note += " " + std::to_string(depth) + " hidden: " + described(best) + " with " +
                std::to_string(parameter_count(best)) + " parameters;";
    }
    note.back() = '.';
    return note + "\n";
}

/// Mean over the seeds of a count, over epochs.
Curve mean_curve(const Variant& variant, double (*count)(const Epoch&)) {
    Curve curve;
    curve.label = variant.name;
    curve.values.resize(variant.summary.median_error.size());
    for (std::size_t e = 0; e < curve.values.size(); ++e) {
        double sum = 0, runs = 0;
        for (const Run& run : variant.runs) {
            if (e < run.epochs.size()) {
                sum += count(run.epochs[e]);
                ++runs;
            }
        }
        curve.values[e] = sum / runs;
    }
    return curve;
}

double wrong_of(const Epoch& epoch) {
    return static_cast<double>(epoch.pixels.total);
}
double saturated_of(const Epoch& epoch) {
    return static_cast<double>(epoch.pixels.saturated);
}

/// A panel for each loss: nats and squared differences are not to be compared.
void draw_losses(Pictures& pictures, const Options& base, const std::string& title,
                 const std::vector<Variant>& variants) {
    std::vector<StackedChart> panels;
    for (const Variant& v : variants) {
        const std::string label = error_label(v.options.loss, "letter");
        if (panels.empty() || panels.back().chart.y_label != label) {
            panels.push_back({{.title = "", .y_label = label, .mark_label = "", .band_label = ""}, {}});
        }
        panels.back().curves.push_back(
            {v.name, v.summary.median_error, v.summary.low_error, v.summary.high_error, {}});
    }
    draw_stacked_curves(pictures, "losses", title, panels);
    StackedChart wrong{
        {.title = "Wrong pixels in all letters, mean of " + std::to_string(base.seeds) + " seeds",
         .y_label = "wrong pixels",
         .mark_label = "",
         .band_label = "",
         .log_scale = false,
         .y_max = 60,
         .mark_lowest = false},
        {}};
    StackedChart saturated = wrong;
    saturated.chart.y_max.reset();
    saturated.chart.title = "Wrong pixels whose output is saturated: |y| > 0.99";
    saturated.chart.y_label = "saturated wrong pixels";
    for (const Variant& v : variants) {
        wrong.curves.push_back(mean_curve(v, wrong_of));
        saturated.curves.push_back(mean_curve(v, saturated_of));
    }
    draw_stacked_curves(pictures, "losses_saturation",
                        "Why mean squared error stands still: no gradient where tanh is saturated",
                        {wrong, saturated});
}

std::string loss_note(const std::vector<Variant>& variants) {
    std::string note;
    for (const Variant& v : variants) {
        const Curve wrong = mean_curve(v, wrong_of);
        const Curve saturated = mean_curve(v, saturated_of);
        if (wrong.values.empty()) {
            continue;
        }
        const double share =
            wrong.values.back() > 0 ? 100 * saturated.values.back() / wrong.values.back() : 0;
        note += v.name + ": " + text("%.1f", wrong.values.back()) + " wrong pixels at the end, " +
                text("%.1f", saturated.values.back()) + " of them saturated (" +
                text("%.0f %%", share) + "); at most " +
                text("%.1f", std::ranges::max(saturated.values)) + " while training.\n";
    }
    return note +
           "A saturated wrong pixel has less than 2 % of its gradient left under mse, which "
           "contains\n"
           "tanh' = 1 - y^2; under cross_entropy, where tanh' cancels, it has its full gradient.\n";
}

void draw_study(Pictures& pictures, const Options& base, const std::vector<Variant>& variants) {
    std::vector<Curve> curves;
    for (const Variant& v : variants) {
        if (!v.summary.median_error.empty()) {
            curves.push_back(
                {v.name, v.summary.median_error, v.summary.low_error, v.summary.high_error, {}});
        }
    }
    if (curves.empty()) {
        return;
    }
    CurveChart chart;
    const std::string of_seeds =
        base.seeds > 1 ? ": median of " + std::to_string(base.seeds) + " seeds" : "";
    chart.title = "Study of " + base.study + of_seeds;
    if (base.study == "losses") {
        draw_losses(pictures, base,
                    chart.title + (base.seeds > 1 ? " and their interquartile range" : ""), variants);
        return;
    }
    chart.y_label = error_label(base.loss, "letter");
    std::vector<Curve> lines = curves;
    for (Curve& line : lines) {
        line.low.clear();
        line.high.clear();
    }
    draw_curves(pictures, base.study, chart, lines);
    if (base.seeds > 1) {
        chart.title += " and their interquartile range";
    }
    draw_curve_panels(pictures, base.study + "_each", chart, curves);
}

nlohmann::ordered_json study_json(const Options& base, const std::vector<Variant>& variants) {
    nlohmann::ordered_json results = {{"exercise", "letters"},  {"study", base.study},
                                      {"font", base.font.file}, {"seed", base.seed},
                                      {"seeds", base.seeds},    {"epochs", base.epochs},
                                      {"threads", base.threads}};
    for (const Variant& v : variants) {
        const SeedSummary& s = v.summary;
        results["variants"].push_back({{"name", v.name},
                                       {"layers", v.runs.front().model.widths()},
                                       {"parameters", parameter_count(v)},
                                       {"lowest_error", s.lowest_error()},
                                       {"lowest_epoch", s.lowest_epoch()},
                                       {"share_criterion_met", s.share_criterion_met},
                                       {"share_exact", s.share_exact},
                                       {"median_epoch_criterion_met", s.median_epoch_criterion_met},
                                       {"median_wrong_pixels", s.median_wrong},
                                       {"median_seconds", s.median_seconds}});
    }
    return results;
}

std::string study_csv(const std::vector<Variant>& variants) {
    CsvTable table("variant,epoch,median_error,low_error,high_error");
    for (const Variant& v : variants) {
        const SeedSummary& s = v.summary;
        for (std::size_t e = 0; e < s.median_error.size(); ++e) {
            table.add(v.name, {static_cast<double>(e + 1), s.median_error[e], s.low_error[e],
                               s.high_error[e]});
        }
    }
    return table.text();
}

}  // namespace

const std::vector<std::string>& study_names() {
    static const std::vector<std::string> names = {"architectures", "optimizers", "activations",
                                                   "initializations", "losses"};
    return names;
}

Outcome run_study(const Options& base, std::ostream& output) {
    std::vector<Variant> variants = variants_of(base);
    std::vector<Options> options;
    for (const Variant& v : variants) {
        options.push_back(v.options);
    }
    for (const Options& o : options) {
        require_compatible(o.loss, o.activations.output);
    }
    std::vector<std::vector<Run>> runs = train_all(options, base.font.pixels());
    if (interrupted()) {
        output << "Interrupted: the study of " << base.study
               << " is not complete and leaves nothing.\n";
        return Outcome::interrupted;
    }
    for (std::size_t v = 0; v < variants.size(); ++v) {
        variants[v].runs = std::move(runs[v]);
        variants[v].summary = summarize(variants[v].runs);
    }
    write_file(base.out / (base.study + ".csv"), study_csv(variants));
    write_file(
        base.out / "results.json",
        study_json(base, variants).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
            "\n");
    Pictures pictures(base.out, base.plot_format);
    draw_study(pictures, base, variants);

    output << "Study of " << base.study << ": " << base.seeds << " seeds from " << base.seed << ", "
           << base.epochs << " epochs, the " << base.font.size() << " letters of " << base.font.file
           << "\n\n";
    print_table(variants, output);
    output << "\n" << best_note(variants);
    if (base.study == "architectures") {
        output << architecture_note(variants);
    }
    if (base.study == "losses") {
        output << loss_note(variants);
    }
    print_files(base, {"results.json", base.study + ".csv"}, pictures, output);
    const bool held = std::ranges::any_of(
        variants, [](const Variant& v) { return v.summary.share_criterion_met == 1; });
    return held ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace hourglass::letters
