#include <doctest/doctest.h>
#include <stdlib.h>

#include <optional>

#include "hourglass/plot/curves.hpp"
#include "hourglass/plot/image_sheet.hpp"
#include "hourglass/plot/latent_map.hpp"
#include "hourglass/plot/pictures.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using Names = std::vector<std::string>;
using testing::contains;

/// Sets HOURGLASS_GNUPLOT, or takes it away, for as long as it lives.
class GnuplotIs {
public:
    explicit GnuplotIs(const std::optional<std::string>& program) {
        if (const char* before = getenv("HOURGLASS_GNUPLOT")) {
            before_ = before;
        }
        set(program);
    }
    ~GnuplotIs() { set(before_); }
    GnuplotIs(const GnuplotIs&) = delete;
    GnuplotIs& operator=(const GnuplotIs&) = delete;

private:
    static void set(const std::optional<std::string>& program) {
        if (program) {
            setenv("HOURGLASS_GNUPLOT", program->c_str(), 1);
        } else {
            unsetenv("HOURGLASS_GNUPLOT");
        }
    }

    std::optional<std::string> before_;
};

/// False, and a message, on a machine without gnuplot.
bool gnuplot_is_there() {
    if (find_gnuplot().empty()) {
        MESSAGE("skipped: there is no gnuplot on this machine");
        return false;
    }
    return true;
}

void draw_line(Pictures& pictures) {
    pictures.draw("line", 320, 200, "1 2\n2 3\n", "plot DATA with lines title 'a'\n");
}

unsigned big_endian(const std::string& bytes, std::size_t at) {
    unsigned value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        value = value << 8 | static_cast<unsigned char>(bytes.at(i));
    }
    return value;
}

void check_png(const std::filesystem::path& path, unsigned width, unsigned height) {
    const std::string bytes = testing::bytes_of(path);
    REQUIRE(bytes.size() > 100);
    CHECK(bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n");
    CHECK(big_endian(bytes, 16) == width);
    CHECK(big_endian(bytes, 20) == height);
    CHECK(bytes.substr(bytes.size() - 8, 4) == "IEND");  // it is whole
}

ImageSheet small_sheet() {
    ImageSheet sheet;
    sheet.title = "A sheet";
    sheet.shape = {2, 1, true};
    sheet.row_labels = {"row \"1\""};
    sheet.rows = {{{{1, -1}, {1, 1}, "it's"}, {}, {{Scalar(0.5), -1}, {}, "\\"}}};
    return sheet;
}

}  // namespace

TEST_CASE("gnuplot_string: doubles the single quote and leaves the rest") {
    CHECK(gnuplot_string("a b") == "'a b'");
    CHECK(gnuplot_string("") == "''");
    CHECK(gnuplot_string("it's `a` \\ \"") == "'it''s `a` \\ \"'");
}

TEST_CASE("gnuplot_data_string: escapes the double quote and the backslash") {
    CHECK(gnuplot_data_string("a b") == "\"a b\"");
    CHECK(gnuplot_data_string("\"") == "\"\\\"\"");
    CHECK(gnuplot_data_string("\\") == "\"\\\\\"");
}

TEST_CASE("gnuplot_string: gnuplot shows the text as it was") {
    const GnuplotIs real(std::nullopt);
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    for (const std::string text :
         {"a\"b", "back\\slash", "\\", "it's", "`touch hacked`", "100%", "$x @y"}) {
        Pictures pictures(folder.path(), "png");
        pictures.draw(
            "text", 100, 100, gnuplot_data_string(text) + "\n",
            "set print 'shown'\nprint " + gnuplot_string(text) + "\nunset print\nplot 0\n");
        CHECK(testing::bytes_of(folder.path() / "shown") == text + "\n");
    }
    CHECK_FALSE(std::filesystem::exists(folder.path() / "hacked"));
}

TEST_CASE("curve_colour: eight that differ and then from the start") {
    for (std::size_t a = 0; a < 8; ++a) {
        CHECK(curve_colour(a) == curve_colour(a + 8));
        for (std::size_t b = 0; b < a; ++b) {
            CHECK(curve_colour(a) != curve_colour(b));
        }
    }
}

TEST_CASE("find_gnuplot: the environment names the program or that there is none") {
    const auto found = [](const char* program) {
        const GnuplotIs chosen{program};
        return find_gnuplot();
    };
    CHECK(found("").empty());
    CHECK(found("/bin/false") == "/bin/false");
    CHECK(found("/none/gnuplot").empty());
    CHECK(found("no-such-gnuplot").empty());
    CHECK(found("/tmp").empty());
    CHECK(contains(found("false"), "/false"));  // by the PATH
}

TEST_CASE("Pictures: an unknown format throws and says which there are") {
    const GnuplotIs none("");
    for (const char* format : {"jpeg", "", "PNG"}) {
        const std::string message = testing::error_message([&] { Pictures("folder", format); });
        CHECK(message ==
              "unknown plot format " + testing::quoted(format) + ": expected png, svg or pdf");
    }
}

TEST_CASE("Pictures: without gnuplot there are the data and the script") {
    const GnuplotIs none("");
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "svg");
    CHECK_FALSE(pictures.can_draw());
    draw_line(pictures);
    CHECK(folder.names() == Names{"line.dat", "line.gp"});
    CHECK(pictures.names().empty());
    CHECK(pictures.failures().empty());
    CHECK(testing::bytes_of(folder.path() / "line.dat") == "1 2\n2 3\n");
    const std::string script = testing::bytes_of(folder.path() / "line.gp");
    CHECK(contains(script, "line.svg"));
    CHECK(contains(script, "DATA = 'line.dat'\nplot DATA with lines title 'a'\n"));
    CHECK_FALSE(contains(script, folder.path().string()));  // the folder can be moved
}

