#include "hourglass/plot/code_pictures.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/variational.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/point_panels.hpp"

namespace hourglass {

void draw_code_units(Pictures& pictures, const Autoencoder& model, const Matrix& codes,
                     const PictureShape& shape) {
    const std::vector<Normal> spread = spread_of(codes);
    std::vector<double> deviations;
    std::ranges::transform(spread, std::back_inserter(deviations), &Normal::deviation);
    const std::vector<std::size_t> units = largest_first(deviations);
    const std::size_t count = std::min<std::size_t>(units.size(), 64);
    Matrix moved(count + 1, codes.cols());  // the last row: none
    for (std::size_t i = 0; i <= count; ++i) {
        for (std::size_t j = 0; j < codes.cols(); ++j) {
            const bool is_moved = i < count && j == units[i];
            moved(i, j) = static_cast<Scalar>(spread[j].mean + (is_moved ? 2 * spread[j].deviation : 0));
        }
    }
    const Matrix images = decode_in_blocks(model, moved);
    Matrix differences(count, images.cols());
    for (std::size_t i = 0; i < count; ++i) {
        std::ranges::transform(images.row(i), images.row(count), differences.row(i).begin(), std::minus());
        const auto largest = static_cast<Scalar>(std::max(max_abs(differences.row(i)), 1e-6));
        std::ranges::transform(differences.row(i), differences.row(i).begin(),
                               [&](Scalar x) { return x / largest; });
    }
    ImageSheet sheet =
        tiled_sheet("What each unit of the code adds to an image (white) and takes away (black)",
                    {shape.width, shape.height, false}, differences, std::min<std::size_t>(16, count));
    sheet.note =
        text("The %zu units that vary most, each moved two standard deviations up from its mean.", count);
    draw_image_sheet(pictures, "units", sheet);
}

void draw_prior(Pictures& pictures, const Autoencoder& model, const Matrix& codes, const PictureShape& shape,
                std::uint64_t seed) {
    constexpr std::size_t side = 20;
    const std::string title = model.latent_size() == 2
                                  ? "The latent plane, decoded at equal steps of the prior's probability"
                                  : "The plane of the two directions in which the codes vary most, decoded";
    draw_image_sheet(
        pictures, "plane",
        tiled_sheet(title, shape, decode_in_blocks(model, quantile_plane(codes, side, side)), side));
    draw_image_sheet(pictures, "samples",
                     tiled_sheet("New images: decoded codes that were drawn from the prior", shape,
                                 decode_in_blocks(model, prior_codes(100, model.latent_size(), seed)), side));
}

void draw_code_lines(Pictures& pictures, const Autoencoder& model, const Matrix& X,
                     const std::vector<Transition>& transitions, const PictureShape& shape) {
    constexpr std::size_t steps = 10;
    ImageSheet sheet;
    sheet.title = "From one image to another, along the line between their codes";
    sheet.shape = shape;
    sheet.note = "The first and the last of a row are the images themselves.";
    for (const auto& [from, to] : transitions) {
        const Matrix ends = rows_of(X, std::vector{from, to});
        const Matrix codes = model.encode(ends);
        const Matrix between = model.decode(line_codes(codes.row(0), codes.row(1), steps));
        std::vector<SheetImage>& row = sheet.rows.emplace_back();
        row.push_back({to_vector(ends.row(0)), {}, ""});
        for (std::size_t i = 0; i < steps; ++i) {
            row.push_back({to_vector(between.row(i)), {}, ""});
        }
        row.push_back({to_vector(ends.row(1)), {}, ""});
    }
    if (!transitions.empty()) {
        draw_image_sheet(pictures, "transitions", sheet);
    }
}

void draw_codes_by_class(Pictures& pictures, const Matrix& codes, const std::vector<std::size_t>& labels,
                         const std::vector<std::string>& classes) {
    draw_point_panels(pictures, "codes", "The codes of the test images, with names where classes have their mean",
                      {{"", axis::first_latent, axis::second_latent, codes}}, labels, classes);
}

}  // namespace hourglass
