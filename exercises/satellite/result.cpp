#include <algorithm>
#include <cmath>
#include <numeric>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/neighbours.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "satellite/satellite.hpp"

namespace hourglass::satellite {

double Codes::kl() const {
    return unit_kl.empty() ? NAN : std::accumulate(unit_kl.begin(), unit_kl.end(), 0.0);
}

Codes codes_of(const Options& o, const Autoencoder& model) {
    const std::size_t latent = model.latent_layer();
    Codes codes;
    codes.mean = apply_in_blocks(model, 1, latent - 1, o.X());
    if (dynamic_cast<const Sampling*>(&model.layer(latent))) {
        codes.unit_kl = kl_of_units(codes.mean);  // of mu and s
    }
    codes.mean = model.apply(latent, latent, codes.mean);
    codes.mse = mean_squared_difference(decode_in_blocks(model, codes.mean), o.X());
    codes.reconstruction = score(model, o.X(), o.X(), o.loss, o.seed).error * o.nats();
    codes.purity = neighbour_purity(codes.mean, o.set->labels);
    return codes;
}

Matrix new_images(const Options& o, const Autoencoder& model, const Codes& codes, std::size_t count) {
    const std::vector<Normal> units = codes.unit_kl.empty() ? spread_of(codes.mean) : std::vector<Normal>(o.latent_size);
    return decode_in_blocks(model, draw_codes(count, units, o.seed + 1));
}

LinearCodes linear_codes_of(const Options& o) {
    const Matrix& X = o.X();
    LinearCodes linear;
    linear.pca = fit_pca(X, o.latent_size);
    const Pca& pca = linear.pca;
    const double mean_squares = static_cast<double>(X.rows() - 1) / static_cast<double>(X.size());  // of a variance
    const double kept = std::accumulate(pca.variances.begin(), pca.variances.end(), 0.0);
    linear.codes = pca.project(X);
    linear.mse = (pca.total_variance - kept) * mean_squares;
    linear.mean_image_mse = pca.total_variance * mean_squares;
    linear.nats = o.loss == Loss::mean_squared_error ? probabilistic_pca_nats(pca, X.rows(), o.sigma) : NAN;
    linear.purity = neighbour_purity(linear.codes, o.set->labels);
    linear.plane.resize(X.rows(), 2);
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::ranges::copy(linear.codes.row(i).first(std::min<std::size_t>(2, linear.codes.cols())), linear.plane.row(i).begin());
    }
    linear.purity_of_plane = neighbour_purity(linear.plane, o.set->labels);
    return linear;
}

Result measure(const Options& o, Run run) {
    if (!run.failure.empty()) {
        throw Error(run.failure);
    }
    save_first(o, run);
    Result r{std::move(run), {}, {}, {}};
    r.codes = codes_of(o, r.run.model);
    r.linear = linear_codes_of(o);
    r.map = make_point_map(r.codes.mean, o.set->labels, {}, o.quiet);
    for (std::size_t c = 0; c < o.set->classes.size(); ++c) {
        const auto share = static_cast<double>(std::ranges::count(o.set->labels, c)) / static_cast<double>(o.set->size());
        r.chance += share * share;
    }
    r.criterion_met = r.run.complete() && r.codes.mse < r.linear.mean_image_mse / 4 && r.map.purity > 2 * r.chance;
    return r;
}

}  // namespace hourglass::satellite
