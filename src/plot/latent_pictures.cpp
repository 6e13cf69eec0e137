#include "hourglass/plot/latent_pictures.hpp"

#include <algorithm>

#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/attractor_map.hpp"
#include "hourglass/plot/latent_map.hpp"

namespace hourglass {

Vector to_vector(std::span<const Scalar> values) {
    return {values.begin(), values.end()};
}

void draw_transitions(Pictures& pictures, const Autoencoder& model, const Matrix& X,
                      const std::vector<std::string>& names, const std::vector<Transition>& transitions,
                      std::size_t steps, const PictureShape& shape, const std::string& below,
                      const std::function<std::string(std::span<const Scalar>)>& caption) {
    ImageSheet sheet;
    sheet.title = "Transitions: the decoded images along a line between two codes";
    sheet.shape = shape;
    sheet.note = "Below each image: " + below + ".";
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
        draw_image_sheet(pictures, "transitions", sheet);
    }
}

namespace {

/// "(1.5, -2)", in so many numbers after the point; of a long code the first four.
std::string code_text(const std::vector<Scalar>& code) {
    std::string inside;
    for (std::size_t j = 0; j < std::min<std::size_t>(code.size(), 4); ++j) {
        inside += (j == 0 ? "" : ", ") + text("%.1f", static_cast<double>(code[j]));
    }
    return "(" + inside + (code.size() > 4 ? ", ...)" : ")");
}

/// A sheet of samples of the latent space, called `what`, each above the one of X that is nearest.
ImageSheet sheet_with_nearest(const std::string& title, const PictureShape& shape, const std::string& what,
                              const std::vector<NewSample>& samples, const Matrix& X,
                              const std::vector<std::string>& names) {
    const auto decoded = [&](std::size_t i) -> SheetImage {
        return {samples[i].image, to_vector(X.row(samples[i].nearest.sample)), code_text(samples[i].code)};
    };
    const auto nearest = [&](std::size_t i) -> SheetImage {
        const auto [sample, distance] = samples[i].nearest;
        return {to_vector(X.row(sample)), {}, std::to_string(distance) + " from " + names[sample]};
    };
    ImageSheet sheet;
    sheet.title = title;
    sheet.shape = shape;
    sheet.note = "Outlined: the pixels that differ from the nearest letter. In brackets: the latent code.";
    add_rows(sheet, samples.size(), 12, {{what, decoded}, {"nearest letter", nearest}});
    return sheet;
}

}  // namespace

void draw_new_samples(Pictures& pictures, const std::vector<NewSample>& samples, const Matrix& X,
                      const std::vector<std::string>& names, const PictureShape& shape) {
    ImageSheet sheet = sheet_with_nearest("New letters: decoded points that are no training letter", shape,
                                          "new letter", samples, X, names);
    if (samples.empty()) {
        sheet.row_labels = {"new letter", "nearest letter"};
        sheet.rows.resize(2);
        sheet.note =
            "No point of the plane decodes to a crisp image (mean |y| of at least 0.97) that is no "
            "training letter.";
    }
    draw_image_sheet(pictures, "new_letter", sheet);
}

void draw_decoded_samples(Pictures& pictures, const std::vector<NewSample>& samples, const Matrix& X,
                          const std::vector<std::string>& names, const PictureShape& shape) {
    draw_image_sheet(pictures, "decoded",
                     sheet_with_nearest("Codes of one's own, decoded", shape, "decoded", samples, X, names));
}

void draw_decoded_codes(Pictures& pictures, const Autoencoder& model, const Matrix& codes,
                        const std::vector<std::string>& texts, const PictureShape& shape) {
    if (codes.rows() == 0) {
        return;
    }
    constexpr std::size_t columns = 8;
    ImageSheet sheet = tiled_sheet("Codes of one's own, decoded", shape, decode_in_blocks(model, codes), columns);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        sheet.rows[i / columns][i % columns].caption = "(" + texts[i] + ")";
    }
    draw_image_sheet(pictures, "decoded", sheet);
}

void draw_half_way_samples(Pictures& pictures, const std::vector<HalfWaySample>& samples, const Matrix& X,
                           const PictureShape& shape) {
    ImageSheet sheet;
    sheet.title = "New flowers, half-way between two: those that differ most from every photograph";
    sheet.shape = shape;
    sheet.row_labels = {"one", "new flower", "the other", "nearest"};
    sheet.rows.resize(4);
    sheet.note = "Below a new flower: the mean squared difference from the nearest photograph.";
    if (const std::size_t of = half_way_candidates(X.rows()); of < X.rows()) {
        sheet.note += text(" Of pairs of the first %zu images.", of);
    }
    for (const HalfWaySample& flower : samples) {
        sheet.rows[0].push_back({to_vector(X.row(flower.first)), {}, std::to_string(flower.first + 1)});
        sheet.rows[1].push_back({flower.image, {}, text("%.3f", flower.distance)});
        sheet.rows[2].push_back({to_vector(X.row(flower.second)), {}, std::to_string(flower.second + 1)});
        sheet.rows[3].push_back({to_vector(X.row(flower.nearest)), {}, std::to_string(flower.nearest + 1)});
    }
    draw_image_sheet(pictures, "new_flower", sheet);
}

void draw_latent_plane(Pictures& pictures, const Autoencoder& model, const Matrix& X,
                       const std::vector<std::string>& names, const PictureShape& shape,
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
                           std::to_string(attractors.columns) + " x " + std::to_string(attractors.rows) +
                           " points)",
                       attractors, map.codes, names);
}

}  // namespace hourglass
