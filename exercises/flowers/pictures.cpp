#include <algorithm>
#include <cmath>
#include <filesystem>

#include "common/report.hpp"
#include "flowers/flowers.hpp"
#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/pca.hpp"
#include "hourglass/core/vector_math.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/images.hpp"

namespace hourglass::flowers {
namespace {

constexpr ImageShape photograph = {side, side, false};

Vector to_vector(std::span<const Scalar> values) {
    return {values.begin(), values.end()};
}

std::string short_name(const ImageSet& images, std::size_t i) {
    return std::filesystem::path(images.names[i]).stem().string();
}

double mean_squared(std::span<const Scalar> a, std::span<const Scalar> b) {
    return squared_distance(a, b) / static_cast<double>(a.size());
}

}  // namespace

std::string label_of(const ImageSet& images, std::size_t i) {
    return std::to_string(i + 1) + ": " + short_name(images, i);
}

std::vector<double> row_errors(const Matrix& Y, const Matrix& X) {
    std::vector<double> errors;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        errors.push_back(mean_squared(Y.row(i), X.row(i)));
    }
    return errors;
}

std::vector<NewFlower> new_flowers(const Autoencoder& model, const Matrix& X, std::size_t count) {
    const Matrix codes = model.encode(X);
    std::vector<NewFlower> all;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t j = i + 1; j < X.rows(); ++j) {
            const Matrix line = line_codes(codes.row(i), codes.row(j), 3);
            const Matrix images = model.decode(line);
            NewFlower flower{i, j, to_vector(images.row(1)), 0, INFINITY};
            for (std::size_t k = 0; k < X.rows(); ++k) {
                const double distance = mean_squared(flower.image, X.row(k));
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
    for (const NewFlower& flower : all) {
        const bool used = std::ranges::any_of(chosen, [&](const NewFlower& other) {
            return flower.first == other.first || flower.first == other.second ||
                   flower.second == other.first || flower.second == other.second;
        });
        if (!used && chosen.size() < count) {
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
            network.push_back({to_vector(Y.row(i)), {}, text("%.4f", errors[i])});
            pca.push_back({to_vector(P.row(i)), {}, text("%.4f", pca_errors[i])});
        }
        sheet.rows.insert(sheet.rows.end(), {originals, network, pca});
        sheet.row_labels.insert(sheet.row_labels.end(),
                                {"original", "network, " + size, "PCA, " + size});
    }
    draw_image_sheet(pictures, "reconstruction", sheet);
}

void draw_walk(Pictures& pictures, const Options& options, const Run& run) {
    constexpr std::size_t columns = 12, rows = 11;
    constexpr double found_within = 0.01;  // mean squared difference from the photograph
    const Matrix& X = options.images.X;
    const Matrix codes = run.model.encode(X);
    LatentMap map;
    map.title = "A walk through the first two components; the others are those of " +
                label_of(options.images, options.flower);
    map.shape = photograph;
    map.box = bounding_box(codes, 0.05);
    map.columns = columns;
    map.rows = rows;
    const Matrix plane = grid_codes(map.box, columns, rows);
    Matrix points(plane.rows(), codes.cols());
    for (std::size_t p = 0; p < points.rows(); ++p) {
        std::ranges::copy(codes.row(options.flower), points.row(p).begin());
        std::ranges::copy(plane.row(p), points.row(p).begin());
    }
    map.images = run.model.decode(points);
    // A flower is in this plane if some point of it decodes to nearly its photograph.
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        std::size_t best = 0;
        double distance = INFINITY;
        for (std::size_t p = 0; p < points.rows(); ++p) {
            const double d = mean_squared(map.images.row(p), X.row(i));
            if (d < distance) {
                distance = d;
                best = p;
            }
        }
        if (distance <= found_within && i != options.flower) {
            places.push_back(best);
            map.labels.push_back(label_of(options.images, i));
        }
    }
    gather_rows(map.codes, plane, places);
    Matrix own(places.size() + 1, 2);
    std::ranges::copy(map.codes.flat(), own.flat().begin());
    own(places.size(), 0) = codes(options.flower, 0);
    own(places.size(), 1) = codes(options.flower, 1);
    map.codes = own;
    map.labels.push_back(label_of(options.images, options.flower));
    draw_latent_map(pictures, "walk", map);
}

void draw_transitions(Pictures& pictures, const Options& options, const Run& run) {
    constexpr std::size_t steps = 9;
    const Matrix& X = options.images.X;
    const Matrix codes = run.model.encode(X);
    ImageSheet sheet;
    sheet.title = "Transitions: the decoded images along a line between two codes";
    sheet.shape = photograph;
    sheet.note = "Below each image: the nearest photograph, and the mean squared difference from it.";
    for (const auto& [from, to] : options.transitions) {
        const Matrix images = run.model.decode(line_codes(codes.row(from), codes.row(to), steps));
        std::vector<SheetImage> row;
        for (std::size_t s = 0; s < steps; ++s) {
            std::size_t nearest = 0;
            for (std::size_t i = 1; i < X.rows(); ++i) {
                if (mean_squared(images.row(s), X.row(i)) < mean_squared(images.row(s), X.row(nearest))) {
                    nearest = i;
                }
            }
            row.push_back({to_vector(images.row(s)), {},
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
    sheet.title = "New flowers: decoded from half-way between the codes of two photographs";
    sheet.shape = photograph;
    sheet.row_labels = {"one", "new flower", "the other", "nearest"};
    sheet.rows.resize(4);
    sheet.note = "Below a new flower: the mean squared difference from the nearest photograph.";
    for (const NewFlower& flower : flowers) {
        sheet.rows[0].push_back({to_vector(X.row(flower.first)), {}, std::to_string(flower.first + 1)});
        sheet.rows[1].push_back({flower.image, {}, text("%.3f", flower.distance)});
        sheet.rows[2].push_back({to_vector(X.row(flower.second)), {}, std::to_string(flower.second + 1)});
        sheet.rows[3].push_back({to_vector(X.row(flower.nearest)), {}, std::to_string(flower.nearest + 1)});
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
