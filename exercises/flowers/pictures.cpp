#include <algorithm>
#include <cmath>
#include <filesystem>

#include "common/report.hpp"
#include "flowers/flowers.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/latent_map.hpp"

namespace hourglass::flowers {
namespace {

constexpr ImageShape photograph = {side, side, false};

Vector to_vector(std::span<const Scalar> values) {
    return {values.begin(), values.end()};
}

std::string short_name(const ImageSet& images, std::size_t i) {
    return std::filesystem::path(images.names[i]).stem().string();
}

/// What the decoder makes of the code between two others: (1, d).
Matrix half_way(const Autoencoder& model, const Matrix& codes, std::size_t i, std::size_t j) {
    const Matrix line = line_codes(codes.row(i), codes.row(j), 3);
    Matrix middle(1, codes.cols());
    std::ranges::copy(line.row(1), middle.row(0).begin());
    return model.decode(middle);
}

double mean_squared(std::span<const Scalar> a, std::span<const Scalar> b) {
    return squared_distance(a, b) / static_cast<double>(a.size());
}

/// The mean squared difference of each row of Y from one image.
std::vector<double> differences(const Matrix& Y, std::span<const Scalar> image) {
    std::vector<double> result;
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        result.push_back(mean_squared(Y.row(i), image));
    }
    return result;
}

}  // namespace

std::string label_of(const ImageSet& images, std::size_t i) {
    return std::to_string(i + 1) + ": " + one_line(short_name(images, i).substr(0, 30));
}

std::vector<double> row_errors(const Matrix& Y, const Matrix& X) {
    std::vector<double> errors;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        errors.push_back(mean_squared(Y.row(i), X.row(i)));
    }
    return errors;
}

std::vector<NewFlower> new_flowers(const Autoencoder& model, const Matrix& X, std::size_t count) {
    constexpr std::size_t most_images = 64;  // of many photographs, pairs of the first ones
    const Matrix codes = model.encode(X);
    const std::size_t n = std::min(X.rows(), most_images);
    std::vector<NewFlower> all;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j) {
            const Matrix image = half_way(model, codes, i, j);
            NewFlower flower{i, j, {}, 0, INFINITY};
            for (std::size_t k = 0; k < X.rows(); ++k) {
                const double distance = mean_squared(image.row(0), X.row(k));
                if (distance < flower.distance) {
                    flower.nearest = k;
                    flower.distance = distance;
                }
            }
            all.push_back(flower);
        }
    }
    std::ranges::stable_sort(all, std::greater{}, &NewFlower::distance);
    std::vector<NewFlower> chosen;
    for (NewFlower& flower : all) {
        const bool used = std::ranges::any_of(chosen, [&](const NewFlower& other) {
            return flower.first == other.first || flower.first == other.second ||
                   flower.second == other.first || flower.second == other.second;
        });
        if (!used && chosen.size() < count) {
            flower.image = to_vector(half_way(model, codes, flower.first, flower.second).row(0));
            chosen.push_back(flower);
        }
    }
    return chosen;
}

void draw_error(Pictures& pictures, const Options& options, const Run& run) {
    CurveChart chart;
    chart.title = "Error while training " + mirrored_text(options.widths) + ", seed " +
                  std::to_string(run.seed);
    chart.y_label = error_label(options.loss, "image");
    Curve curve;
    curve.label = mirrored_text(options.widths);
    curve.values = run.errors;
    draw_curves(pictures, "error", chart, {curve});
}

void draw_reconstructions(Pictures& pictures, const Options& options, const Run& run) {
    constexpr std::size_t columns = 12;
    const Matrix& X = options.images.X;
    const Matrix Y = run.model.reconstruct(X);
    const Matrix P = fit_pca(X, run.model.latent_size()).reconstruct(X);
    const std::vector<double> errors = row_errors(Y, X);
    const std::vector<double> pca_errors = row_errors(P, X);
    const std::string size = std::to_string(run.model.latent_size());
    ImageSheet sheet;
    sheet.title = "Originals, reconstructions from " + size + " numbers, and PCA's from as many";
    sheet.shape = photograph;
    sheet.note = "Below a reconstruction: its mean squared error, of pixels in [-1, 1].";
    for (std::size_t first = 0; first < X.rows(); first += columns) {
        std::vector<SheetImage> originals, network, pca;
        for (std::size_t i = first; i < std::min(first + columns, X.rows()); ++i) {
            originals.push_back({to_vector(X.row(i)), {}, std::to_string(i + 1)});
            network.push_back({to_vector(Y.row(i)), {}, text("%.1e", errors[i])});
            pca.push_back({to_vector(P.row(i)), {}, text("%.1e", pca_errors[i])});
        }
        sheet.rows.insert(sheet.rows.end(), {originals, network, pca});
        sheet.row_labels.insert(sheet.row_labels.end(),
                                {"original", "network, " + size, "PCA, " + size});
    }
    draw_image_sheet(pictures, "reconstruction", sheet);
}

