#include "hourglass/plot/picture_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/data/png.hpp"

namespace hourglass {
namespace {

struct Point {
    double x = 0, y = 0;  // in places, from the top left corner of the grid
};

/// The points in units of places, all of them on the grid.
std::vector<Point> on_grid(const Matrix& Y, const LatentBox& box, const PictureGrid& grid) {
    std::vector<Point> points;
    const auto columns = static_cast<double>(grid.columns), rows = static_cast<double>(grid.rows);
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        points.push_back({(static_cast<double>(Y(i, 0)) - box.x_min) / box.width() * columns,
                          (box.y_max - static_cast<double>(Y(i, 1))) / box.height() * rows});
    }
    return points;
}

double distance(const Point& point, std::size_t row, std::size_t column) {
    return std::hypot(point.x - static_cast<double>(column) - 0.5, point.y - static_cast<double>(row) - 0.5);
}

/// The nearest free place. It looks at squares of growing size until all beyond are farther than what was found.
struct Search {
    const PictureGrid& grid;
    const std::vector<bool>& taken;

    std::size_t nearest(const Point& point, double& moved) const {
        const std::size_t row = inside(point.y, grid.rows), column = inside(point.x, grid.columns);
        std::size_t best = taken.size();
        moved = INFINITY;
        for (std::size_t reach = 0; static_cast<double>(reach) < moved + 1; ++reach) {
            for (std::size_t r = row - std::min(row, reach); r <= std::min(row + reach, grid.rows - 1); ++r) {
                for (std::size_t c = column - std::min(column, reach);
                     c <= std::min(column + reach, grid.columns - 1); ++c) {
                    const double to = distance(point, r, c);
                    if (!taken[r * grid.columns + c] && to < moved) {
                        moved = to;
                        best = r * grid.columns + c;
                    }
                }
            }
        }
        return best;
    }

    static std::size_t inside(double x, std::size_t size) {
        return std::min(static_cast<std::size_t>(std::max(x, 0.0)), size - 1);
    }
};

/// The mean of the square of pixels that becomes pixel (row, column) of the smaller picture, as 0 to 255.
std::uint8_t averaged(std::span<const Scalar> image, const PictureShape& shape, std::size_t factor,
                      std::size_t row, std::size_t column, std::size_t channel) {
    double sum = 0;
    for (std::size_t r = row * factor; r < (row + 1) * factor; ++r) {
        for (std::size_t c = column * factor; c < (column + 1) * factor; ++c) {
            sum += static_cast<double>(image[(r * shape.width + c) * shape.channels + channel]);
        }
    }
    const double mean = sum / static_cast<double>(factor * factor);
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp((mean - shape.lowest) / (1 - shape.lowest), 0.0, 1.0)));
}

}  // namespace

PictureGrid place_on_grid(const Matrix& Y) {
    assert(Y.rows() > 0 && Y.cols() == 2);
    const LatentBox box = bounding_box(Y, 0.01);
    const double places = 2 * static_cast<double>(Y.rows());
    PictureGrid grid;
    grid.columns = static_cast<std::size_t>(std::ceil(std::sqrt(places * box.width() / box.height())));
    grid.rows = static_cast<std::size_t>(std::ceil(places / static_cast<double>(grid.columns)));
    const std::vector<Point> points = on_grid(Y, box, grid);
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) {
        return distance(points[i], Search::inside(points[i].y, grid.rows), Search::inside(points[i].x, grid.columns));
    });
    std::vector<bool> taken(grid.columns * grid.rows);
    grid.place.resize(points.size());
    grid.moved.resize(points.size());
    for (const std::size_t i : order) {
        grid.place[i] = Search{grid, taken}.nearest(points[i], grid.moved[i]);
        taken[grid.place[i]] = true;
    }
    return grid;
}

std::string picture_map_png(const PictureGrid& grid, const Matrix& X, const PictureShape& shape, std::size_t side) {
    const std::size_t factor = std::max<std::size_t>(1, shape.width / side);
    const std::size_t columns = shape.width / factor, rows = shape.height / factor, gap = 1 + columns / 16;
    const std::size_t width = grid.columns * (columns + gap), height = grid.rows * (rows + gap);
    std::vector<std::uint8_t> rgb(width * height * 3, 255);
    for (std::size_t i = 0; i < X.rows(); ++i) {
        const std::size_t y0 = grid.place[i] / grid.columns * (rows + gap);
        const std::size_t x0 = grid.place[i] % grid.columns * (columns + gap);
        for (std::size_t p = 0; p < columns * rows; ++p) {
            std::uint8_t* const pixel = &rgb[((y0 + p / columns) * width + x0 + p % columns) * 3];
            for (std::size_t k = 0; k < 3; ++k) {
                pixel[k] = averaged(X.row(i), shape, factor, p / columns, p % columns, std::min(k, shape.channels - 1));
            }
        }
    }
    return png_bytes(rgb, width, height);
}

}  // namespace hourglass
