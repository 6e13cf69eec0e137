#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "common/parallel.hpp"
#include "common/report.hpp"
#include "flowers/flowers.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass::flowers {
namespace {

struct Variant {
    Options options;
    std::optional<Run> run = {};
    double pca = 0;            // mean squared error with as many components
    std::string failure = {};  // how it diverged

    std::size_t latent_size() const { return options.widths.back(); }
    std::string name() const { return mirrored_text(options.widths); }
};

std::vector<Variant> variants_of(const Options& base) {
    std::vector<Variant> variants;
    if (base.study == "latent") {
        for (const std::size_t latent_size : {6u, 5u, 4u, 3u, 2u, 1u}) {
            variants.push_back({base});
            variants.back().options.widths.back() = latent_size;
        }
    } else {
        for (const char* widths : {"1024,6", "1024,64,6", "1024,256,6", "1024,256,64,6",
                                   "1024,256,128,64,6", "1024,256,128,64,32,6"}) {
            variants.push_back({base});
            variants.back().options.widths = parse_widths(widths);
        }
    }
    return variants;
}

void draw_study(Pictures& pictures, const Options& base, const std::vector<Variant>& variants) {
    std::vector<Curve> curves;
    Line network{"network", {}, {}}, pca{"PCA with as many components", {}, {}, true};
    for (const Variant& v : variants) {
        Curve curve;
        curve.label = v.name();
        curve.values = v.run->errors;
        curves.push_back(curve);
        network.x.push_back(static_cast<double>(v.latent_size()));
        network.y.push_back(v.run->mse);
        pca.x.push_back(static_cast<double>(v.latent_size()));
        pca.y.push_back(v.pca);
    }
    CurveChart chart;
    chart.title =
        base.study == "latent" ? "How few numbers do?" : "Shallow and deep, with 6 numbers";
    chart.y_label = error_label(base.loss, "image");
    draw_curves(pictures, base.study, chart, curves);
    if (base.study == "latent") {
        draw_lines(pictures, "latent_mse",
                   {.title = "Reconstruction error against the latent size",
                    .x_label = "latent units",
                    .y_label = "mean squared error (of pixels in [-1, 1])",
                    .log_y = true},
                   {network, pca});
    }
}

nlohmann::ordered_json study_json(const Options& base, const std::vector<Variant>& variants) {
    nlohmann::ordered_json results = {{"exercise", "flowers"},
                                      {"study", base.study},
                                      {"seed", base.seed},
                                      {"epochs", base.epochs},
                                      {"threads", base.threads}};
    for (const Variant& v : variants) {
        if (base.study == "latent") {
            results["mse"][std::to_string(v.latent_size())] = {{"network", v.run->mse},
                                                               {"pca", v.pca}};
        } else {
            results["mse"][v.name()] = v.run->mse;
        }
    }
    return results;
}

}  // namespace

const std::vector<std::string>& study_names() {
    static const std::vector<std::string> names = {"latent", "architectures"};
    return names;
}

Outcome run_study(const Options& base, std::ostream& output) {
    std::vector<Variant> variants = variants_of(base);
    const Matrix& X = base.images.X;
    run_in_parallel(variants.size(), base, [&](std::size_t v) {
        try {
            variants[v].run = train(variants[v].options, X);
        } catch (const Diverged& error) {
            variants[v].failure = error.what();
        }
        variants[v].pca =
            mean_squared_difference(fit_pca(X, variants[v].latent_size()).reconstruct(X), X);
    });
    for (const Variant& v : variants) {
        output << (v.failure.empty() ? "" : v.name() + ": " + v.failure + "\n");
    }
    std::erase_if(variants, [](const Variant& v) { return !v.run; });
    if (variants.empty()) {
        throw Diverged("every network of the study diverged; try a smaller learning rate");
    }
    if (interrupted()) {
        output << "Interrupted: the study is not complete and leaves nothing.\n";
        return Outcome::interrupted;
    }
    output << text(
        "Study of %s: %zu images, %d epochs, seed %llu\n\n%-40s %10s %10s %10s %10s %8s\n",
        base.study.c_str(), base.images.size(), base.epochs,
        static_cast<unsigned long long>(base.seed), "network", "parameters", "MSE", "last loss",
        "PCA", "seconds");
    CsvTable table("network,latent_size,parameters,mse,pca_mse,seconds");
    for (const Variant& v : variants) {
        output << text("%-40s %10zu %10.5f %10.5f %10.5f %8.1f\n", v.name().c_str(),
                       v.run->model.parameter_count(), v.run->mse, v.run->errors.back(), v.pca,
                       v.run->seconds);
        table.add(v.name(), {static_cast<double>(v.latent_size()),
                             static_cast<double>(v.run->model.parameter_count()), v.run->mse, v.pca,
                             v.run->seconds});
    }
    const Variant* smallest = nullptr;
    for (const Variant& v : variants) {
        if (v.run->mse <= learned && (!smallest || v.latent_size() < smallest->latent_size())) {
            smallest = &v;
        }
    }
    if (smallest && base.study == "latent") {
        output << text(
            "\nThe smallest of these latent sizes with a mean squared error of at most %g is %zu: "
            "%.5f, where PCA has %.5f.\n",
            learned, smallest->latent_size(), smallest->run->mse, smallest->pca);
    } else if (!smallest) {
        output << text("\nNone of them reached a mean squared error of %g.\n", learned);
    }
    write_file(base.out / (base.study + ".csv"), table.text());
    write_file(base.out / "results.json", study_json(base, variants).dump(2) + "\n");
    Pictures pictures(base.out, base.plot_format);
    draw_study(pictures, base, variants);
    print_files(base, {"results.json", base.study + ".csv"}, pictures, output);
    return smallest ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace hourglass::flowers
