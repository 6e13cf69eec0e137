#include "hourglass/plot/unit_pictures.hpp"

#include <algorithm>
#include <numeric>

#include "hourglass/analysis/variational.hpp"
#include "hourglass/plot/latent_pictures.hpp"

namespace hourglass {
namespace {

constexpr std::size_t at_an_end = 4, steps = 7;

/// The rows of the codes, those lowest in a unit first.
std::vector<std::size_t> rows_by_unit(const Matrix& codes, std::size_t unit) {
    std::vector<std::size_t> order(codes.rows());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return codes(i, unit); });
    return order;
}

/// The mean code, with one unit moved.
Matrix moved_codes(const std::vector<Normal>& spread, std::size_t unit) {
    Matrix moved(steps, spread.size());
    for (std::size_t s = 0; s < steps; ++s) {
        for (std::size_t j = 0; j < spread.size(); ++j) {
            const double by = j == unit ? static_cast<double>(s) - (steps - 1) / 2 : 0;
            moved(s, j) = static_cast<Scalar>(spread[j].mean + by * spread[j].deviation);
        }
    }
    return moved;
}

}  // namespace

void draw_unit_ends(Pictures& pictures, const Autoencoder& model, const Matrix& codes, const Matrix& X,
                    const std::vector<std::pair<std::size_t, std::string>>& units, const PictureShape& shape) {
    const std::vector<Normal> spread = spread_of(codes);
    ImageSheet sheet;
    sheet.title = "What units of the code mean: images at both ends, and one image as this unit alone moves";
    sheet.note = "Left and right: the images whose codes are lowest and highest in it. Between: the decoded mean code, "
                 "moved from -3 to 3 standard deviations.";
    sheet.shape = shape;
    for (const auto& [unit, label] : units) {
        const std::vector<std::size_t> order = rows_by_unit(codes, unit);
        const Matrix decoded = model.decode(moved_codes(spread, unit));
        std::vector<SheetImage>& row = sheet.rows.emplace_back(2 * at_an_end + steps + 2);  // two gaps
        for (std::size_t k = 0; k < at_an_end; ++k) {
            row[k].pixels = to_vector(X.row(order[k]));
            row[row.size() - 1 - k].pixels = to_vector(X.row(order[order.size() - 1 - k]));
        }
        for (std::size_t s = 0; s < steps; ++s) {
            row[at_an_end + 1 + s].pixels = to_vector(decoded.row(s));
        }
        sheet.row_labels.push_back(label);
    }
    draw_image_sheet(pictures, "units", sheet);
}

}  // namespace hourglass
