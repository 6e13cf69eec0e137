#include "common/report.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "flowers/flowers.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::flowers {
namespace {

using Json = nlohmann::ordered_json;

struct Findings {
    double mean_image = 0;  // mean squared errors
    double pca = 0;
    std::vector<double> errors;  // of each image
    std::vector<double> pca_errors;
    std::vector<NewFlower> new_flowers;
};

Findings measure(const Options& o, const Run& run) {
    const Matrix& X = o.images.X;
    const Matrix P = fit_pca(X, run.model.latent_size()).reconstruct(X);
    return {mean_squared_difference(mean_image(X), X), mean_squared_difference(P, X),
            row_errors(run.model.reconstruct(X), X), row_errors(P, X),
            new_flowers(run.model, X, 6)};
}

std::string error_csv(const Run& run) {
    CsvTable table("epoch,error");
    for (std::size_t e = 0; e < run.errors.size(); ++e) {
        table.add({static_cast<double>(e + 1), run.errors[e]});
    }
    return table.text();
}

std::string codes_csv(const Options& o, const Run& run, const Findings& f) {
    const Matrix codes = run.model.encode(o.images.X);
    std::string header = "image,mse,pca_mse";
    for (std::size_t j = 0; j < codes.cols(); ++j) {
        header += ",code" + std::to_string(j);
    }
    CsvTable table(header);
    for (std::size_t i = 0; i < codes.rows(); ++i) {
        std::vector<double> row = {f.errors[i], f.pca_errors[i]};
        row.insert(row.end(), codes.row(i).begin(), codes.row(i).end());
        table.add(o.images.names[i], row);
    }
    return table.text();
}

Json results_json(const Options& o, const Run& run, const Findings& f) {
    const std::string size = std::to_string(run.model.latent_size());
    Json results = {
        {"exercise", "flowers"},
        {"seed", run.seed},
        {"layers", run.model.widths()},
        {"parameters", run.model.parameter_count()},
        {"batch_size", o.batch_size},
        {"epochs", run.errors.size()},
        {"seconds", run.seconds},
        {"threads", o.threads},
        {"images", o.images.size()},
        {"skipped", o.images.skipped},
        {"mse", {{size, {{"network", run.mse}, {"pca", f.pca}, {"mean_image", f.mean_image}}}}},
        {"criterion_met", !run.stopped && run.mse <= learned}};
    if (o.epochs > 0) {
        results["memory"] = memory_json(run.memory);
    }
    for (std::size_t i = 0; i < o.images.size(); ++i) {
        results["mse_per_image"][o.images.names[i]] = f.errors[i];
    }
    for (const NewFlower& flower : f.new_flowers) {
        results["new_flowers"].push_back(
            {{"between", {o.images.names[flower.first], o.images.names[flower.second]}},
             {"nearest", o.images.names[flower.nearest]},
             {"mean_squared_difference", flower.distance}});
    }
    return results;
}

void print_report(const Options& o, const Run& run, const Findings& f, std::ostream& output) {
    output << "Exercise 2: " << o.images.size() << " photographs of " << side << "x" << side
           << " gray pixels through " << run.model.latent_size() << " numbers\n";
    print_network(o, run.model, output);
    if (o.epochs > 0) {
        output << text("  seed %llu: %zu epochs in %.1f s\n",
                       static_cast<unsigned long long>(run.seed), run.errors.size(), run.seconds);
        print_memory(run.memory, output);
    }
    for (const std::string& skipped : o.images.skipped) {
        output << "  skipped: " << skipped << "\n";
    }
    output << text("\nCriterion: a mean squared error of at most %g\n", learned);
    if (run.stopped) {
        output << "  NOT shown: interrupted after epoch " << run.errors.size() << "\n";
    } else {
        output << text(run.mse <= learned ? "  met: %.3g\n" : "  NOT met: %.3g\n", run.mse);
    }
    output << text(
        "\nMean squared error, of pixels in [-1, 1]\n  mean image (no latent at all)  %.4f\n"
        "  PCA with %zu components         %.4f\n  this network                   %.4f\n",
        f.mean_image, run.model.latent_size(), f.pca, run.mse);
    const auto worst = std::ranges::max_element(f.errors) - f.errors.begin();
    output << text("  its worst image                %.4f (%s)\n", std::ranges::max(f.errors),
                   label_of(o.images, static_cast<std::size_t>(worst)).c_str());
    if (!f.new_flowers.empty()) {
        const NewFlower& flower = f.new_flowers.front();
        output << text(
            "\nA new flower, half-way between %s and %s: %.3f from the nearest photograph, %s\n",
            label_of(o.images, flower.first).c_str(), label_of(o.images, flower.second).c_str(),
            flower.distance, label_of(o.images, flower.nearest).c_str());
    }
}

}  // namespace

void report(const Options& o, const Run& run, std::ostream& output) {
    const Findings f = measure(o, run);
    std::vector<std::string> files = {"results.json", "codes.csv"};
    if (o.epochs > 0) {
        write_file(o.out / "error.csv", error_csv(run));
        save_model(o.out / "model.safetensors", run.model, run.seed,
                   (o.start ? o.start->epoch : 0) + static_cast<int>(run.errors.size()));
        files.insert(files.end(), {"error.csv", "model.safetensors"});
    }
    write_file(o.out / "codes.csv", codes_csv(o, run, f));
    write_file(o.out / "results.json",
               results_json(o, run, f).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    remove_pictures(o.out, {"walk", "new_flower", "transitions", "forming"});
    Pictures pictures(o.out, o.plot_format);
    if (!run.errors.empty()) {
        draw_error(pictures, o, run);
    }
    draw_reconstructions(pictures, o, run);
    if (!o.transitions.empty()) {
        draw_transitions(pictures, o, run);
    }
    if (!f.new_flowers.empty()) {
        draw_new_flowers(pictures, o, f.new_flowers);
    }
    if (run.model.latent_size() >= 2 && o.activations.latent.kind != Activation::Kind::softmax) {
        draw_walk(pictures, o, run);  // softmax codes lie on a simplex, not in a plane
    }
    if (!run.frames.empty()) {
        draw_forming(pictures, o, run);
    }
    print_report(o, run, f, output);
    print_files(o, files, pictures, output);
}

}  // namespace hourglass::flowers
