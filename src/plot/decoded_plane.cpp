#include "decoded_plane.hpp"

#include "hourglass/core/text.hpp"

namespace hourglass {

std::string DecodedPlane::block(const Matrix& images) const {
    const std::size_t cell_width = shape.width + 1;
    const std::size_t cell_height = shape.height + 1;
    std::string block = "# the decoded plane, row after row from the top\n";
    for (std::size_t y = 0; y < rows * cell_height; ++y) {
        for (std::size_t x = 0; x < columns * cell_width; ++x) {
            const std::size_t cell = (y / cell_height) * columns + x / cell_width;
            const std::size_t column = x % cell_width;
            const std::size_t row = y % cell_height;
            const bool inside = column < shape.width && row < shape.height;
            const double value =
                inside ? static_cast<double>(images(cell, row * shape.width + column)) : -1;
            block += (x == 0 ? "" : " ") + to_text(value, 3);
        }
        block += "\n";
    }
    return block + "\n\n";
}

std::string DecodedPlane::plot(const LatentBox& box, std::size_t index) const {
    const double dx = box.width() / static_cast<double>(columns * (shape.width + 1));
    const double dy = box.height() / static_cast<double>(rows * (shape.height + 1));
    return "DATA index " + std::to_string(index) + " matrix using (" + to_exact_text(box.x_min) +
           " + ($1 + 0.5) * " + to_exact_text(dx) + "):(" + to_exact_text(box.y_max) +
           " - ($2 + 0.5) * " + to_exact_text(dy) + "):3 with image pixels";
}

}  // namespace hourglass
