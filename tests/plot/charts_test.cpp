#include <doctest/doctest.h>
#include <stdlib.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <sstream>

#include "hourglass/plot/animation.hpp"
#include "hourglass/plot/attractor_map.hpp"
#include "hourglass/plot/axes.hpp"
#include "hourglass/plot/confusion_matrix.hpp"
#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/latent_map.hpp"
#include "hourglass/plot/lines.hpp"
#include "hourglass/plot/scatter.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using Names = std::vector<std::string>;
using testing::contains;

const Names labels = {"a", "\"", "it's `%`"};
const Matrix codes = {{0, 0}, {1, 1}, {2, 0}};

AttractorMap small_map() {
    return {bounding_box(codes), 3, 2, {0, 0, 1, 1, 1, 1}, {2.0 / 6, 4.0 / 6, 0}};
}

Animation small_animation(bool with_planes) {
    Animation animation;
    animation.title = "An animation";
    animation.labels = labels;
    animation.shape = {2, 1, true};
    animation.columns = 2;
    animation.rows = 2;
    for (const char* caption : {"epoch 1", "epoch 'two'", "epoch 3"}) {
        animation.frames.push_back({codes, caption, with_planes ? Matrix(4, 2) : Matrix()});
    }
    return animation;
}

/// Draws with the gnuplot of this machine; false, and a message, where there is none.
bool gnuplot_is_there() {
    unsetenv("HOURGLASS_GNUPLOT");
    if (find_gnuplot().empty()) {
        MESSAGE("skipped: there is no gnuplot on this machine");
        return false;
    }
    return true;
}

void check_no_failures(const Pictures& pictures) {
    for (const std::string& failure : pictures.failures()) {
        FAIL_CHECK(failure);
    }
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

/// What gnuplot complains about when it redraws NAME.gp; empty if it does not.
std::string complaints(const std::filesystem::path& folder, const std::string& name) {
    const std::string command = "cd '" + folder.string() + "' && '" + find_gnuplot() + "' " + name +
                                ".gp 2>complaints";
    CHECK(std::system(command.c_str()) == 0);
    return testing::bytes_of(folder / "complaints");
}

}  // namespace

TEST_CASE("maps: all of them are drawn and gnuplot has nothing to complain about") {
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_attractor_map(pictures, "attractors", "Who's where", small_map(), codes, labels);
    draw_attractor_map(pictures, "one", "One", {bounding_box(codes), 2, 2, {0, 0, 0, 0}, {1}}, {{0, 0}}, {"a"});
    draw_confusion(pictures, "confusion", "Who's who", {{3, 1, 0}, {0, 4, 0}, {2, 2, 0}}, labels, "it's");
    draw_confusion(pictures, "never", "No confusion", {{3, 0, 0}, {0, 4, 0}, {0, 0, 0}}, labels);
    const ScatterChart chart{"A chart", "x", "it's y", "rho = 0.1", true, true};
    const std::vector<double> x = {1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9}, y = {0, 1, 0, 2, 3, 4, 0, 0, 0.1, 1, 0};
    draw_scatter_panels(pictures, "scatter", "", {{chart, {{"a", x, y}}}});
    draw_scatter_panels(pictures, "panels", "Two", {{chart, {{"a", x, y}, {"b", {1}, {2}}}},
                                                    {{"Linear", "x", "y", "", false, false}, {{"c", x, y}}}});
    draw_scatter_panels(pictures, "zeros", "", {{chart, {{"a", {1, 2}, {0, 0}}}}});
    check_no_failures(pictures);
    CHECK(pictures.names() == Names{"attractors.png", "one.png", "confusion.png", "never.png", "scatter.png",
                                    "panels.png", "zeros.png"});
    for (const std::string name : {"attractors", "one", "confusion", "never", "scatter", "panels", "zeros"}) {
        CAPTURE(name);
        CHECK(complaints(folder.path(), name) == "");
    }
}

