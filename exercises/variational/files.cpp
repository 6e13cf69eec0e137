#include "hourglass/io/files.hpp"

#include <nlohmann/json.hpp>

#include "variational/variational.hpp"

namespace hourglass::variational {
namespace {

/// Each sample's sigma and mu in every latent unit.
std::string codes_csv(const Options& o, const Net& net) {
    std::string header = o.sample;
    for (std::size_t j = 0; j < net.sigma.size(); ++j) {
        header += ",sigma" + std::to_string(j);
    }
    return rows_csv(header, o.names, net.sigma, "mu", net.codes);
}

Json net_json(const Options& o, const Net& net) {
    Json results = {{"mse", net.mse}};
    if (o.of_letters()) {
        results.update({{"exact", net.pixels.exact}, {"within_one_pixel", net.pixels.at_most_one}});
    }
    results["new"] = {{"near", net.near}, {"copies", net.copies}};
    if (net.unit_kl.empty()) {
        return results;  // of the plain one
    }
    results.update({{"elbo", net.elbo.value()},
                    {"elbo_standard_error", net.elbo.standard_error},
                    {"reconstruction", net.elbo.reconstruction},
                    {"kl", net.elbo.kl},
                    {"unit_kl", net.unit_kl}});
    if (o.of_letters()) {
        results["drawn"] = {{"exact", net.drawn_exact}, {"within_one_pixel", net.drawn_at_most_one}};
    }
    results["criterion_met"] = net.criterion_met;
    return results;
}

Json results_json(const Options& o, const Result& r) {
    Json results = {{"exercise", "variational"}, {"samples", o.samples}};
    add_training(results, o, r.nets.front().run);
    results.update(net_json(o, r.nets.front()));
    results.update({{"entropy", r.entropy}, {"limits", {{"near", r.limits.near}, {"copy", r.limits.copy}}}});
    if (o.images) {
        results.update({{"scaling", o.images->scaling()}, {"skipped", o.images->skipped}});
    }
    if (r.plain) {
        results["plain"] = net_json(o, *r.plain);
    }
    for (std::size_t s = 0; s < r.nets.size() && o.seeds > 1; ++s) {
        Json& run = results["runs"].emplace_back(net_json(o, r.nets[s]));
        run.update({{"seed", r.nets[s].run.seed}, {"seconds", r.nets[s].run.seconds}});
    }
    return results;
}

}  // namespace

void write_files(RunFolder& folder, const Options& o, const Result& r) {
    const Net& net = r.nets.front();
    write_training(folder, o, net.run, {{"beta_kl", net.run.kl}});
    folder.write("codes.csv", codes_csv(o, net));
    write_results(folder, results_json(o, r));
}

}  // namespace hourglass::variational