void draw_walk(Pictures& pictures, const Options& options, const Run& run) {
    constexpr std::size_t columns = 12, rows = 11, fineness = 40;
    constexpr double found_within = 0.01;  // mean squared difference from the photograph
    const Matrix& X = options.images.X;
    const Matrix codes = run.model.encode(X);
    const bool is_plane = codes.cols() == 2;
    LatentMap map;
    map.title = is_plane ? "The latent plane, and each image at its code"
                         : "A walk through the first two components; the others are those of " +
                               label_of(options.images, options.flower);
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
    map.images = run.model.decode(points_of(columns, rows));
    if (is_plane) {
        map.codes = codes;
        for (std::size_t i = 0; i < X.rows(); ++i) {
            map.labels.push_back(std::to_string(i + 1));
        }
        return draw_latent_map(pictures, "walk", map);
    }
    // Another image is in this plane if some point of it decodes to nearly its photograph.
    map.title += text("; marked: images within %g", found_within);
    const Matrix points = points_of(fineness, fineness);
    const Matrix images = run.model.decode(points);
    std::vector<Scalar> marked = {codes(options.flower, 0), codes(options.flower, 1)};
    map.labels.push_back(label_of(options.images, options.flower));
    for (std::size_t i = 0; i < X.rows(); ++i) {
        const std::vector<double> errors = differences(images, X.row(i));
        const auto best =
            static_cast<std::size_t>(std::ranges::min_element(errors) - errors.begin());
        if (errors[best] <= found_within && i != options.flower) {
            marked.insert(marked.end(), {points(best, 0), points(best, 1)});
            map.labels.push_back(label_of(options.images, i));
        }
    }
    map.codes = Matrix(marked.size() / 2, 2);
    std::ranges::copy(marked, map.codes.flat().begin());
    draw_latent_map(pictures, "walk", map);
}

void draw_transitions(Pictures& pictures, const Options& options, const Run& run) {
    constexpr std::size_t steps = 9;
    const Matrix& X = options.images.X;
    const Matrix codes = run.model.encode(X);
    ImageSheet sheet;
    sheet.title = "Transitions: the decoded images along a line between two codes";
    sheet.shape = photograph;
    sheet.note =
        "Below each image: the nearest photograph, and the mean squared difference from it.";
    for (const auto& [from, to] : options.transitions) {
        const Matrix images = run.model.decode(line_codes(codes.row(from), codes.row(to), steps));
        std::vector<SheetImage> row;
        for (std::size_t s = 0; s < steps; ++s) {
            std::size_t nearest = 0;
            for (std::size_t i = 1; i < X.rows(); ++i) {
                if (mean_squared(images.row(s), X.row(i)) <
                    mean_squared(images.row(s), X.row(nearest))) {
                    nearest = i;
                }
            }
            row.push_back(
                {to_vector(images.row(s)),
                 {},
                 text("%zu, %.3f", nearest + 1, mean_squared(images.row(s), X.row(nearest)))});
        }
        sheet.rows.push_back(row);
        sheet.row_labels.push_back(text("%zu to %zu", from + 1, to + 1));
    }
    draw_image_sheet(pictures, "transitions", sheet);
}

void draw_new_flowers(Pictures& pictures, const Options& options,
                      const std::vector<NewFlower>& flowers) {
    const Matrix& X = options.images.X;
    ImageSheet sheet;
    sheet.title = "New flowers, half-way between two: those that differ most from every photograph";
    sheet.shape = photograph;
    sheet.row_labels = {"one", "new flower", "the other", "nearest"};
    sheet.rows.resize(4);
    sheet.note = "Below a new flower: the mean squared difference from the nearest photograph.";
    for (const NewFlower& flower : flowers) {
        sheet.rows[0].push_back(
            {to_vector(X.row(flower.first)), {}, std::to_string(flower.first + 1)});
        sheet.rows[1].push_back({flower.image, {}, text("%.3f", flower.distance)});
        sheet.rows[2].push_back(
            {to_vector(X.row(flower.second)), {}, std::to_string(flower.second + 1)});
        sheet.rows[3].push_back(
            {to_vector(X.row(flower.nearest)), {}, std::to_string(flower.nearest + 1)});
    }
    draw_image_sheet(pictures, "new_flower", sheet);
}

void draw_forming(Pictures& pictures, const Options& options, const Run& run) {
    Animation animation{.title = "The first two components of the codes while they form"};
    for (std::size_t i = 0; i < options.images.size(); ++i) {
        animation.labels.push_back(std::to_string(i + 1));
    }
    animation.frames = run.frames;
    draw_animation(pictures, "forming", animation);
}

}  // namespace hourglass::flowers
