#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/parallel.hpp"
#include "common/pictures.hpp"
#include "flowers/flowers.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass::flowers {
namespace {

struct Variant {
    std::vector<std::size_t> widths;
    Run run;
    double pca = 0;  // mean squared error with as many components

    std::size_t latent_size() const { return widths.back(); }
    std::string name() const { return mirrored_text(widths); }
};

std::vector<Options> options_of(const Options& base) {
    std::vector<Options> options;
    if (base.study == "latent") {
        for (const std::size_t latent_size : {6u, 5u, 4u, 3u, 2u, 1u}) {
            options.push_back(base);
            options.back().widths.back() = latent_size;
        }
    } else {
        for (const char* widths : {"1024,6", "1024,64,6", "1024,256,6", "1024,256,64,6", "1024,256,128,64,6",
                                   "1024,256,128,64,32,6"}) {
            options.push_back(base);
            options.back().widths = parse_widths(widths);
        }
    }
    return options;
}

/// The variant of the smallest latent size that met the criterion, or nothing.
const Variant* smallest_learned(const std::vector<Variant>& variants) {
    const Variant* smallest = nullptr;
    for (const Variant& v : variants) {
        if (v.run.learned() && (!smallest || v.latent_size() < smallest->latent_size())) {
            smallest = &v;
        }
    }
    return smallest;
}

void write_files(RunFolder& folder, const Options& base, const std::vector<Variant>& variants) {
    Json results = {{"exercise", "flowers"}, {"study", base.study}, {"images", base.images.size()}};
    add_options(results, base);
    CsvTable table("network,latent_size,parameters,mse,pca_mse,seconds");
    for (const Variant& v : variants) {
        if (base.study == "latent") {
            results["mse"][std::to_string(v.latent_size())] = {{"network", v.run.mse}, {"pca", v.pca}};
        } else {
            results["mse"][v.name()] = v.run.mse;
        }
        table.add(v.name(),
                  {static_cast<double>(v.latent_size()), static_cast<double>(v.run.model.parameter_count()),
                   v.run.mse, v.pca, v.run.seconds});
    }
    write_results(folder, results);
    folder.write(base.study + ".csv", table.text());
}

void print_report(const Options& base, const std::vector<Variant>& variants, std::ostream& output) {
    output << text("Study of %s: %zu images, %d epochs, seed %llu\n\n%-40s %10s %10s %10s %10s %8s\n",
                   base.study.c_str(), base.images.size(), base.epochs,
                   static_cast<unsigned long long>(base.seed), "network", "parameters", "MSE", "last loss",
                   "PCA", "seconds");
    for (const Variant& v : variants) {
        output << text("%-40s %10zu %10.5f %10.5f %10.5f %8.1f\n", v.name().c_str(),
                       v.run.model.parameter_count(), v.run.mse, v.run.errors.back(), v.pca, v.run.seconds);
    }
    const Variant* smallest = smallest_learned(variants);
    if (smallest && base.study == "latent") {
        output << text(
            "\nThe smallest of these latent sizes with a mean squared error of at most %g is %zu: "
            "%.5f, where PCA has %.5f.\n",
            criterion, smallest->latent_size(), smallest->run.mse, smallest->pca);
    } else if (!smallest) {
        output << text("\nNone of them reached a mean squared error of %g.\n", criterion);
    }
}

void draw_pictures(RunFolder& folder, const Options& base, const std::vector<Variant>& variants) {
    std::vector<Curve> curves;
    Line network{"network", {}, {}}, pca{"PCA with as many components", {}, {}, true};
    for (const Variant& v : variants) {
        curves.push_back({v.name(), v.run.errors, {}, {}, {}});
        network.x.push_back(static_cast<double>(v.latent_size()));
        network.y.push_back(v.run.mse);
        pca.x.push_back(static_cast<double>(v.latent_size()));
        pca.y.push_back(v.pca);
    }
    CurveChart chart;
    chart.title = base.study == "latent" ? "How few numbers do?" : "Shallow and deep, with 6 numbers";
    chart.y_label = error_label(base.loss, "image");
    draw_curves(folder.pictures, base.study, chart, curves);
    if (base.study == "latent") {
        draw_lines(folder.pictures, "latent_mse",
                   {.title = "Reconstruction error against the latent size",
                    .x_label = "latent units",
                    .y_label = "mean squared error (of pixels in [-1, 1])",
                    .log_y = true},
                   {network, pca});
    }
}

}  // namespace

Outcome run_study(const Options& base, std::ostream& output) {
    const Matrix& X = base.images.X;
    std::vector<Variant> variants;
    const std::vector<Options> options = options_of(base);
    const std::vector<std::vector<Run>> runs = run_all_seeds(options, train);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        Variant v{options[i].widths, runs[i].front()};
        v.pca = mean_squared_difference(fit_pca(X, v.latent_size()).reconstruct(X), X);
        if (v.run.failure.empty()) {
            variants.push_back(v);
        } else {
            output << v.name() + ": " + v.run.failure + "\n";
        }
    }
    if (variants.empty()) {
        throw Error("every network of the study diverged; try a smaller learning rate");
    }
    if (interrupted()) {
        output << "Interrupted: the study is not complete and leaves nothing.\n";
        return Outcome::interrupted;
    }
    report_run(base, variants, output);
    return smallest_learned(variants) ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace hourglass::flowers
