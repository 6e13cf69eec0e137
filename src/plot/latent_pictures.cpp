#include "hourglass/plot/latent_pictures.hpp"

#include "hourglass/plot/attractor_map.hpp"
#include "hourglass/plot/latent_map.hpp"

namespace hourglass {

Vector to_vector(std::span<const Scalar> values) {
    return {values.begin(), values.end()};
}

void draw_transitions(Pictures& pictures, const std::string& name, const Autoencoder& model,
                      const Matrix& X, const std::vector<std::string>& names,
                      const std::vector<Transition>& transitions, std::size_t steps,
                      ImageSheet sheet,
                      const std::function<std::string(std::span<const Scalar>)>& caption) {
    const Matrix codes = model.encode(X);
    for (const auto& [from, to] : transitions) {
        const Matrix images = model.decode(line_codes(codes.row(from), codes.row(to), steps));
        std::vector<SheetImage> row;
        for (std::size_t s = 0; s < steps; ++s) {
            row.push_back({to_vector(images.row(s)), {}, caption(images.row(s))});
        }
        sheet.rows.push_back(row);
        sheet.row_labels.push_back(names[from] + " to " + names[to]);
    }
    if (!transitions.empty()) {
        draw_image_sheet(pictures, name, sheet);
    }
}

void draw_latent_plane(Pictures& pictures, const Autoencoder& model, const Matrix& X,
                       const std::vector<std::string>& names, const ImageShape& shape,
                       const AttractorMap& attractors) {
    LatentMap map;
    map.title = "The latent space: each letter at its code, over what the plane decodes to";
    map.shape = shape;
    map.codes = model.encode(X);
    map.box = bounding_box(map.codes, 0.08);
    map.columns = 24;
    map.rows = 18;
    map.images = decode_in_blocks(model, grid_codes(map.box, map.columns, map.rows));
    map.labels = names;
    draw_latent_map(pictures, "latent", map);
    draw_attractor_map(pictures, "attractors",
                       "Which letter owns which part of the latent plane (the box of the codes and "
                       "10 % around it, " +
                           std::to_string(attractors.columns) + " x " +
                           std::to_string(attractors.rows) + " points)",
                       attractors, map.codes, names);
}

}  // namespace hourglass