TEST_CASE("Pictures: a folder that is not there throws") {
    const GnuplotIs none("");
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path() / "none", "png");
    CHECK(contains(testing::error_message([&] { draw_line(pictures); }), "cannot be written"));
}

TEST_CASE("Pictures: with a broken gnuplot everything goes on and the failure is told") {
    const testing::TemporaryFolder folder;
    const auto complains =
        folder.write("complains", "#!/bin/sh\necho 'no terminal' >&2\necho >&2\nexit 1\n");
    std::filesystem::permissions(complains, std::filesystem::perms::owner_all);
    for (const std::string& program : {std::string("/bin/false"), complains.string()}) {
        const GnuplotIs broken(program);
        Pictures pictures(folder.path(), "png");
        CHECK(pictures.can_draw());
        draw_line(pictures);
        draw_line(pictures);
        CHECK(pictures.names().empty());
        REQUIRE(pictures.failures().size() == 2);
        CHECK(contains(pictures.failures()[0], "line.png was not drawn"));
        CHECK(contains(pictures.failures()[0], "no terminal") == (program != "/bin/false"));
        CHECK(pictures.failures()[0].find('\n') == std::string::npos);
        CHECK(folder.names() == Names{"complains", "line.dat", "line.gp"});
    }
}

TEST_CASE("Pictures: commands that gnuplot does not understand are a failure with its words") {
    const GnuplotIs real(std::nullopt);
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    pictures.draw("bad", 100, 100, "", "plot nonsense(\n");
    CHECK(pictures.names().empty());
    REQUIRE(pictures.failures().size() == 1);
    CHECK(pictures.failures()[0].size() >
          std::string("bad.png was not drawn; gnuplot says: ").size());
    CHECK(folder.names() == Names{"bad.dat", "bad.gp"});
}

TEST_CASE("Pictures: gnuplot draws a png of the right size and leaves nothing else") {
    const GnuplotIs real(std::nullopt);
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_line(pictures);
    CHECK(pictures.failures().empty());
    CHECK(pictures.names() == Names{"line.png"});
    CHECK(folder.names() == Names{"line.dat", "line.gp", "line.png"});
    check_png(folder.path() / "line.png", 320, 200);
}

TEST_CASE("Pictures: the script redraws the picture in its folder") {
    const GnuplotIs real(std::nullopt);
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    draw_line(pictures);
    std::filesystem::remove(folder.path() / "line.png");
    const std::string command =
        "cd '" + folder.path().string() + "' && '" + find_gnuplot() + "' line.gp";
    CHECK(std::system(command.c_str()) == 0);
    check_png(folder.path() / "line.png", 320, 200);
}

TEST_CASE("Pictures: svg and pdf are drawn too") {
    const GnuplotIs real(std::nullopt);
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    for (const std::string format : {"svg", "pdf"}) {
        Pictures pictures(folder.path(), format);
        draw_line(pictures);
        CHECK(pictures.names() == Names{"line." + format});
    }
    CHECK(contains(testing::bytes_of(folder.path() / "line.svg"), "</svg>"));
    CHECK(testing::bytes_of(folder.path() / "line.pdf").starts_with("%PDF"));
}

TEST_CASE("Pictures: a folder may have spaces and quotes in its name") {
    const GnuplotIs real(std::nullopt);
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    for (const std::string name :
         {"two words", "it's", "a \"quoted\" one", "$HOME `id` %s", "back\\slash"}) {
        CAPTURE(name);
        const auto inside = folder.path() / name;
        std::filesystem::create_directory(inside);
        Pictures pictures(inside, "png");
        draw_line(pictures);
        CHECK(pictures.failures().empty());
        check_png(inside / "line.png", 320, 200);
        CHECK_FALSE(std::filesystem::exists(inside / "line.log"));
    }
}

TEST_CASE("Pictures: charts and sheets and maps are drawn without a failure") {
    const GnuplotIs real(std::nullopt);
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    Pictures pictures(folder.path(), "png");
    CurveChart chart;
    chart.title = "A \"chart\"";
    chart.y_label = "error";
    chart.mark_label = "met";
    chart.band_label = "half";
    const std::vector<Curve> curves = {{"a\\b", {3, 2, 1}, {2, 1, 0.5}, {4, 3, 2}, 2},
                                       {"it's one", {1}, {}, {}, {}}};
    draw_curves(pictures, "curves", chart, curves);
    draw_curve_panels(pictures, "panels", chart, curves);
    draw_stacked_curves(pictures, "stacked", "title", {{chart, curves}, {chart, {curves[1]}}});
    draw_image_sheet(pictures, "sheet", small_sheet());
    const Matrix codes = {{0, 0}, {1, 1}, {2, 0}};
    draw_latent_map(
        pictures, "map",
        {"map", {2, 1, true}, bounding_box(codes), 2, 2, Matrix(4, 2), codes, {"a", "\"", "\\"}});
    for (const std::string& failure : pictures.failures()) {
        FAIL_CHECK(failure);
    }
    CHECK(pictures.names() ==
          Names{"curves.png", "panels.png", "stacked.png", "sheet.png", "map.png"});
}

}  // namespace hourglass
