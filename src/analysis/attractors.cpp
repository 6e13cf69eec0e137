#include "hourglass/analysis/attractors.hpp"

#include "hourglass/analysis/confusion.hpp"

namespace hourglass {

AttractorMap map_attractors(const Autoencoder& model, const Matrix& X, double margin,
                            std::size_t fineness) {
    assert(model.latent_size() == 2 && fineness > 0);
    AttractorMap map;
    map.box = bounding_box(model.encode(X), margin);
    map.columns = map.rows = affordable_fineness(model, fineness);
    map.owner = taken_for(decode_in_blocks(model, grid_codes(map.box, map.columns, map.rows)), X);
    std::vector<std::size_t> points(X.rows());
    for (const std::size_t i : map.owner) {
        ++points[i];
    }
    for (const std::size_t count : points) {
        map.share.push_back(static_cast<double>(count) / static_cast<double>(map.owner.size()));
    }
    return map;
}

}  // namespace hourglass
