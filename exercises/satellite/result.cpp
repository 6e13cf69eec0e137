#include <cmath>

#include "hourglass/analysis/neighbours.hpp"
#include "satellite/satellite.hpp"

namespace hourglass::satellite {

Result measure(const Options& o, Run run) {
    save_first(o, run);
    const std::vector<std::size_t>& labels = o.set->labels;
    Result r{std::move(run)};
    r.codes = code_quality(r.run.model, o.X(), labels, o.loss, o.nats(), o.seed);
    r.linear = linear_codes(o.X(), labels, o.latent_size);
    r.linear_nats = o.loss == Loss::mean_squared_error ? probabilistic_pca_nats(r.linear.pca, o.X().rows(), o.sigma) : NAN;
    r.map = make_point_map(r.codes.mean, labels, {}, o.quiet);
    r.chance = purity_by_chance(labels);
    r.criterion_met = r.run.complete() && r.codes.mse < r.linear.mean_image_mse / 4 && r.map.purity > 2 * r.chance;
    return r;
}

}  // namespace hourglass::satellite