TEST_CASE("draw_attractor_map: the data hold the owners the codes and the shares by size") {
    setenv("HOURGLASS_GNUPLOT", "", 1);
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_attractor_map(pictures, "map", "title", small_map(), codes, labels);
    unsetenv("HOURGLASS_GNUPLOT");
    const std::string data = testing::bytes_of(folder.path() / "map.dat");
    CHECK(contains(data, "\n0 0 1\n1 1 1\n"));
    CHECK(contains(data, "\n2 0 \"it's `%`\"\n"));
    CHECK(contains(data, "\n0 66.6667 1 \"\\\"\" \"66.7 %\"\n1 33.3333 0 \"a\" \"33.3 %\"\n2 0 2 "));
    // Two edges: between the two in the first row, and below the first two of it.
    const std::string edges = data.substr(data.find("# edges"), data.find("# codes") - data.find("# edges"));
    CHECK(count(edges, "\n") == 2 + 3 + 2);  // header, a point off the map, three edges, two empty lines
}

TEST_CASE("draw_confusion: the data hold the share of each row and not the diagonal among the cells") {
    setenv("HOURGLASS_GNUPLOT", "", 1);
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_confusion(pictures, "map", "title", {{3, 1, 0}, {0, 4, 0}, {2, 1, 1}}, labels, "a note");
    unsetenv("HOURGLASS_GNUPLOT");
    const std::string data = testing::bytes_of(folder.path() / "map.dat");
    CHECK(data.substr(0, data.find("\n\n")) ==
          "# column, row, share of the row in percent\n-99 -99 0\n1 0 25\n0 2 50\n1 2 25");
    CHECK(contains(data, "\n0 75\n1 100\n2 25\n"));
    const std::string script = testing::bytes_of(folder.path() / "map.gp");
    CHECK(contains(script, "set cbrange [0:50]"));
    CHECK(contains(script, "'a note'"));
}

TEST_CASE("draw_scatter_panels: the mean of about a tenth of the points does not split those of one x") {
    setenv("HOURGLASS_GNUPLOT", "", 1);
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    ScatterGroup group{"a", {}, {}};
    for (int i = 0; i < 20; ++i) {
        group.x.push_back(i < 10 ? 1 : i);
        group.y.push_back(i < 10 ? i : 7);
    }
    draw_scatter_panels(pictures, "mean", "", {{{"title", "x", "y", "", false, true}, {group}}});
    unsetenv("HOURGLASS_GNUPLOT");
    const std::string data = testing::bytes_of(folder.path() / "mean.dat");
    const std::size_t means = data.find("# mean");
    REQUIRE(means != std::string::npos);
    CHECK(contains(data.substr(means), "\n1 4.5\n"));
    CHECK(contains(data.substr(means), " 7\n"));
}

TEST_CASE("bounding_box: of frames is around the codes of all of them") {
    const LatentBox box = bounding_box({{{{0, 0}, {2, 1}}, "", {}}, {{{1, -3}, {1, 1}}, "", {}}}, 0.5);
    CHECK(box.x_min == -1);
    CHECK(box.x_max == 3);
    CHECK(box.y_min == -5);
    CHECK(box.y_max == 3);
}

TEST_CASE("draw_animation: makes a gif of all frames whatever the format of the others") {
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    for (const bool with_planes : {false, true}) {
        Pictures pictures(folder.path(), with_planes ? "svg" : "png");
        draw_animation(pictures, "animation", small_animation(with_planes));
        check_no_failures(pictures);
        CHECK(pictures.names() == Names{"animation.gif"});
        CHECK(folder.names() == Names{"animation.dat", "animation.gif", "animation.gp"});
        const std::string bytes = testing::bytes_of(folder.path() / "animation.gif");
        REQUIRE(bytes.size() > 1000);
        CHECK(bytes.substr(0, 6) == "GIF89a");
        CHECK(bytes.back() == ';');                                   // it is whole
        CHECK(contains(bytes, "NETSCAPE2.0"));                        // it repeats
        CHECK(count(bytes, std::string("\x21\xf9\x04", 3)) >= 3);     // a frame each
        CHECK(count(testing::bytes_of(folder.path() / "animation.gp"), "epoch ''two''") == 1);
    }
    CHECK(contains(complaints(folder.path(), "animation"), "frames in animation"));
    CHECK(count(testing::bytes_of(folder.path() / "complaints"), "warning") == 0);
}

