#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/io/files.hpp"
#include "hourglass/plot/picture_map.hpp"
#include "satellite/satellite.hpp"

namespace hourglass::satellite {
namespace {

Json results_json(const Options& o, const Result& r) {
    Json results = {{"exercise", "satellite"}, {"images", o.samples}};
    add_training(results, o, r.run);
    if (o.loss == Loss::mean_squared_error) {
        results["sigma"] = o.sigma;
    }
    results.update({{"latent_size", o.latent_size},
                    {"mse", r.codes.mse},
                    {"reconstruction", r.codes.reconstruction},
                    {"kl", r.codes.kl()},
                    {"elbo", r.codes.elbo()},
                    {"unit_kl", r.codes.unit_kl},
                    {"used_units", used_units(r.codes.unit_kl)}});
    results["purity"] = {{"codes", r.codes.purity},
                         {"tsne", r.map.purity},
                         {"pca", r.linear.purity},
                         {"pca_plane", r.linear.purity_of_plane}};
    results["tsne"] = to_json(r.map);
    results["baselines"] = {{"pca", r.linear.mse}, {"linear_elbo", -r.linear_nats}, {"mean_image", r.linear.mean_image_mse}};
    results["purity"]["chance"] = r.chance;
    results["criterion_met"] = r.criterion_met;
    return results;
}

}  // namespace

void write_files(RunFolder& folder, const Options& o, const Result& r) {
    write_training(folder, o, r.run,
                   {{"reconstruction", numbers_of(r.run.scores, &SetScores::error)},
                    {"beta_kl", numbers_of(r.run.scores, &SetScores::kl)}});
    std::vector<std::vector<double>> before(3);
    for (std::size_t i = 0; i < o.set->size(); ++i) {
        before[0].push_back(static_cast<double>(o.set->labels[i]));
        before[1].push_back(static_cast<double>(r.map.Y(i, 0)));
        before[2].push_back(static_cast<double>(r.map.Y(i, 1)));
    }
    folder.write("codes.csv", rows_csv("image,class,map_x,map_y", o.set->names, before, "code", r.codes.mean));
    write_results(folder, results_json(o, r));
    for (const auto& [name, Y] : {std::pair{"map.png", &r.map.Y}, {"pca.png", &r.linear.plane}}) {
        folder.write(name, picture_map_png(place_on_grid(*Y), o.X(), o.shape(), o.side));
    }
}

void print_report(const Options& o, const Result& r, std::ostream& output) {
    output << "Exercise 5: " << o.samples << ", each as a normal distribution of " << o.latent_size << " numbers\n";
    print_run(o, r.run, output);
    print_images(*o.set, output);
    output << "\nCriterion: a quarter of the mean image's error, and on the map twice as many of 10 neighbours of one's class as by chance\n";
    print_verdict(r.run, r.criterion_met, output, "", "in");
    output << text("\nNats an image             -ELBO = reconstruction +    KL\n"
                   "  this network         %10.2f     %10.2f %8.2f, %zu of %zu units used\n",
                   -r.codes.elbo(), r.codes.reconstruction, r.codes.kl(), used_units(r.codes.unit_kl), o.latent_size);
    if (o.loss == Loss::mean_squared_error) {
        output << text("  best linear one      %10.2f\n", r.linear_nats)
               << text("  (of normal pixels with a sigma of %g; %.0f nats, the same for all, are left out)\n", o.sigma,
                       static_cast<double>(o.X().cols()) * std::log(o.sigma * std::sqrt(2 * std::numbers::pi)));
    }
    output << text("\nCodes of %zu numbers       mean squared error   10 neighbours of the same class\n", o.latent_size);
    const auto line = [&](const char* name, double error, double purity) {
        output << text("  %-24s", name) << (std::isnan(error) ? std::string(18, ' ') : text("%18.5f", error))
               << text("%25.1f %%\n", 100 * purity);
    };
    line("mean codes", r.codes.mse, r.codes.purity);
    line("  their map by t-SNE", NAN, r.map.purity);
    line("PCA", r.linear.mse, r.linear.purity);
    line("  its first two", NAN, r.linear.purity_of_plane);
    line("mean image; chance", r.linear.mean_image_mse, r.chance);
    print_point_map(r.map, output);
}

}  // namespace hourglass::satellite
