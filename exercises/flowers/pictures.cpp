#include "common/pictures.hpp"

#include <algorithm>

#include "flowers/flowers.hpp"
#include "hourglass/plot/latent_map.hpp"

namespace hourglass::flowers {
namespace {

constexpr PictureShape photograph = {side, side, false};

void draw_reconstructions(Pictures& pictures, const Options& options, const Result& r) {
    constexpr std::size_t columns = 12;
    const Matrix& X = options.images.X;
    const std::size_t shown = std::min<std::size_t>(X.rows(), 8 * columns);
    const std::string size = std::to_string(r.run.model.latent_size());
    ImageSheet sheet;
    sheet.title = "Originals, reconstructions from " + size + " numbers, and PCA's from as many";
    sheet.shape = photograph;
    sheet.note = "Below a reconstruction: its mean squared error, of pixels in [-1, 1].";
    if (shown < X.rows()) {
        sheet.title += text(": the first %zu of %zu images", shown, X.rows());
    }
    const auto position = [](std::size_t i) { return std::to_string(i + 1); };
    const auto error = [&](std::size_t i) { return text("%.1e", r.errors[i]); };
    const auto pca_error = [&](std::size_t i) { return text("%.1e", r.pca_errors[i]); };
    add_rows(sheet, shown, columns,
             {sheet_row("original", X, nullptr, position), sheet_row("network, " + size, r.Y, nullptr, error),
              sheet_row("PCA, " + size, r.P, nullptr, pca_error)});
    draw_image_sheet(pictures, "reconstruction", sheet);
}

void draw_walk(Pictures& pictures, const Options& options, const Result& r) {
    constexpr std::size_t columns = 12, rows = 11, fineness = 40;
    constexpr double found_within = 0.01;  // mean squared difference from the photograph
    const Matrix& X = options.images.X;
    const Matrix& codes = r.codes;
    const bool is_plane = codes.cols() == 2;
    LatentMap map;
    map.title = is_plane ? "The latent plane, and each image at its code"
                         : "A walk through the first two components; the others are those of " +
                               options.images.label(options.flower);
    map.shape = photograph;
    map.box = bounding_box(codes, 0.05);
    map.columns = columns;
    map.rows = rows;
    const auto through = codes.row(options.flower);
    map.images = r.run.model.decode(grid_codes(map.box, columns, rows, through));
    if (is_plane) {
        map.codes = codes;
        map.labels = numbered(X.rows());
        return draw_latent_map(pictures, "walk", map);
    }
    // Another image is in this plane if some point of it decodes to nearly its photograph.
    const std::size_t searched = std::min<std::size_t>(X.rows(), 200);  // each among 1600 points
    map.title += text("; marked: images within %g", found_within) +
                 (searched < X.rows() ? text(" of the first %zu", searched) : "");
    const Matrix points = grid_codes(map.box, fineness, fineness, through);
    const Matrix images = r.run.model.decode(points);
    std::vector<Scalar> marked = {through[0], through[1]};
    map.labels.push_back(options.images.label(options.flower));
    for (std::size_t i = 0; i < searched; ++i) {
        const auto [best, error] = nearest_row(X.row(i), images);
        if (error <= found_within && i != options.flower) {
            marked.insert(marked.end(), {points(best, 0), points(best, 1)});
            map.labels.push_back(options.images.label(i));
        }
    }
    map.codes = Matrix(marked.size() / 2, 2);
    std::ranges::copy(marked, map.codes.flat().begin());
    draw_latent_map(pictures, "walk", map);
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"walk", "new_flower", "transitions", "forming"});
    Pictures& pictures = folder.pictures;
    const std::vector<std::string> numbers = numbered(o.images.size());
    draw_error(pictures, o, r.run);
    draw_reconstructions(pictures, o, r);
    draw_transitions(pictures, r.run.model, o.images.X, numbers, o.transitions, 9, photograph,
                     "the nearest photograph, and the mean squared difference from it",
                     [&](std::span<const Scalar> image) {
                         const auto [i, distance] = nearest_row(image, o.images.X);
                         return text("%zu, %.3f", i + 1, distance);
                     });
    if (!r.new_flowers.empty()) {
        draw_half_way_samples(pictures, r.new_flowers, o.images.X, photograph);
    }
    if (r.codes.cols() >= 2 && is_elementwise(o.activations.latent)) {
        draw_walk(pictures, o, r);  // softmax codes lie on a simplex, not in a plane
    }
    draw_forming(pictures, r.run, "The first two components of the codes while they form", numbers);
}

}  // namespace hourglass::flowers