TEST_CASE("draw_animation: without gnuplot there are the data and the script") {
    setenv("HOURGLASS_GNUPLOT", "", 1);
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_animation(pictures, "animation", small_animation(true));
    unsetenv("HOURGLASS_GNUPLOT");
    CHECK(folder.names() == Names{"animation.dat", "animation.gp"});
    CHECK(pictures.names().empty());
    CHECK(pictures.failures().empty());
}

namespace {

/// What a chart leaves where there is no gnuplot.
struct Drawn {
    std::string data, script;
};
template <typename Draw>
Drawn drawn(const Draw& draw) {
    setenv("HOURGLASS_GNUPLOT", "", 1);
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw(pictures);
    unsetenv("HOURGLASS_GNUPLOT");
    return {testing::bytes_of(folder.path() / "chart.dat"), testing::bytes_of(folder.path() / "chart.gp")};
}

LatentMap map_of(const Matrix& X) {
    LatentMap map{"Who's where", {2, 1, true}, bounding_box(X), 2, 2, Matrix(4, 2), X, {}};
    for (std::size_t i = 0; i < X.rows(); ++i) {
        map.labels.push_back("n" + std::to_string(i));
    }
    return map;
}

Matrix crowd(std::size_t n) {  // most of them around one place, and two far away
    Matrix X(n, 2);
    for (std::size_t i = 0; i < n; ++i) {
        X(i, 0) = static_cast<Scalar>(std::sin(static_cast<double>(i) * 1.3) * 0.4);
        X(i, 1) = static_cast<Scalar>(std::cos(static_cast<double>(i * i)) * 0.4);
    }
    X(0, 0) = X(0, 1) = -3;
    X(1, 0) = X(1, 1) = 3;
    return X;
}

}  // namespace

