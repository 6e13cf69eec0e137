#include <nlohmann/json.hpp>
#include <ostream>

#include "common/json.hpp"
#include "common/parallel.hpp"
#include "common/report.hpp"
#include "denoising/denoising.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass::denoising {
namespace {

/// One latent size, and how well its networks clean letters at each test level.
struct Variant {
    std::size_t latent_size;
    std::vector<Scores> network;
    std::vector<Scores> ideal;
};

/// The networks of every size: one more hidden layer than the default, for with few numbers in the middle
/// the way there and back is longer; and a linear latent layer, for two softmax units are but one number.
std::vector<Options> options_of(const Options& base) {
    std::vector<Options> variants;
    for (const std::size_t latent_size : {2u, 4u, 8u, 16u, 32u}) {
        variants.push_back(base);
        variants.back().widths = {base.font.glyph_size(), 128, 64, latent_size};
        variants.back().activations.latent = {Activation::Kind::identity};
    }
    return variants;
}

void print_study(const Options& base, const std::vector<Variant>& variants, std::ostream& output) {
    output << "Study of the bottleneck: " << mirrored_text(options_of(base).front().widths)
           << " and wider in the middle, " << base.epochs << " epochs, " << base.seeds
           << (base.seeds == 1 ? " seed" : " seeds") << " from " << base.seed << "\n\n"
           << text("%-30s", "Recovered exactly (%)");
    for (const double level : base.test.levels) {
        output << text(" %8g", level);
    }
    const auto line = [&](const std::string& name, const std::vector<Scores>& scores) {
        output << text("\n  %-28s", name.c_str());
        for (const Scores& s : scores) {
            output << text(" %8.2f", 100 * s.exact);
        }
    };
    for (const Variant& v : variants) {
        line(text("%zu latent units", v.latent_size), v.network);
    }
    line("ideal: most probable letter", variants.back().ideal);
    output << "\n";
}

Json study_json(const Options& base, const std::vector<Variant>& variants) {
    Json results = {{"exercise", "denoising"}, {"study", base.study}, {"font", base.font.file}};
    results.update({{"noise", name_of(base.test.noise)},
                    {"train_levels", base.train_levels},
                    {"fresh_noise", base.fresh},
                    {"sets", base.sets},
                    {"passes", base.test.passes},
                    {"draws_a_letter", base.test.draws}});
    add_options(results, options_of(base).front());
    for (std::size_t l = 0; l < base.test.levels.size(); ++l) {
        const std::string level = text("%g", base.test.levels[l]);
        for (const Variant& v : variants) {
            results["recovery"][std::to_string(v.latent_size)][level] = v.network[l].exact;
        }
        results["ideal"][level] = variants.back().ideal[l].exact;
    }
    return results;
}

std::string study_csv(const Options& base, const std::vector<Variant>& variants) {
    CsvTable table("latent_size,level,exact,at_most_one_wrong,wrong_pixels,mse");
    for (const Variant& v : variants) {
        for (std::size_t l = 0; l < base.test.levels.size(); ++l) {
            const Scores& s = v.network[l];
            table.add({static_cast<double>(v.latent_size), base.test.levels[l], s.exact,
                       s.at_most_one, s.wrong, s.mse});
        }
    }
    return table.text();
}

void draw_study(Pictures& pictures, const Options& base, const std::vector<Variant>& variants) {
    std::vector<Line> lines;
    for (const auto& [label, scores, is_reference] :
         {std::tuple{"noise %g", &Variant::network, false},
          {"ideal at %g", &Variant::ideal, true}}) {
        for (std::size_t l = 0; l < base.test.levels.size(); ++l) {
            lines.push_back({text(label, base.test.levels[l]), {}, {}, is_reference});
            for (const Variant& v : variants) {
                lines.back().x.push_back(static_cast<double>(v.latent_size));
                lines.back().y.push_back(100 * (v.*scores)[l].exact);
            }
        }
    }
    draw_lines(pictures, "bottleneck",
               {.title = "What a small latent size costs",
                .x_label = "latent units",
                .y_label = "letters recovered exactly (%)",
                .log_x = true,
                .y_max = 102},
               lines);
}

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    const Matrix X = base.font.pixels();
    const std::vector<Options> options = options_of(base);
    const auto found = run_all_seeds(options, [&](const Options& o) {
        const Run run = train(o);
        if (!run.failure.empty()) {
            throw Error(mirrored_text(o.widths) + ": " + run.failure);
        }
        return evaluate_denoisers(o.test, X, run.model, nullptr, o.seed);
    });
    if (interrupted()) {
        output << "Interrupted: the study is not complete and leaves nothing.\n";
        return Outcome::interrupted;
    }
    std::vector<Variant> variants;
    for (std::size_t v = 0; v < options.size(); ++v) {
        const Evaluation mean = mean_of(found[v]);
        variants.push_back(
            {options[v].widths.back(), mean.find("network")->scores, mean.find("ideal")->scores});
    }
    RunFolder folder(base.out, base.plot_format);
    write_results(folder, study_json(base, variants));
    folder.write("bottleneck.csv", study_csv(base, variants));
    print_study(base, variants, output);
    draw_study(folder.pictures, base, variants);
    folder.print(output);
    return Outcome::criterion_held;
}

}  // namespace hourglass::denoising
