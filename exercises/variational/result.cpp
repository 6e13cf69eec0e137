#include <algorithm>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "variational/variational.hpp"

namespace hourglass::variational {
namespace {

/// What only the variational net has: distributions of codes.
void measure_distributions(const Options& o, Net& net) {
    const Autoencoder& model = net.run.model;
    const std::size_t draws = o.of_letters() ? 1000 : 20;
    const auto all = static_cast<double>(draws * o.X.rows());
    net.elbo = estimate_elbo(model, o.X, draws, o.seed + 1, [&](const Matrix& Y) {
        const PixelErrors errors = count_pixel_errors(Y, o.X);
        net.drawn_exact += static_cast<double>(errors.exact) / all;
        net.drawn_at_most_one += static_cast<double>(errors.at_most_one) / all;
    });
    const Matrix given = model.apply(1, model.latent_layer() - 1, o.X);  // mu, then s = ln sigma^2
    net.unit_kl = kl_of_units(given);
    net.sigma = deviations_of(given);
}

Net measure_net(const Options& o, const Run& run, const Limits& limits) {
    Net net{run};
    const Autoencoder& model = run.model;
    net.codes = model.encode(o.X);
    net.Y = model.decode(net.codes);
    net.mse = mean_squared_difference(net.Y, o.X);
    net.pixels = count_pixel_errors(net.Y, o.X);
    net.drawn_from = spread_of(net.codes);
    if (dynamic_cast<const Sampling*>(&model.layer(model.latent_layer()))) {
        net.drawn_from.assign(net.codes.cols(), Normal{});  // the prior
        measure_distributions(o, net);
    }
    net.new_images = decode_in_blocks(model, draw_codes(new_codes, net.drawn_from, o.seed + 2));
    net.neighbours =
        o.of_letters() ? neighbours_in_pixels(net.new_images, o.X) : neighbours_of(net.new_images, o.X);
    net.near = net.neighbours.share_below(limits.near);
    net.copies = net.neighbours.share_below(limits.copy);
    return net;
}

}  // namespace

Result measure(const Options& o, const std::vector<std::vector<Run>>& runs) {
    Result r;
    r.entropy = entropy_of_rows(o.X);
    r.limits = o.of_letters() ? Limits{.near = 1.5, .copy = 0.5} : limits_of(neighbours_within(o.X));
    for (const Run& run : runs.front()) {
        if (!run.failure.empty()) {
            continue;
        }
        Net& net = r.nets.emplace_back(measure_net(o, run, r.limits));
        const bool cheap = -net.elbo.value() <= r.entropy + most_nats_above;
        const bool belong = net.near >= least_near && net.copies <= most_copies && used_units(net.unit_kl) > 0;
        const bool learned = o.of_letters() ? cheap && net.pixels.exact == o.X.rows() : belong;
        net.criterion_met = run.complete() && learned;
    }
    if (runs.size() > 1 && runs[1].front().failure.empty()) {
        r.plain = measure_net(o, runs[1].front(), r.limits);
    }
    return r;
}

}  // namespace hourglass::variational