TEST_CASE("draw_curves: of a million epochs some two thousand are written and no peak is lost") {
    std::vector<double> errors(1'000'000);
    for (std::size_t e = 0; e < errors.size(); ++e) {
        errors[e] = 1000.0 / (1000.0 + static_cast<double>(e));
    }
    errors[123'456] = 77;
    errors[654'321] = 1e-5;
    const Drawn chart = drawn([&](Pictures& p) {
        draw_curves(p, "chart", {"t", "y", "", ""}, {{"a\nb", errors, {}, {}, {}}});
    });
    CHECK(count(chart.data, "\n") < 2100);
    CHECK(contains(chart.data, "\n1 1\n"));
    CHECK(contains(chart.data, "\n123457 77\n"));
    CHECK(contains(chart.data, "\n654322 1e-05\n"));
    CHECK(contains(chart.data, "\n1000000 0.000999"));
    CHECK(contains(chart.data, "# a?b:"));  // a name of two lines does not become data
    CHECK(contains(chart.script, "lowest: 1e-05 at epoch 654322"));
}

TEST_CASE("draw_stacked_curves: a criterion leaves a mark and so does one that was never met") {
    const std::vector<double> values = {4, 3, 2, 1};
    const auto chart = [&](std::optional<double> met) {
        CurveChart error{"", "error", "", ""}, wrong{"", axis::wrong_pixels, "all letters", ""};
        wrong.log_scale = wrong.mark_lowest = false;
        return drawn([&](Pictures& p) {
            draw_stacked_curves(p, "chart", "t", {{error, {{"e", values, {}, {}, {}}}},
                                                  {wrong, {{"w", values, {}, {}, met}}}});
        });
    };
    const std::string met = chart(3).script, never = chart({}).script;
    CHECK(contains(met, "'all letters: epoch 3'"));
    CHECK(count(met, "set arrow from 3, graph 0 to 3, graph 1") == 1);
    CHECK(contains(never, "'never met: all letters'"));
    CHECK_FALSE(contains(never, "set arrow from"));
    for (const std::string& script : {met, never}) {
        CHECK(count(script, "plot DATA") == 2);
        CHECK(count(script, "set xrange [0:4]") == 2);  // one time under the other
        CHECK(contains(script, "set ylabel 'wrong pixels in all letters'"));
    }
}

TEST_CASE("draw_curves: the key is below the chart and a narrow logarithmic axis has numbers") {
    const std::string name(60, 'x');
    const Drawn curves = drawn([&](Pictures& p) {
        draw_curves(p, "chart", {"t", "y", "", ""},
                    {{name, {9, 6, 5}, {}, {}, {}}, {"b", {9, 8, 7}, {}, {}, {}}});
    });
    CHECK(contains(curves.script, "set ytics (4, 5, 6, 7, 8, 9, 10)"));
    CHECK(contains(curves.script, "dashtype 2"));  // not by colour alone
    const Drawn lines = drawn([&](Pictures& p) {
        draw_lines(p, "chart", {"t", "x", "y"}, {{name, {1, 2}, {3, 4}}, {"b\nc", {1, 2}, {3, 5}}});
    });
    CHECK(contains(lines.data, "# b?c:"));
    for (const Drawn& chart : {curves, lines}) {
        CHECK(contains(chart.script, "set key at screen 0.5, screen 0.015 center bottom"));
        CHECK_FALSE(contains(chart.script, "outside"));
    }
}

TEST_CASE("draw_curve_panels: a long label of the y axis stands once for all panels and in two lines") {
    const std::string label = "mean squared error (of pixels in [0, 1]) + beta KL";
    const Curve curve{"a", {2, 1}, {}, {}, {}};
    const auto panels = [&](const std::vector<Curve>& curves) {
        return drawn([&](Pictures& p) { draw_curve_panels(p, "chart", {.title = "t", .y_label = label, .mark_label = "", .band_label = ""}, curves); }).script;
    };
    const std::string one_row = panels({curve, curve}), two_rows = panels({curve, curve, curve, curve});
    CHECK(contains(one_row, "set label 'mean squared error (of pixels in [0, 1])' . \"\\n\" . '+ beta KL' at screen"));
    CHECK(contains(two_rows, "set label '" + label + "' at screen"));
    CHECK(one_row.find("beta KL") == one_row.rfind("beta KL"));
    CHECK(contains(one_row, "at epoch 2' at 2, 1 right"));  // beside the last point, not beyond it
    const Drawn stacked = drawn([&](Pictures& p) {
        draw_stacked_curves(p, "chart", "t", {{{.title = "", .y_label = label, .mark_label = "", .band_label = ""}, {curve}}});
    });
    CHECK(contains(stacked.script, "(of pixels in [0, 1])' . \"\\n\" . '+ beta KL'"));
}

TEST_CASE("draw_lines: what has no number has no name in the key either") {
    const Drawn chart = drawn([&](Pictures& p) {
        draw_lines(p, "chart", {"t", "x", "y"}, {{"diverged", {1, 2}, {NAN, NAN}}, {"b", {1, 2}, {NAN, 5}}});
    });
    CHECK_FALSE(contains(chart.script + chart.data, "diverged"));
    CHECK(contains(chart.script, "title 'b'"));
}

TEST_CASE("draw_latent_map: no name covers another and those left out are counted") {
    const LatentMap map = map_of(crowd(300));
    const Drawn chart = drawn([&](Pictures& p) { draw_latent_map(p, "chart", map); });
    std::istringstream block(chart.data.substr(chart.data.find("# labels")));
    std::string line, name;
    std::getline(block, line);
    std::vector<std::pair<double, double>> places;
    double x, y;
    const double to_x = 0.87 * 1080 / map.box.width(), to_y = 0.86 * 1040 / map.box.height();
    while (block >> x >> y >> name && x > -1e299) {
        for (const auto& [other_x, other_y] : places) {
            CHECK((std::abs(x * to_x - other_x) >= 24 || std::abs(y * to_y - other_y) >= 19));
        }
        places.emplace_back(x * to_x, y * to_y);
    }
    CHECK(places.size() > 5);
    REQUIRE(places.size() < 300);
    CHECK(contains(chart.script, std::to_string(300 - places.size()) + " of 300 names are left out"));
    const Drawn few = drawn([&](Pictures& p) { draw_latent_map(p, "chart", map_of(codes)); });
    CHECK_FALSE(contains(few.script, "left out"));
}

TEST_CASE("maps: a plane of codes that nearly agree keeps its width and its axes their names") {
    Matrix close = {{Scalar(-0.1213661), 1000}, {Scalar(-0.1213662), Scalar(1000.0001)}, {Scalar(-0.1213663), 1000}};
    const AttractorMap attractors{bounding_box(close), 3, 2, {0, 0, 1, 1, 1, 1}, {2.0 / 6, 4.0 / 6, 0}};
    Animation animation{.title = "t", .labels = labels, .frames = {{close, "epoch 1", {}}}};
    for (const auto& draw : std::vector<std::function<void(Pictures&)>>{
             [&](Pictures& p) { draw_latent_map(p, "chart", map_of(close)); },
             [&](Pictures& p) { draw_attractor_map(p, "chart", "t", attractors, close, labels); },
             [&](Pictures& p) { draw_animation(p, "chart", animation); }}) {
        const std::string script = drawn(draw).script;
        const std::size_t at = script.find("set xrange [") + 12;
        double low = 0, high = 0;
        CHECK(std::sscanf(script.c_str() + at, "%lf:%lf", &low, &high) == 2);
        CHECK(low < high);
        CHECK(low < -0.1213662);
        CHECK(contains(script, std::string("set xlabel '") + axis::first_latent + "'"));
        CHECK(contains(script, std::string("set ylabel '") + axis::second_latent + "'"));
        if (gnuplot_is_there()) {
            const testing::TemporaryFolder folder;
            Pictures pictures(folder.path(), "png");
            draw(pictures);
            check_no_failures(pictures);
        }
    }
}

TEST_CASE("draw_attractor_map: three thousand samples are drawn") {
    if (!gnuplot_is_there()) {
        return;
    }
    const Matrix many = crowd(3000);
    AttractorMap map{bounding_box(many), 60, 50, {}, std::vector<double>(3000, 1.0 / 3000)};
    for (std::size_t p = 0; p < 3000; ++p) {
        map.owner.push_back(p);
    }
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_attractor_map(pictures, "many", "Many", map, many, map_of(many).labels);
    check_no_failures(pictures);
    CHECK(complaints(folder.path(), "many") == "");
    CHECK(contains(testing::bytes_of(folder.path() / "many.gp"), "the 20 largest and smallest of 3000"));
}

TEST_CASE("median_curve: has the quartiles for its band and is empty of no curves") {
    const std::vector<double> a = {1, 10}, b = {2, 30}, c = {3, 20};
    const Curve curve = median_curve("median", {&a, &b, &c});
    CHECK(curve.values == std::vector<double>{2, 20});
    CHECK(curve.low == std::vector<double>{1, 10});
    CHECK(curve.high == std::vector<double>{3, 30});
    CHECK(median_curve("none", {}).values.empty());
}

TEST_CASE("add_rows: each band has all rows for its samples and the last may be short") {
    ImageSheet sheet;
    const auto image = [](std::size_t i) -> SheetImage { return {{static_cast<Scalar>(i)}, {}, ""}; };
    add_rows(sheet, 5, 3, {{"one", image}, {"other", image}});
    CHECK(sheet.row_labels == Names{"one", "other", "one", "other"});
    REQUIRE(sheet.rows.size() == 4);
    CHECK(sheet.rows[1].size() == 3);
    CHECK(sheet.rows[3].size() == 2);
    CHECK(sheet.rows[3][1].pixels[0] == 4);
}

}  // namespace hourglass
