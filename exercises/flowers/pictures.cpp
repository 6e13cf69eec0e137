#include "common/pictures.hpp"

#include <algorithm>

#include "flowers/flowers.hpp"
#include "hourglass/plot/latent_map.hpp"

namespace hourglass::flowers {
namespace {

constexpr ImageShape photograph = {side, side, false};

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
    for (std::size_t first = 0; first < shown; first += columns) {
        std::vector<SheetImage> originals, network, pca;
        for (std::size_t i = first; i < std::min(first + columns, shown); ++i) {
            originals.push_back({to_vector(X.row(i)), {}, std::to_string(i + 1)});
            network.push_back({to_vector(r.Y.row(i)), {}, text("%.1e", r.errors[i])});
            pca.push_back({to_vector(r.P.row(i)), {}, text("%.1e", r.pca_errors[i])});
        }
        sheet.rows.insert(sheet.rows.end(), {originals, network, pca});
        sheet.row_labels.insert(sheet.row_labels.end(), {"original", "network, " + size, "PCA, " + size});
    }
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
                               options.label(options.flower);
    map.shape = photograph;
    map.box = bounding_box(codes, 0.05);
    map.columns = columns;
    map.rows = rows;
    // The points of the plane through the chosen image, with a number of cells to each side.
    const auto points_of = [&](std::size_t across, std::size_t down) {
        const Matrix plane = grid_codes(map.box, across, down);
        Matrix points(plane.rows(), codes.cols());
        for (std::size_t p = 0; p < points.rows(); ++p) {
            std::ranges::copy(codes.row(options.flower), points.row(p).begin());
            std::ranges::copy(plane.row(p), points.row(p).begin());
        }
        return points;
    };
    map.images = r.run.model.decode(points_of(columns, rows));
    if (is_plane) {
        map.codes = codes;
        for (std::size_t i = 0; i < X.rows(); ++i) {
            map.labels.push_back(std::to_string(i + 1));
        }
        return draw_latent_map(pictures, "walk", map);
    }
    // Another image is in this plane if some point of it decodes to nearly its photograph.
    const std::size_t searched = std::min<std::size_t>(X.rows(), 200);  // each among 1600 points
    map.title += text("; marked: images within %g", found_within) +
                 (searched < X.rows() ? text(" of the first %zu", searched) : "");
    const Matrix points = points_of(fineness, fineness);
    const Matrix images = r.run.model.decode(points);
    std::vector<Scalar> marked = {codes(options.flower, 0), codes(options.flower, 1)};
    map.labels.push_back(options.label(options.flower));
    for (std::size_t i = 0; i < searched; ++i) {
        const auto [best, error] = nearest_row(X.row(i), images);
        if (error <= found_within && i != options.flower) {
            marked.insert(marked.end(), {points(best, 0), points(best, 1)});
            map.labels.push_back(options.label(i));
        }
    }
    map.codes = Matrix(marked.size() / 2, 2);
    std::ranges::copy(marked, map.codes.flat().begin());
    draw_latent_map(pictures, "walk", map);
}

void draw_new_flowers(Pictures& pictures, const Options& options, const std::vector<HalfWaySample>& flowers) {
    const Matrix& X = options.images.X;
    ImageSheet sheet;
    sheet.title = "New flowers, half-way between two: those that differ most from every photograph";
    sheet.shape = photograph;
    sheet.row_labels = {"one", "new flower", "the other", "nearest"};
    sheet.rows.resize(4);
    sheet.note = "Below a new flower: the mean squared difference from the nearest photograph.";
    if (const std::size_t of = half_way_candidates(X.rows()); of < X.rows()) {
        sheet.note += text(" Of pairs of the first %zu images.", of);
    }
    for (const HalfWaySample& flower : flowers) {
        sheet.rows[0].push_back({to_vector(X.row(flower.first)), {}, std::to_string(flower.first + 1)});
        sheet.rows[1].push_back({flower.image, {}, text("%.3f", flower.distance)});
        sheet.rows[2].push_back({to_vector(X.row(flower.second)), {}, std::to_string(flower.second + 1)});
        sheet.rows[3].push_back({to_vector(X.row(flower.nearest)), {}, std::to_string(flower.nearest + 1)});
    }
    draw_image_sheet(pictures, "new_flower", sheet);
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"walk", "new_flower", "transitions", "forming"});
    Pictures& pictures = folder.pictures;
    std::vector<std::string> numbers;
    for (std::size_t i = 1; i <= o.images.size(); ++i) {
        numbers.push_back(std::to_string(i));
    }
    draw_error(pictures, o, r.run);
    draw_reconstructions(pictures, o, r);
    ImageSheet sheet;
    sheet.title = transitions_title;
    sheet.shape = photograph;
    sheet.note = "Below each image: the nearest photograph, and the mean squared difference from it.";
    draw_transitions(pictures, "transitions", r.run.model, o.images.X, numbers, o.transitions, 9, sheet,
                     [&](std::span<const Scalar> image) {
                         const auto [i, distance] = nearest_row(image, o.images.X);
                         return text("%zu, %.3f", i + 1, distance);
                     });
    if (!r.new_flowers.empty()) {
        draw_new_flowers(pictures, o, r.new_flowers);
    }
    if (r.codes.cols() >= 2 && is_elementwise(o.activations.latent)) {
        draw_walk(pictures, o, r);  // softmax codes lie on a simplex, not in a plane
    }
    draw_forming(pictures, r.run, "The first two components of the codes while they form", numbers);
}

}  // namespace hourglass::flowers
