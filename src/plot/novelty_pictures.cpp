#include "hourglass/plot/novelty_pictures.hpp"

#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass {

void add_new_images(ImageSheet& sheet, const std::string& label, const Matrix& images, const Matrix& X,
                    const Neighbours& neighbours, std::size_t rows, std::size_t columns,
                    const std::function<std::string(std::size_t)>& caption) {
    const SheetRow nearest{"nearest", [&](std::size_t i) {
                               const auto x = X.row(neighbours.nearest[i]);
                               return SheetImage{{x.begin(), x.end()}, {}, caption(i)};
                           }};
    add_rows(sheet, rows * columns, columns, {sheet_row(label, images), nearest});
}

void draw_distances(Pictures& pictures, const std::string& name, const Matrix& X,
                    const std::vector<std::pair<std::string, const Neighbours*>>& sorts) {
    const Neighbours within = neighbours_within(X);
    const Limits limits = limits_of(within);
    std::vector<Line> lines;
    for (const auto& [label, neighbours] : sorts) {
        if (neighbours) {
            lines.push_back(distribution_line(label, neighbours->distance));
        }
    }
    lines.push_back(distribution_line("the set's own, from another", within.distance, true));
    draw_lines(pictures, name,
               {.title = text("How far from the nearest image: near is less than %.4f, a copy less than %.4f",
                              limits.near, limits.copy),
                .x_label = axis::squared_difference,
                .y_label = "images that are nearer (%)",
                .y_max = 100},
               lines);
}

}  // namespace hourglass
