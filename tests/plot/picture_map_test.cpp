#include "hourglass/plot/picture_map.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "hourglass/core/random.hpp"
#include "hourglass/data/image.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/plot/unit_pictures.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

double column_of(const PictureGrid& grid, std::size_t i) { return static_cast<double>(grid.place[i] % grid.columns); }
double row_of_place(const PictureGrid& grid, std::size_t i) { return static_cast<double>(grid.place[i] / grid.columns); }

}  // namespace

TEST_CASE("place_on_grid: every point has a place of its own on the grid") {
    Rng rng(1);
    Matrix Y = testing::random_matrix(300, 2, rng);
    for (std::size_t i = 0; i < 100; ++i) {
        std::ranges::copy(Y.row(0), Y.row(i).begin());  // a heap of points in one place
    }
    const PictureGrid grid = place_on_grid(Y);
    REQUIRE(grid.place.size() == 300);
    CHECK(std::set<std::size_t>(grid.place.begin(), grid.place.end()).size() == 300);
    CHECK(std::ranges::max(grid.place) < grid.columns * grid.rows);
    CHECK(grid.columns * grid.rows >= 600);
    CHECK(std::ranges::max(grid.moved) < 9);  // a hundred fill a circle of radius 5.6
}

TEST_CASE("place_on_grid: points that are far apart stay where they are, the first axis to the right, the second upward") {
    const PictureGrid grid = place_on_grid({{0, 0}, {10, 0}, {0, 10}, {10, 10}});
    CHECK(column_of(grid, 0) < column_of(grid, 1));
    CHECK(column_of(grid, 2) < column_of(grid, 3));
    CHECK(row_of_place(grid, 2) < row_of_place(grid, 0));
    CHECK(row_of_place(grid, 3) < row_of_place(grid, 1));
    CHECK(std::ranges::max(grid.moved) < 0.71);  // half the diagonal of a place
    const PictureGrid line = place_on_grid({{1, 5}, {2, 5}, {3, 5}});
    CHECK(std::set<std::size_t>(line.place.begin(), line.place.end()).size() == 3);
}

TEST_CASE("place_on_grid: where two want one place, it is the nearer one's, whatever their order") {
    const Matrix Y = {{0, 0}, {10, 10}, {0.0078125, 0.0078125}, {0, 10}, {10, 0}};
    Matrix reversed = Y;
    std::ranges::copy(Y.row(2), reversed.row(0).begin());
    std::ranges::copy(Y.row(0), reversed.row(2).begin());
    CHECK(place_on_grid(Y).place[0] == place_on_grid(reversed).place[2]);
    CHECK(place_on_grid(Y).place[2] == place_on_grid(reversed).place[0]);
}

TEST_CASE("picture_map_png: a picture is the means of squares of its pixels, on white") {
    const PictureGrid grid = {2, 2, {3, 0}, {0, 0}};
    const PictureShape shape = {2, 2, false, 0, 3};
    // The first image is red but for one black pixel; the second is black.
    const Matrix X = {{1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
    const testing::TemporaryFolder folder;
    const Vector whole = read_image(folder.write("whole.png", picture_map_png(grid, X, shape, 2)), 6, 3);
    const auto pixel = [&](std::size_t row, std::size_t column) {
        return std::vector<double>{static_cast<double>(whole[(row * 6 + column) * 3]),
                                   static_cast<double>(whole[(row * 6 + column) * 3 + 1])};
    };
    CHECK(pixel(0, 0) == std::vector<double>{-1, -1});
    CHECK(pixel(0, 2) == std::vector<double>{1, 1});  // a gap
    CHECK(pixel(0, 3) == std::vector<double>{1, 1});  // a place that is free
    CHECK(pixel(3, 3) == std::vector<double>{1, -1});
    CHECK(pixel(4, 4) == std::vector<double>{-1, -1});
    const Vector small = read_image(folder.write("small.png", picture_map_png(grid, X, shape, 1)), 4, 3);
    CHECK(static_cast<double>(small[(2 * 4 + 2) * 3]) == doctest::Approx(2 * 191 / 255.0 - 1).epsilon(1e-3));  // 3/4 red
    CHECK(small[(2 * 4 + 2) * 3 + 1] == -1);
}

TEST_CASE("draw_unit_ends: the lowest images, one image as the unit moves, and the highest images") {
    std::vector<std::unique_ptr<Layer>> net;
    net.push_back(std::make_unique<Dense>(1, 2));
    net.push_back(std::make_unique<Dense>(2, 1));
    Autoencoder model(std::move(net), 1);
    model.as<Dense>(2).W = {{0, 1}};  // shows its second unit
    Matrix codes(9, 2), X(9, 1);
    for (std::size_t i = 0; i < 9; ++i) {
        codes(i, 1) = static_cast<Scalar>(i < 8 ? 7 - static_cast<double>(i) : 3.5);  // of the last image it is the mean
        X(i, 0) = static_cast<Scalar>(100 + i);
    }
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_unit_ends(pictures, model, codes, X, {{1, "unit 2, its name"}}, {1, 1, false, 0});
    std::istringstream data(testing::bytes_of(folder.path() / "units.dat"));
    std::vector<double> values;
    for (std::string line, x, y, value; std::getline(data, line) && !line.empty();) {
        if (std::istringstream fields(line); line[0] != '#' && fields >> x >> y >> value && value != "nan") {
            values.push_back(std::stod(value));
        }
    }
    REQUIRE(values.size() == 4 + 7 + 4);
    CHECK(std::vector(values.begin(), values.begin() + 4) == std::vector<double>{107, 106, 105, 104});
    CHECK(std::vector(values.end() - 4, values.end()) == std::vector<double>{103, 102, 101, 100});
    const double deviation = std::sqrt(42.0 / 9);  // of 0 to 7 and 3.5
    for (std::size_t s = 0; s < 7; ++s) {
        CHECK(values[4 + s] == doctest::Approx(3.5 + (static_cast<double>(s) - 3) * deviation).epsilon(1e-4));
    }
    CHECK(testing::contains(testing::bytes_of(folder.path() / "units.gp"), "unit 2, its name"));
}

}  // namespace hourglass
