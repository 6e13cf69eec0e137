#include "common/point_map.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <ostream>

#include "common/run.hpp"
#include "hourglass/analysis/neighbours.hpp"
#include "hourglass/io/formatting.hpp"
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
