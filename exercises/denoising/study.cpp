#include <nlohmann/json.hpp>
#include <ostream>

#include "common/parallel.hpp"
#include "common/report.hpp"
#include "common/run.hpp"
#include "denoising/denoising.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass::denoising {
namespace {

constexpr std::size_t latent_sizes[] = {2, 4, 8, 16, 32};

/// The network of every size: one more hidden layer than the default, for with few numbers in the middle
/// the way there and back is longer; and a linear latent layer, for two softmax units are but one number.
Options with_latent_size(const Options& base, std::size_t latent_size) {
    Options options = base;
    options.widths = {base.font.glyph_size(), 128, 64, latent_size};
    options.activations.latent = {Activation::Kind::identity};
    return options;
}

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    const Matrix X = base.font.pixels();
    const std::size_t sizes = std::size(latent_sizes);
    const std::size_t seeds = static_cast<std::size_t>(base.seeds);
    std::vector<std::vector<Evaluation>> found(sizes, std::vector<Evaluation>(seeds));
    run_in_parallel(sizes * seeds, base, [&](std::size_t j) {
        Options options = with_latent_size(base, latent_sizes[j / seeds]);
        options.seed += j % seeds;
        const Run run = train(options, X, options.train_levels);
        found[j / seeds][j % seeds] = evaluate(options, X, run.model, nullptr, options.seed);
    });
    if (interrupted()) {
        output << "Interrupted: the study is not complete and leaves nothing.\n";
        return Outcome::interrupted;
    }
    output << "Study of the bottleneck: " << mirrored_text(with_latent_size(base, 2).widths)
           << " and wider in the middle, " << base.epochs << " epochs, " << base.seeds
           << (base.seeds == 1 ? " seed" : " seeds") << " from " << base.seed << "\n\n"
           << text("%-30s", "Recovered exactly (%)");
    for (const double level : base.test_levels) {
        output << text(" %8g", level);
    }
    output << "\n";
    CsvTable table("latent_size,level,exact,at_most_one_wrong,wrong_pixels,mse");
    nlohmann::ordered_json results = {{"exercise", "denoising"}, {"study", "bottleneck"},
                                      {"seed", base.seed},       {"seeds", base.seeds},
                                      {"epochs", base.epochs},   {"threads", base.threads}};
    std::vector<Line> lines, limits;
    for (const double level : base.test_levels) {
        lines.push_back({text("noise %g", level), {}, {}});
        limits.push_back({text("ideal at %g", level), {}, {}, true});
    }
    for (std::size_t i = 0; i < sizes; ++i) {
        const Evaluation mean = mean_of(found[i]);
        output << text("  %-28s", text("%zu latent units", latent_sizes[i]).c_str());
        for (std::size_t l = 0; l < base.test_levels.size(); ++l) {
            const Scores& s = mean.method("network").scores[l];
            output << text(" %8.2f", 100 * s.exact);
            table.add({static_cast<double>(latent_sizes[i]), base.test_levels[l], s.exact,
                       s.at_most_one, s.wrong, s.mse});
            results["recovery"][std::to_string(latent_sizes[i])][text("%g", base.test_levels[l])] =
                s.exact;
            lines[l].x.push_back(static_cast<double>(latent_sizes[i]));
            lines[l].y.push_back(100 * s.exact);
            limits[l].x.push_back(static_cast<double>(latent_sizes[i]));
            limits[l].y.push_back(100 * mean.method("ideal").scores[l].exact);
        }
        output << "\n";
    }
    output << text("  %-28s", "ideal: most probable letter");
    for (const Line& limit : limits) {
        output << text(" %8.2f", limit.y.back());
    }
    output << "\n";
    for (std::size_t l = 0; l < limits.size(); ++l) {
        results["ideal"][text("%g", base.test_levels[l])] = limits[l].y.back() / 100;
    }
    lines.insert(lines.end(), limits.begin(), limits.end());
    write_file(base.out / "bottleneck.csv", table.text());
    write_file(base.out / "results.json", results.dump(2) + "\n");
    Pictures pictures(base.out, base.plot_format);
    draw_lines(pictures, "bottleneck",
               {.title = "What a small latent size costs",
                .x_label = "latent units",
                .y_label = "letters recovered exactly (%)",
                .log_x = true,
                .y_max = 102},
               lines);
    print_files(base, {"results.json", "bottleneck.csv"}, pictures, output);
    return Outcome::criterion_held;
}

}  // namespace hourglass::denoising
