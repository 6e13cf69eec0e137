#include "hourglass/plot/class_pictures.hpp"

#include <algorithm>

#include "hourglass/analysis/classifier.hpp"
#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/latent_pictures.hpp"

namespace hourglass {

void draw_by_class(Pictures& pictures, const std::string& name, ImageSheet sheet,
                   const std::vector<std::pair<std::string, Matrix>>& rows,
                   const std::vector<std::size_t>& labels, const std::vector<std::string>& classes,
                   std::size_t of_each) {
    std::vector<std::vector<std::size_t>> members(classes.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        members[labels[i]].push_back(i);
    }
    for (std::size_t k = 0; k < of_each; ++k) {
        for (const auto& [label, images] : rows) {
            std::vector<SheetImage>& row = sheet.rows.emplace_back(classes.size());
            for (std::size_t c = 0; c < classes.size(); ++c) {
                if (k < members[c].size()) {
                    row[c].pixels = to_vector(images.row(members[c][k]));
                }
                if (k + 1 == of_each && label == rows.back().first) {
                    row[c].caption = classes[c];
                }
            }
            sheet.row_labels.push_back(label);
        }
    }
    draw_image_sheet(pictures, name, sheet);
}

void draw_mistakes(Pictures& pictures, const Matrix& X, const Matrix& Y,
                   const std::vector<std::size_t>& labels, const std::vector<std::string>& classes,
                   const PictureShape& shape) {
    constexpr std::size_t columns = 6, rows = 3;
    ImageSheet sheet;
    sheet.title = "The test images that are most wrongly taken";
    sheet.shape = shape;
    double surest = 0, least = 1;
    for (const std::size_t i : most_wrongly_taken(Y, labels, columns * rows)) {
        if (sheet.rows.empty() || sheet.rows.back().size() == columns) {
            sheet.rows.emplace_back();
        }
        const std::size_t taken = most_probable_class(Y.row(i));
        sheet.rows.back().push_back({to_vector(X.row(i)), {}, classes[labels[i]] + " → " + classes[taken]});
        surest = std::max(surest, static_cast<double>(Y(i, taken)));
        least = std::min(least, static_cast<double>(Y(i, taken)));
    }
    if (!sheet.rows.empty()) {
        sheet.note =
            text("Below each: what it is → what it is taken for, with %.1f to %.1f %% of the probability.",
                 100 * surest, 100 * least);
        draw_image_sheet(pictures, "wrong", sheet);
    }
}

}  // namespace hourglass
