#include "common/study.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/plot/axes.hpp"

namespace hourglass {

double Variant::score(const std::string& key) const {
    return std::ranges::find(scores, key, &Score::key)->value;
}

std::vector<Line> score_lines(const std::vector<Variant>& variants,
                              const std::vector<std::pair<std::string, std::string>>& keys,
                              const std::function<double(const TrainingOptions&)>& value) {
    std::vector<Line> lines;
    for (const auto& [key, label] : keys) {
        lines.push_back({label, {}, {}});
        for (const Variant& v : variants) {
            lines.back().x.push_back(value(v.options));
            lines.back().y.push_back(v.score(key));
        }
    }
    return lines;
}

namespace {

void write_study(RunFolder& folder, const Json& head, const TrainingOptions& base,
                 const std::vector<Variant>& variants) {
    Json results = head;
    results["study"] = base.study;
    add_options(results, base);
    std::string header = "variant,parameters";
    for (const Score& score : variants.front().scores) {
        header += "," + score.key;
    }
    CsvTable table(header), errors("variant,epoch,median_error,low_error,high_error");
    for (const Variant& v : variants) {
        Json variant = {{"name", v.name}, {"layers", v.layers}, {"parameters", v.parameters}}, own;
        std::vector<double> row = {static_cast<double>(v.parameters)};
        for (const Score& score : v.scores) {
            variant[score.key] = score.value;
            row.push_back(score.value);
        }
        table.add(v.name, row);
        add_options(own, v.options);
        for (const auto& [key, value] : own.items()) {
            if (!results.contains(key) || results[key] != value) {
                variant[key] = value;  // what it was trained with that is not said above
            }
        }
        results["variants"].push_back(variant);
        for (std::size_t e = 0; e < v.error.values.size(); ++e) {
            errors.add(v.name, {static_cast<double>(e + 1), v.error.values[e], v.error.low[e], v.error.high[e]});
        }
    }
    write_results(folder, results);
    folder.write(base.study + ".csv", table.text());
    folder.write(base.study + "_error.csv", errors.text());
}

std::string study_title(const TrainingOptions& base) {
    std::string name = base.study;
    std::ranges::replace(name, '_', ' ');
    return "Study of " + name;
}

/// Which variants did best, in words made of the numbers.
std::string best_note(const std::vector<Variant>& variants) {
    const Variant& best = *std::ranges::min_element(
        variants, {}, [](const Variant& v) { return std::make_pair(-v.share_criterion_met, v.rank); });
    if (best.share_criterion_met == 0) {
        return "No variant met the criterion with any seed.\n";
    }
    std::vector<std::string> failed;
    for (const Variant& v : variants) {
        if (v.share_criterion_met < 0.5) {
            failed.push_back(v.name);
        }
    }
    return best.name +
           text(" did best: it met the criterion with %.0f %% of the seeds.\n", 100 * best.share_criterion_met) +
           (failed.empty() ? "" : "With most seeds did not meet it: " + listed(failed) + ".\n");
}

void print_study(const TrainingOptions& base, const std::vector<Variant>& variants, std::ostream& output) {
    output << study_title(base) << ": " << base.seeds << (base.seeds == 1 ? " seed" : " seeds") << " from " << base.seed
           << ", " << base.epochs << " epochs, " << base.samples << "\n\n";
    std::size_t width = 0;
    for (const Variant& v : variants) {
        width = std::max(width, v.name.size());
    }
    const auto cell = [](const std::string& heading, const std::string& value) {
        return text("  %*s", static_cast<int>(std::max<std::size_t>(heading.size(), 7)), value.c_str());
    };
    output << padded("variant", width) << "  parameters";
    for (const Score& score : variants.front().scores) {
        output << (score.heading.empty() ? "" : cell(score.heading, score.heading));
    }
    output << "\n";
    for (const Variant& v : variants) {
        output << padded(v.name, width) << text("  %10zu", v.parameters);
        for (const Score& score : v.scores) {
            const std::string value = std::isfinite(score.value) ? text(score.format, score.value) : "-";
            output << (score.heading.empty() ? "" : cell(score.heading, value));
        }
        output << "\n";
    }
    for (const Variant& v : variants) {
        for (const std::string& failure : v.failures) {
            output << v.name << ", " << failure << "\n";
        }
    }
    output << "\n" << best_note(variants);
}

void draw_study(Pictures& pictures, const TrainingOptions& base, const std::vector<Variant>& variants) {
    std::vector<StackedChart> panels;  // one a loss: nats and squared differences are not to be compared
    for (const Variant& v : variants) {
        if (v.error.values.empty()) {
            continue;
        }
        const std::string label = v.options.error_label();
        if (panels.empty() || panels.back().chart.y_label != label) {
            panels.push_back({{.title = "", .y_label = label, .mark_label = "", .band_label = ""}, {}});
        }
        panels.back().curves.push_back(v.error);
    }
    const std::string median = base.seeds > 1 ? text(": median of %d seeds", base.seeds) : "";
    const std::string band = base.seeds > 1 ? " and their interquartile range" : "";
    const std::string title = study_title(base) + median;
    if (panels.size() > 1) {
        draw_stacked_curves(pictures, base.study, title + band, panels);
        return;
    }
    auto& [chart, curves] = panels.front();
    chart.title = title + band;
    draw_curve_panels(pictures, base.study + "_each", chart, curves);
    chart.title = title;
    for (Curve& curve : curves) {
        curve.low = curve.high = {};
    }
    draw_curves(pictures, base.study, chart, curves);
}

}  // namespace

void report_study(const TrainingOptions& base, const Json& head, const std::vector<Variant>& variants,
                  const StudyWriter& more, std::ostream& output) {
    if (std::ranges::all_of(variants, [&](const Variant& v) { return std::ssize(v.failures) == base.seeds; })) {
        throw Error("every training of the study diverged; of the first: " + variants.front().failures.front());
    }
    RunFolder folder(base.out, base.plot_format);
    write_study(folder, head, base, variants);
    const auto print = [&](std::ostream& report) {
        print_study(base, variants, report);
        more.print(variants, report);
    };
    finish_report(folder, base, output, print, [&] {
        draw_study(folder.pictures, base, variants);
        more.draw(variants, folder.pictures);
    });
}

}  // namespace hourglass
