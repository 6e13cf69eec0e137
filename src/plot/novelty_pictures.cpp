#include "hourglass/plot/novelty_pictures.hpp"

#include "hourglass/io/formatting.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/lines.hpp"

namespace hourglass {

void add_new_images(ImageSheet& sheet, const std::string& label, const Matrix& images, const Matrix& X,
                    const NearestRows& neighbours, std::size_t rows, std::size_t columns,
                    const std::function<std::string(std::size_t)>& caption) {
    const SheetRow nearest{"nearest", [&](std::size_t i) {
                               const auto x = X.row(neighbours.nearest[i]);
                               return SheetImage{{x.begin(), x.end()}, {}, caption(i)};
                           }};
    add_rows(sheet, rows * columns, columns, {sheet_row(label, images), nearest});
}

void draw_distances(Pictures& pictures, const std::string& name, const Matrix& X,
                    const std::vector<std::pair<std::string, const NearestRows*>>& sorts) {
    const NearestRows within = neighbours_within(X);
    const Limits limits = limits_of(within);
    std::vector<Line> lines;
    for (const auto& [label, neighbours] : sorts) {
        if (neighbours) {
            lines.push_back(distribution_line(label, neighbours->distance));
        }
    }
    lines.push_back(distribution_line("the set's own, from another", within.distance, true));
    lines.push_back({text("a copy: less than %.4f", limits.copy), {limits.copy, limits.copy}, {0, 100}, true});
    lines.push_back({text("near: less than %.4f", limits.near), {limits.near, limits.near}, {0, 100}, true});
    draw_lines(pictures, name,
               {.title = "How far images are from the nearest one of the set",
                .x_label = axis::squared_difference,
                .y_label = "images that are nearer (%)",
                .y_max = 100},
               lines);
}

}  // namespace hourglass
