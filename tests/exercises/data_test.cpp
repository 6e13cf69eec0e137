#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <sstream>

#include "data/making_images.hpp"
#include "exercises/running.hpp"
#include "idx_bytes.hpp"

// End to end, through the program that ./lab data runs.

namespace hourglass {
namespace {

namespace fs = std::filesystem;

using testing::contains;
using testing::Ended;
using testing::Json;
using testing::Names;
using testing::TemporaryFolder;

const std::string iris = testing::shell_word(HOURGLASS_SOURCE_DIR "/data/iris/iris.csv");

Ended run(const TemporaryFolder& folder, const std::string& arguments) {
    return testing::run_program(HOURGLASS_DATA, folder, arguments);
}

void check_refused(const TemporaryFolder& folder, const std::string& arguments, const Names& parts) {
    testing::check_refused(HOURGLASS_DATA, folder, arguments, parts);
}

Json results(const TemporaryFolder& folder, const std::string& out = "out/data") {
    return testing::read_results(folder, out);
}

std::string file(const TemporaryFolder& folder, const std::string& name) {
    return testing::bytes_of(folder.path() / "out/data" / name);
}

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

/// 40 rows near a line of three dimensions, each with a class; row 7 lies far off in column b.
std::string line_csv() {
    std::ostringstream csv;
    csv << "id,a,b,c,kind\n";
    for (int i = 0; i < 40; ++i) {
        const double t = (i * 37 % 40) / 10.0;
        csv << "r" << i << "," << t << "," << (i == 6 ? 9.0 : 2 * t) << "," << 5 - t << "," << (i % 4 == 0 ? "x" : "y") << "\n";
    }
    return csv.str();
}

}  // namespace

TEST_CASE("data: on iris a linear net reaches PCA, and its plane") {
    const TemporaryFolder folder;
    const Ended ended = run(folder, "--file " + iris + " --label species --epochs 150 --learning-rate 0.01");
    CHECK(ended.err.empty());
    const Json r = results(folder);
    CHECK(r["rows"] == 150);
    CHECK(r["columns"] == 4);
    CHECK(r["layers"] == Json({4, 8, 2, 8, 4}));
    CHECK(r["held_out_error"].is_null());
    CHECK(r["best_epoch"] == 150);
    // numpy's, of the standardized columns; and what torch's nets have lost on the way is a few 1e-5 here.
    CHECK(r["pca_error"].get<double>() == doctest::Approx(0.04186793).epsilon(2e-6));
    CHECK(r["linear"]["error"].get<double>() >= r["pca_error"].get<double>() - 1e-7);
    CHECK(r["linear"]["error"].get<double>() < 0.0421);
    CHECK(r["linear"]["principal_angles"][0].get<double>() < 0.05);
    CHECK(r["train_error"].get<double>() < 0.06);
    CHECK(lines(file(folder, "codes.csv")) == 151);
    CHECK(file(folder, "codes.csv").starts_with("row,class,error,code0,code1\n1,setosa,"));
    CHECK(file(folder, "codes.npy").starts_with("\x93NUMPY"));
    CHECK(lines(file(folder, "errors.csv")) == 151);
    CHECK(lines(file(folder, "columns.csv")) == 5);
    for (const char* picture : {"error", "map", "row_errors", "columns"}) {
        CHECK(fs::exists(folder.path() / "out/data" / (std::string(picture) + ".gp")));
    }
    CHECK(contains(ended.out, "no rows are held out, for they are fewer than 1000"));
    CHECK(contains(ended.out, "layers for 4 columns"));
    testing::check_tidy(folder);
}

TEST_CASE("data: the unusual row comes first, with its column and what was expected there") {
    const TemporaryFolder folder;
    folder.write("t.csv", line_csv());
    const Ended ended = run(folder, "t.csv --ignore id --label kind --layers 3,1 --activation identity --epochs 100 --learning-rate 0.1");
    CHECK(ended.status < 2);
    const std::string errors = file(folder, "errors.csv");
    CHECK(errors.starts_with("row,class,set,column,error,value,expected\n7,y,train,"));
    CHECK(contains(ended.out, "\n  7, y "));
    CHECK_FALSE(results(folder).contains("linear"));  // it is one itself
}

TEST_CASE("data: the model is that of the best epoch, and training stops after its patience") {
    const TemporaryFolder folder;
    folder.write("t.csv", line_csv());
    CHECK(run(folder, "t.csv --ignore id --label kind --held-out 0.25 --patience 3 --epochs 200 --learning-rate 0.05").status < 2);
    const Json r = results(folder);
    CHECK(r["held_out_rows"] == 10);
    const std::size_t best = r["best_epoch"], epochs = r["epochs"];
    CHECK(epochs == best + 3);
    std::istringstream csv(file(folder, "error.csv"));
    std::string line;
    std::getline(csv, line);
    CHECK(line == "epoch,error,learning_rate,held_out_error");
    double least = INFINITY;
    for (std::size_t e = 1; std::getline(csv, line); ++e) {
        const double error = std::stod(line.substr(line.rfind(',') + 1));
        CHECK((error < least) == (e <= best && error < least));
        least = std::min(error, least);
    }
    CHECK(r["held_out_error"].get<double>() == doctest::Approx(least).epsilon(1e-5));
    CHECK(contains(file(folder, "model.safetensors"), "\"epoch\":\"" + std::to_string(best) + "\""));
}

TEST_CASE("data: a model is applied to new rows by the scaling it was trained with") {
    const TemporaryFolder folder;
    folder.write("t.csv", line_csv());
    CHECK(run(folder, "t.csv --ignore id --label kind --epochs 20 --out first").status < 2);
    // The same rows in other columns, and one alone far off: their codes do not depend on what comes with them.
    std::string more = "kind,c,b,a\n", csv = line_csv();
    more += "z,4,2,1\nz,400,2,1\n";
    folder.write("more.csv", more);
    folder.write("same.csv", "a,b,c\n1,2,4\n2,4,3\n");
    CHECK(run(folder, "--apply first/model.safetensors more.csv --label kind").status == 0);
    const std::string one = file(folder, "codes.csv");
    CHECK(results(folder)["above_limit"].get<int>() >= 1);
    CHECK(results(folder)["rows"] == 2);
    CHECK(contains(file(folder, "errors.csv"), "2,z,new,c,"));
    CHECK(run(folder, "--apply first/model.safetensors same.csv").status == 0);
    const auto numbers = [](const std::string& text, const char* before) {
        const std::size_t at = text.find(before) + std::string(before).size();
        return text.substr(at, text.find('\n', at) - at);
    };
    CHECK(numbers(one, "\n1,z,") == numbers(file(folder, "codes.csv"), "\n1,"));
    CHECK_FALSE(fs::exists(folder.path() / "out/data/model.safetensors"));
    folder.write("other.csv", "a,b\n1,2\n2,4\n");
    check_refused(folder, "--apply first/model.safetensors other.csv", {"--columns: there is no column 'c'"});
    check_refused(folder, "--apply t.csv other.csv", {"t.csv: "});
    check_refused(folder, "--apply first/model.safetensors t.csv --layers 3,2", {"--layers is of no use to --apply, which trains nothing"});
}

TEST_CASE("data: the rows of a class that was left out have an area under the ROC curve") {
    const TemporaryFolder folder;
    std::string csv = "a,b,kind\n";
    for (int i = 0; i < 60; ++i) {
        csv += i % 6 == 0 ? std::to_string(i) + "," + std::to_string(90 - i) + ",far\n"
                          : std::to_string(i) + "," + std::to_string(i + i % 2) + ",line\n";
    }
    folder.write("t.csv", csv);
    const Ended ended = run(folder, "t.csv --label kind --leave-out far --epochs 40 --learning-rate 0.02");
    CHECK(ended.status < 2);
    const Json r = results(folder);
    CHECK(r["held_out_rows"] == 10);
    CHECK(r["left_out"]["rows"] == 10);
    CHECK(r["left_out"]["roc_area"].get<double>() > 0.9);
    CHECK(r["left_out"]["pca_roc_area"].get<double>() > 0.9);
    CHECK(contains(ended.out, "ROC area"));
    check_refused(folder, "t.csv --label kind --leave-out near", {"there is no class 'near'"});
}

TEST_CASE("data: images of a folder and of IDX, with their classes") {
    const TemporaryFolder folder;
    for (const std::string name : {"dark", "light"}) {
        fs::create_directories(folder.path() / "set" / name);
        for (int i = 0; i < 3; ++i) {
            const auto gray = [&](int p) { return static_cast<std::uint8_t>((name == "dark" ? 10 : 200) + 9 * p * i); };
            folder.write("set/" + name + "/" + std::to_string(i) + ".png", testing::gray_png({{gray(0), gray(1)}, {gray(2), gray(1)}}));
        }
    }
    CHECK(run(folder, "set --size 2 --gray --layers 4,2 --epochs 5").status < 2);
    CHECK(file(folder, "codes.csv").starts_with("row,class,error,code0,code1\ndark/0.png,dark,"));
    CHECK(fs::exists(folder.path() / "out/data/unusual.gp"));
    std::string pixels;
    for (int i = 0; i < 24; ++i) {
        pixels += static_cast<char>(i * 7 % 256);
    }
    folder.write("few-images-idx3-ubyte", testing::idx_bytes({6, 2, 2}, pixels));
    folder.write("few-labels-idx1-ubyte", testing::idx_bytes({6}, std::string("\1\2\3\1\2\3")));
    const Ended ended = run(folder, "few-images-idx3-ubyte --epochs 5");
    CHECK(ended.status < 2);
    CHECK(contains(ended.out, "labels: few-labels-idx1-ubyte"));
    CHECK(results(folder)["scaling"] == "none");
    CHECK(file(folder, "codes.csv").starts_with("row,class,error,code0,code1\n1,1,"));
}

TEST_CASE("data: bad input is one line and status 2") {
    const TemporaryFolder folder;
    folder.write("t.csv", line_csv());
    check_refused(folder, "", {"expected a FILE or a FOLDER"});
    check_refused(folder, "t.csv t.csv", {"expected options, which begin with --, and one file"});
    check_refused(folder, "none.csv", {"none.csv: cannot be opened"});
    check_refused(folder, "t.csv", {"t.csv:2: column 'id': expected a number, got 'r0'; --ignore leaves"});
    const std::string usual = "t.csv --ignore id --label kind ";
    check_refused(folder, usual + "--size 4", {"--size is of no use to a csv"});
    check_refused(folder, usual + "--scaling maybe", {"unknown scaling 'maybe'"});
    check_refused(folder, usual + "--missing maybe", {"expected refuse, mean or drop"});
    check_refused(folder, usual + "--header maybe", {"--header: expected yes, no or auto"});
    check_refused(folder, usual + "--delimiter ab", {"--delimiter: expected one character"});
    check_refused(folder, usual + "--held-out 1", {"--held-out: expected a share of less than 1"});
    check_refused(folder, usual + "--layers 4,2", {"--layers: expected the first width to be the 3 columns of a sample, got 4"});
    check_refused(folder, usual + "--output-activation sigmoid", {"--output-activation: expected identity, or tanh"});
    check_refused(folder, usual + "--output-activation tanh", {"--output-activation: expected identity, or tanh"});
    fs::create_directory(folder.path() / "empty");
    check_refused(folder, "empty", {"empty: expected .jpg, .jpeg or .png files"});
    check_refused(folder, "empty --label x", {"--label is of no use to a folder of images"});
}

TEST_CASE("data: a study compares sizes of codes with PCA, and seeds are reported each") {
    const TemporaryFolder folder;
    folder.write("t.csv", line_csv());
    const std::string usual = "t.csv --ignore id --label kind --epochs 3 ";
    CHECK(run(folder, usual + "--study latent").status < 2);
    const Json r = results(folder);
    REQUIRE(r["variants"].size() == 2);
    CHECK(r["variants"][1]["layers"] == Json({3, 8, 2, 8, 3}));
    CHECK(r["variants"][1]["pca_error"].get<double>() < r["variants"][0]["pca_error"].get<double>());
    const Ended mapped = run(folder, usual + "--layers 3,8,3");  // more than a plane: by t-SNE
    CHECK(results(folder)["map"]["points"] == 40);
    CHECK(contains(mapped.out, "\nThe map\n  t-SNE of 40 points"));
    CHECK(run(folder, usual + "--seeds 2 --scaling range --output-activation tanh").status < 2);
    CHECK(results(folder)["runs"].size() == 2);
    CHECK(results(folder)["runs"][0]["error"] != results(folder)["runs"][1]["error"]);
}

}  // namespace hourglass
