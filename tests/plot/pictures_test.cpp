#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

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

/// Sets an environment variable, or takes it away, for as long as it lives.
class Environment {
public:
    Environment(const char* name, const std::optional<std::string>& value) : name_(name) {
        if (const char* before = getenv(name)) {
            before_ = before;
        }
        set(value);
    }
    ~Environment() { set(before_); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    void set(const std::optional<std::string>& value) const {
        if (value) {
            setenv(name_, value->c_str(), 1);
        } else {
            unsetenv(name_);
        }
    }

    const char* name_;
    std::optional<std::string> before_;
};

struct GnuplotIs : Environment {
    explicit GnuplotIs(const std::optional<std::string>& program)
        : Environment("HOURGLASS_GNUPLOT", program) {}
};

/// A program in the folder that stands for gnuplot.
std::string program_of(const testing::TemporaryFolder& folder, const std::string& script) {
    const auto path = folder.write("program", "#!/bin/sh\n" + script);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path.string();
}

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
    CHECK(gnuplot_string("a\nsystem('x')") == "'a?system(''x'')'");
}

TEST_CASE("gnuplot_data_string: escapes the double quote and the backslash") {
    CHECK(gnuplot_data_string("a b") == "\"a b\"");
    CHECK(gnuplot_data_string("\"") == "\"\\\"\"");
    CHECK(gnuplot_data_string("\\") == "\"\\\\\"");
    CHECK(gnuplot_data_string("a\nb\r") == "\"a?b?\"");
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

TEST_CASE("find_gnuplot: a folder of the PATH that cannot be looked into is passed over") {
    const testing::TemporaryFolder folder;
    std::filesystem::create_symlink("loop", folder.path() / "loop");
    const auto program = folder.write("gnuplot", "#!/bin/sh\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    const GnuplotIs real(std::nullopt);
    const Environment path("PATH", (folder.path() / "loop/bin").string() + ":/" +
                                       std::string(5000, 'x') + "::" + folder.path().string());
    CHECK(find_gnuplot() == program.string());
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

TEST_CASE("Pictures: one that cannot be written costs that one and the others are drawn") {
    const GnuplotIs none("");
    const testing::TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() / "line.dat/taken");
    Pictures pictures(folder.path(), "png");
    draw_line(pictures);
    pictures.draw("other", 320, 200, "1 2\n", "plot DATA\n");
    REQUIRE(pictures.failures().size() == 1);
    CHECK(contains(pictures.failures()[0], "line.png was not drawn: cannot be written: "));
    CHECK(std::filesystem::exists(folder.path() / "other.gp"));
}

TEST_CASE("Pictures: what stops all of them is said in one line") {
    const testing::TemporaryFolder folder;
    const auto failures = [&](const std::string& script) {
        const GnuplotIs broken(program_of(folder, script));
        Pictures pictures(folder.path(), "png");
        for (const char* name : {"a", "b", "c"}) {
            pictures.draw(name, 320, 200, "", "plot 0\n");
        }
        CHECK(pictures.names().empty());
        return pictures.failures();
    };
    const std::string all = "a.png was not drawn (nor b.png, c.png): gnuplot ";
    CHECK(failures("exit 3\n") == Names{all + "ended with status 3"});
    CHECK(failures("echo no terminal >&2; echo >&2; exit 1\n") == Names{all + "says: no terminal"});
    CHECK(failures("echo \"\\\"$4\\\" line 7: too old\"; echo more; exit 1\n") ==
          Names{all + "says: too old"});
    CHECK(failures("kill -SEGV $$\n") == Names{all + "crashed: Segmentation fault"});
    CHECK(failures("part=${3#*\\'}; printf '\\211PNG' >${part%\\'}\n")[0].ends_with("is the disk full?"));
    CHECK(folder.names() == Names{"a.dat", "a.gp", "b.dat", "b.gp", "c.dat", "c.gp", "program"});
    CHECK(failures("exit 0\n") == Names{all + "wrote no whole picture: is the disk full?"});
    const testing::TemporaryFolder elsewhere;
    Pictures pictures(elsewhere.path() / "none", "png");
    draw_line(pictures);
    draw_line(pictures);
    CHECK(pictures.failures().size() == 1);
}

TEST_CASE("Pictures: Ctrl-C does not reach gnuplot") {
    const testing::TemporaryFolder folder;
    const GnuplotIs interrupted(program_of(folder, "kill -INT $$\necho still there\nexit 1\n"));
    Pictures pictures(folder.path(), "png");
    draw_line(pictures);
    CHECK(pictures.failures() == Names{"line.png was not drawn: gnuplot says: still there"});
}

TEST_CASE("Pictures: a reader's own defaults for gnuplot change nothing") {
    const GnuplotIs real(std::nullopt);
    if (!gnuplot_is_there()) {
        return;
    }
    const testing::TemporaryFolder folder;
    std::vector<std::string> drawn, redrawn;
    for (const char* settings : {"", "set datafile separator ','\nset decimalsign ','\nset title 'mine'\n"
                                     "set linetype 1 dt 3 lw 7\nset xrange [0:1]\nset terminal dumb\n"
                                     "set style data boxes\nset multiplot\n"}) {
        folder.write(".gnuplot", settings);
        const Environment home("HOME", folder.path().string());
        Pictures pictures(folder.path(), "svg");
        draw_line(pictures);
        CHECK(pictures.failures().empty());
        drawn.push_back(testing::bytes_of(folder.path() / "line.svg"));
        std::filesystem::remove(folder.path() / "line.svg");
        const std::string command = "cd '" + folder.path().string() + "' && '" + find_gnuplot() +
                                    "' line.gp >/dev/null";
        CHECK(std::system(command.c_str()) == 0);
        redrawn.push_back(testing::bytes_of(folder.path() / "line.svg"));
    }
    CHECK(drawn[0] == drawn[1]);
    CHECK(redrawn[0] == drawn[0]);
    CHECK(redrawn[1] == drawn[0]);
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
         {"two words", "it's", "a \"quoted\" one", "$HOME `id` %s", "back\\slash", "two\nlines", "~", "-d", "@a(b)&"}) {
        CAPTURE(name);
        const auto inside = folder.path() / name;
        std::filesystem::create_directory(inside);
        const auto before = std::filesystem::current_path();
        std::filesystem::current_path(folder.path());  // a name alone, as --out may be
        Pictures pictures(name, "png");
        draw_line(pictures);
        std::filesystem::current_path(before);
        CHECK(pictures.failures().empty());
        check_png(inside / "line.png", 320, 200);
        CHECK(std::distance(std::filesystem::directory_iterator(inside), {}) == 3);
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
