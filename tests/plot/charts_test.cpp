#include <doctest/doctest.h>
#include <stdlib.h>

#include "hourglass/plot/animation.hpp"
#include "hourglass/plot/attractor_map.hpp"
#include "hourglass/plot/confusion_matrix.hpp"
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

}  // namespace hourglass
