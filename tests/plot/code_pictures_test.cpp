#include "hourglass/plot/code_pictures.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/plot/class_pictures.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

const PictureShape shape{2, 1, false, 0};  // images of two pixels
const std::vector<std::string> classes = {"shoe", "hat", "coat"};

/// Two units: the first makes the left pixel, the second takes from the right one twice.
Autoencoder two_units() {
    std::vector<std::unique_ptr<Layer>> layers;
    layers.push_back(std::make_unique<Dense>(2, 2));
    layers.push_back(std::make_unique<Dense>(2, 2));
    Autoencoder model(std::move(layers), 1);
    model.as<Dense>(1).W = {{1, 0}, {0, 1}};
    model.as<Dense>(2).W = {{1, 0}, {0, -2}};
    return model;
}

/// The values that a sheet draws, in the order of its rows, without the gaps.
std::vector<double> drawn(const testing::TemporaryFolder& folder, const std::string& name) {
    std::istringstream data(testing::bytes_of(folder.path() / (name + ".dat")));
    std::vector<double> values;
    for (std::string line; std::getline(data, line) && !line.empty();) {
        std::istringstream fields(line);
        std::string x, y, value;
        if (line[0] != '#' && fields >> x >> y >> value && value != "nan") {
            values.push_back(std::stod(value));
        }
    }
    return values;
}

std::string script(const testing::TemporaryFolder& folder, const std::string& name) {
    return testing::bytes_of(folder.path() / (name + ".gp"));
}

}  // namespace

TEST_CASE("draw_code_units: the unit that varies most comes first, each scaled to what it changes most") {
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_code_units(pictures, two_units(), {{1, 10}, {2, 20}, {3, 30}}, shape);
    CHECK(drawn(folder, "units") == std::vector<double>{0, -1, 1, 0});
    CHECK(testing::contains(script(folder, "units"), "set cbrange [-1:1]"));
    draw_code_units(pictures, two_units(), {{1, 1}, {1, 1}}, shape);  // units that never change
    CHECK(drawn(folder, "units") == std::vector<double>{0, 0, 0, 0});
}

TEST_CASE("draw_prior: a plane of 400 codes and 100 samples, black at 0") {
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_prior(pictures, two_units(), {{0, 0}, {1, 1}, {2, 0}}, shape, 1);
    CHECK(drawn(folder, "plane").size() == 2 * 400);
    CHECK(drawn(folder, "samples").size() == 2 * 100);
    CHECK(testing::contains(script(folder, "plane"), "set cbrange [0:1]"));
}

TEST_CASE("draw_code_lines: ten steps between two images, which stand at the ends") {
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_code_lines(pictures, two_units(), {{0, 0}, {1, 1}, {9, 0}}, {{0, 2}}, shape);
    const std::vector<double> values = drawn(folder, "transitions");
    REQUIRE(values.size() == 2 * 12);
    CHECK(values[2] == 0);
    CHECK(values[4] == doctest::Approx(1));  // of the way from 0 to 9, in nine steps
    CHECK(values[20] == doctest::Approx(9));
    CHECK(values[22] == 9);
    const testing::TemporaryFolder none;
    Pictures nothing(none.path(), "png");
    draw_code_lines(nothing, two_units(), {{0, 0}}, {}, shape);
    CHECK(none.names().empty());
}

TEST_CASE("draw_codes_by_class: each point with its class, and each class with its name") {
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_codes_by_class(pictures, {{1, 2}, {3, 4}, {-5, 6}}, {0, 2, 0}, classes);
    const std::string data = testing::bytes_of(folder.path() / "codes.dat");
    CHECK(testing::contains(data, "shoe: x, y\n1 2\n-5 6\n"));
    CHECK(testing::contains(data, "coat: x, y\n3 4\n"));
    CHECK(testing::contains(data, "\n-2 4 \"shoe\"\n3 4 \"coat\"\n"));  // a hat has no code to stand at
}

TEST_CASE("draw_by_class: a column for each class, with gaps where one has no more images") {
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    ImageSheet sheet;
    sheet.shape = shape;
    const Matrix X = {{0.125, 0.25}, {0.375, 0.4375}, {0.5, 0.625}};
    const Matrix Y = {{0.75, 0.75}, {0.875, 0.875}, {0.9375, 0.9375}};
    draw_by_class(pictures, "classes", sheet, {{"original", X}, {"copy", Y}}, {1, 0, 1}, classes, 2);
    std::vector<double> values = drawn(folder, "classes");
    // First image of classes 0 and 1, their copies, then the second of class 1 and its copy.
    const std::vector<double> expected = {0.375, 0.4375, 0.125,  0.25,   0.875, 0.875,
                                          0.75,  0.75,   0.5, 0.625, 0.9375, 0.9375};
    REQUIRE(values.size() == expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        CHECK(values[i] == doctest::Approx(expected[i]).epsilon(1e-5));
    }
    CHECK(testing::contains(testing::bytes_of(folder.path() / "classes.dat"), "coat"));
}

TEST_CASE("draw_mistakes: the surest mistakes with both names, and nothing where there are none") {
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    const Matrix X = {{0, 1}, {1, 0}}, Y = {{0.25, 0.75, 0}, {0, 0, 1}};
    draw_mistakes(pictures, X, Y, {1, 2}, classes, shape);
    CHECK(folder.names().empty());
    draw_mistakes(pictures, X, Y, {0, 2}, classes, shape);
    CHECK(testing::contains(testing::bytes_of(folder.path() / "wrong.dat"), "shoe → hat"));
    CHECK(testing::contains(script(folder, "wrong"), "75.0 to 75.0 %"));
}

}  // namespace hourglass
