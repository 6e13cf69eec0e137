#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "flowers/flowers.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/files.hpp"

namespace hourglass::flowers {

Result measure(const Options& o, Run run) {
    save_first(o, run);
    const Matrix& X = o.images.X;
    const Autoencoder& model = run.model;
    Result r{run, model.reconstruct(X), fit_pca(X, model.latent_size()).reconstruct(X), model.encode(X)};
    r.mean_image = mean_squared_difference(mean_image(X), X);
    r.pca = mean_squared_difference(r.P, X);
    r.errors = row_errors(r.Y, X);
    r.pca_errors = row_errors(r.P, X);
    r.new_flowers = half_way_samples(model, X, 6);
    return r;
}

Json heading(const Options& o) {
    return {{"exercise", "flowers"}, {"images", o.images.size()}, {"skipped", o.images.skipped}};
}

namespace {

Json results_json(const Options& o, const Result& r) {
    const std::string size = std::to_string(r.run.model.latent_size());
    Json results = heading(o);
    add_training(results, o, r.run);
    results["mse"][size] = {{"network", r.run.mse}, {"pca", r.pca}, {"mean_image", r.mean_image}};
    results["criterion_met"] = r.run.learned();
    results["mse_per_image"] = by_name(o.images.names, r.errors);
    for (const HalfWaySample& flower : r.new_flowers) {
        results["new_flowers"].push_back({{"between", {o.images.names[flower.first], o.images.names[flower.second]}},
                                          {"nearest", o.images.names[flower.nearest]},
                                          {"mean_squared_difference", flower.distance}});
    }
    return results;
}

}  // namespace

void write_files(RunFolder& folder, const Options& o, const Result& r) {
    write_training(folder, o, r.run);
    folder.write("codes.csv", rows_csv("image,mse,pca_mse", o.images.names, {r.errors, r.pca_errors}, "code", r.codes));
    write_results(folder, results_json(o, r));
}

}  // namespace hourglass::flowers
