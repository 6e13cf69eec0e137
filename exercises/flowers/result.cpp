#include "flowers/flowers.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/core/error.hpp"

namespace hourglass::flowers {
Result measure(const Options& o, Run run) {
    if (!run.failure.empty()) {
        throw Error(run.failure);
    }
    const Matrix& X = o.images.X;
    const Autoencoder& model = run.model;
    Result r{run, model.reconstruct(X), fit_pca(X, model.latent_size()).reconstruct(X),
             model.encode(X)};
    r.mean_image = mean_squared_difference(mean_image(X), X);
    r.pca = mean_squared_difference(r.P, X);
    r.errors = row_errors(r.Y, X);
    r.pca_errors = row_errors(r.P, X);
    r.new_flowers = half_way_samples(model, X, 6);
    return r;
}

}  // namespace hourglass::flowers
