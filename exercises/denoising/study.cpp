#include <nlohmann/json.hpp>

#include "common/parallel.hpp"
#include "denoising/denoising.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass::denoising {
namespace {

/// The networks of every size as methods, whose key is the size, and the ideal denoiser.
struct Study {
    std::vector<Options> variants;
    std::vector<Method> networks = {};
    Method ideal = {};
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

void write_files(RunFolder& folder, const Options& base, const Study& study) {
    Json results = {{"exercise", "denoising"}, {"study", base.study}, {"font", base.font.file}};
    add_noise_options(results, base);
    add_options(results, study.variants.front());
    for (std::size_t l = 0; l < base.test.levels.size(); ++l) {
        const std::string level = text("%g", base.test.levels[l]);
        for (const Method& network : study.networks) {
            results["recovery"][network.key][level] = network.scores[l].exact;
        }
        results["ideal"][level] = study.ideal.scores[l].exact;
    }
    write_results(folder, results);
    folder.write("bottleneck.csv", scores_csv("latent_size", &Method::key, base, study.networks));
}

void print_report(const Options& base, const Study& study, std::ostream& output) {
    output << "Study of the bottleneck: " << mirrored_text(study.variants.front().widths)
           << " and wider in the middle, " << base.epochs << " epochs, " << base.seeds
           << (base.seeds == 1 ? " seed" : " seeds") << " from " << base.seed << "\n";
    std::vector<Method> methods = study.networks;
    methods.push_back(study.ideal);
    print_scores("Recovered exactly (%)", base, methods, output, " %8.2f", 100, &Scores::exact);
}

void draw_pictures(RunFolder& folder, const Options& base, const Study& study) {
    std::vector<Line> lines;
    for (const bool is_ideal : {false, true}) {
        for (std::size_t l = 0; l < base.test.levels.size(); ++l) {
            lines.push_back(
                {text(is_ideal ? "ideal at %g" : "noise %g", base.test.levels[l]), {}, {}, is_ideal});
            for (std::size_t v = 0; v < study.variants.size(); ++v) {
                const Method& method = is_ideal ? study.ideal : study.networks[v];
                lines.back().x.push_back(static_cast<double>(study.variants[v].widths.back()));
                lines.back().y.push_back(100 * method.scores[l].exact);
            }
        }
    }
    draw_lines(folder.pictures, "bottleneck",
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
    Study study{options_of(base)};
    const auto found = run_all_seeds(study.variants, [&](const Options& o) {
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
    for (std::size_t v = 0; v < found.size(); ++v) {
        const Evaluation mean = mean_of(found[v]);
        const std::string size = std::to_string(study.variants[v].widths.back());
        study.networks.push_back({size, size + " latent units", mean.find("network")->scores});
        study.ideal = *mean.find("ideal");
    }
    report_run(base, study, output);
    return Outcome::criterion_held;
}

}  // namespace hourglass::denoising
