#include "hourglass/plot/variational_pictures.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/lines.hpp"
#include "hourglass/plot/novelty_pictures.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using Names = std::vector<std::string>;
using testing::contains;

const Matrix X = {{1, -1, 1}, {-1, 1, 1}, {0, 0, 0}};

/// Three samples of one pixel in three channels, or of three pixels in one.
PictureShape shape_of(std::size_t channels) {
    return {.width = 3 / channels, .height = 1, .ink_on_paper = channels == 1, .channels = channels};
}

}  // namespace

TEST_CASE("smoothed: the mean of an epoch and those before, as many as a hundredth of all") {
    CHECK(smoothed({4, 2, 6}) == std::vector<double>{4, 2, 6});
    std::vector<double> values(200, 1);
    values[10] = 4;
    const std::vector<double> means = smoothed(values);  // of three epochs
    REQUIRE(means.size() == 200);
    CHECK(means[0] == 1);
    CHECK(means[9] == doctest::Approx(1));
    CHECK(means[10] == doctest::Approx(2));
    CHECK(means[12] == doctest::Approx(2));
    CHECK(means[13] == doctest::Approx(1));
    CHECK(smoothed({}).empty());
}

TEST_CASE("distribution_line: what share of the values is below each") {
    std::vector<double> values;
    for (int i = 100; i > 0; --i) {
        values.push_back(i);
    }
    const Line line = distribution_line("a", values, true);
    CHECK(line.is_reference);
    REQUIRE(line.x.size() == line.y.size());
    for (std::size_t i = 0; i < line.x.size(); ++i) {
        CHECK(line.x[i] == line.y[i] + 1);  // p of the values 1 ... 100 are below p + 1
    }
    CHECK(line.y.back() == 98);
}

TEST_CASE("draw_image_sheet: colours are written as a screen has them, with white between the images") {
    const testing::TemporaryFolder folder;
    setenv("HOURGLASS_GNUPLOT", "", 1);
    Pictures pictures(folder.path(), "png");
    draw_image_sheet(pictures, "colours", tiled_sheet("Three", shape_of(3), X, 3));
    unsetenv("HOURGLASS_GNUPLOT");
    const std::string data = testing::bytes_of(folder.path() / "colours.dat");
    CHECK(contains(data, "\n0 0 255 0 255\n"));    // red and blue
    CHECK(contains(data, "\n1 0 255 255 255\n"));  // between
    CHECK(contains(data, "\n3 0 0 255 255\n"));    // green and blue
    CHECK(contains(data, "\n6 0 128 128 128\n"));
    CHECK(contains(testing::bytes_of(folder.path() / "colours.gp"), "with rgbimage"));
}

TEST_CASE("draw_distributions: the data hold a circle for each sigma of the prior and an ellipse for each code") {
    const testing::TemporaryFolder folder;
    setenv("HOURGLASS_GNUPLOT", "", 1);
    Pictures pictures(folder.path(), "png");
    const std::size_t widths[] = {3, 2};
    draw_distributions(pictures, "plane", "A plane", variational_autoencoder(widths, 1), shape_of(1), {{1, 2}, {0, 0}},
                       {{0.5, 0.25}, {0.125, 1}}, {"a", "b"}, {{0, 1}, {0, 1}});
    unsetenv("HOURGLASS_GNUPLOT");
    const std::string data = testing::bytes_of(folder.path() / "plane.dat");
    CHECK(contains(data, "\n0 0 2 2\n0 0 4 4\n"));       // centre, width and height
    CHECK(contains(data, "\n1 2 1 0.25\n0 0 0.5 2\n"));  // of the samples
}

TEST_CASE("variational pictures: all of them are drawn without a failure") {
    unsetenv("HOURGLASS_GNUPLOT");
    if (find_gnuplot().empty()) {
        MESSAGE("skipped: there is no gnuplot on this machine");
        return;
    }
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    const std::size_t widths[] = {3, 2};
    const Autoencoder model = variational_autoencoder(widths, 1);
    const Matrix codes = {{1, 2}, {0, 0}, {-1, 0}};
    draw_costs(pictures, "A title", "nats", {9, 8, 7}, {1, 2, 3}, 0.5, 1.1);
    draw_distributions(pictures, "latent", "A plane", model, shape_of(1), codes, {{1, 1, 1}, {1, 1, 2}}, {"a", "b", "c"},
                       std::vector<Normal>(2));
    draw_distributions(pictures, "plain", "A plane", model, shape_of(1), codes, {}, {"a", "b", "c"}, spread_of(codes));
    draw_image_sheet(pictures, "colours", tiled_sheet("Three", shape_of(3), X, 2));
    ImageSheet sheet;
    sheet.title = "New";
    sheet.shape = shape_of(3);
    const NearestRows neighbours = neighbours_of(X, X);
    add_new_images(sheet, "new", X, X, neighbours, 1, 3, [](std::size_t) { return "it's"; });
    CHECK(sheet.row_labels == Names{"new", "nearest"});
    draw_image_sheet(pictures, "new", sheet);
    draw_distances(pictures, "distances", X, {{"new", &neighbours}, {"none", nullptr}});
    for (const std::string& failure : pictures.failures()) {
        FAIL_CHECK(failure);
    }
    CHECK(pictures.names().size() == 6);
}

}  // namespace hourglass
