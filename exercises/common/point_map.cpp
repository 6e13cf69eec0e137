#include "common/point_map.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <ostream>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/neighbours.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/io/program.hpp"
#include "hourglass/io/progress.hpp"

namespace hourglass {

PointMap make_point_map(const Matrix& X, const std::vector<std::size_t>& labels, const TsneOptions& options,
                        bool quiet) {
    const auto start = std::chrono::steady_clock::now();
    Tsne tsne = Progress("t-SNE: looking for neighbours", quiet).during([&] { return Tsne(X, options); });
    Progress progress(tsne.options().steps, quiet);
    while (!tsne.done() && !interrupted()) {
        tsne.step();
        progress.show("step", tsne.steps_done(), "t-SNE");
    }
    progress.clear();
    PointMap map{.options = tsne.options(), .Y = tsne.Y, .labels = labels};
    map.options.steps = tsne.steps_done();
    map.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const Progress measuring("measuring the map", quiet);
    map.kl = tsne.kl();
    map.quality = map_quality(X, map.Y);
    map.purity = map.purity_before = std::numeric_limits<double>::quiet_NaN();
    if (!labels.empty()) {
        const std::size_t k = std::min<std::size_t>(10, X.rows() - 1);
        map.purity = neighbour_purity(map.Y, labels, k);
        map.purity_before = neighbour_purity(X, labels, k);
    }
    return map;
}

void add_map_options(CommandLine& line, MapOptions& options) {
    line.add_count("map", "Lay the codes of N images out on a map by t-SNE: of test images, then of training images.",
                   {4, std::numeric_limits<std::uint32_t>::max()}, options.images, false);
    line.add_switch("map-of-pixels", "With --map: of the images themselves.", options.of_pixels);
}

void check_map_options(const CommandLine& line, const MapOptions& options, const TrainAndTest& sets) {
    if (const std::size_t all = sets.test.size() + sets.train.size(); options.images > all) {
        throw Error("--map: expected at most the " + std::to_string(all) + " images that there are, got " +
                    std::to_string(options.images));
    }
    if (options.images == 0) {
        line.refuse({"map-of-pixels"}, "a run without --map");
    }
}

PointMap make_point_map(const MapOptions& options, const TrainAndTest& sets, const Autoencoder& model, bool quiet) {
    const LabelledImages images = first_images(sets, options.images);
    const Matrix X = options.of_pixels ? images.X : encode_in_blocks(model, images.X);
    return make_point_map(X, images.labels, {}, quiet);
}

Json to_json(const PointMap& map) {
    Json json = {{"points", map.Y.rows()},
                 {"perplexity", map.options.perplexity},
                 {"theta", *map.options.theta},
                 {"steps", map.options.steps},
                 {"kl", map.kl},
                 {"trustworthiness", map.quality.trustworthiness},
                 {"continuity", map.quality.continuity},
                 {"k", map.quality.k},
                 {"seconds", map.seconds}};
    if (std::isfinite(map.purity)) {
        json.update({{"purity", map.purity}, {"purity_before", map.purity_before}});
    }
    return json;
}

void print_point_map(const PointMap& map, std::ostream& output) {
    const TsneOptions& o = map.options;
    output << text("  t-SNE of %zu points, perplexity %g, %s, %d steps in %.1f s: KL %.3f nats\n", map.Y.rows(),
                   o.perplexity, *o.theta > 0 ? text("Barnes-Hut at theta %g", *o.theta).c_str() : "exact gradient",
                   o.steps, map.seconds, map.kl)
           << text("  of %zu neighbours: trustworthiness %.3f, continuity %.3f%s\n", map.quality.k,
                   map.quality.trustworthiness, map.quality.continuity,
                   map.quality.looked_at < map.Y.rows() ? text(" (at %zu points)", map.quality.looked_at).c_str() : "");
    if (std::isfinite(map.purity)) {
        output << text("  of 10 neighbours, of the same class: %.3f on the map, %.3f before\n", map.purity,
                       map.purity_before);
    }
    output << "  " << tsne_caution << "\n";
}

}  // namespace hourglass
