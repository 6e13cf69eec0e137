#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "exercises/running.hpp"
#include "hourglass/io/model_file.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// What a student asks of a run: a code of one's own, the network before it trains, a page, pixels of 0 and 1.

namespace hourglass {
namespace {

namespace fs = std::filesystem;

using testing::contains;
using testing::Ended;
using testing::Json;
using testing::Names;
using testing::TemporaryFolder;

Ended letters(const TemporaryFolder& folder, const std::string& arguments,
              const std::string& gnuplot = testing::without_gnuplot) {
    return testing::run_program(HOURGLASS_LETTERS, folder, arguments, gnuplot);
}

void check_refused(const TemporaryFolder& folder, const std::string& arguments, const Names& parts) {
    testing::check_refused(HOURGLASS_LETTERS, folder, arguments, parts);
}

}  // namespace

TEST_CASE("letters: --decode shows what stands at codes of one's own") {
    const TemporaryFolder folder;
    letters(folder, "--epochs 2 --layers 35,4,2 --quiet --out old");
    const std::string loaded = "--load old/model.safetensors --epochs 0 --out new ";
    const Ended ended = letters(folder, loaded + "--decode 1.5,-2 --decode=-0.1,0");
    CHECK(ended.err.empty());
    for (const std::string code : {"1.5,-2", "-0.1,0"}) {
        const std::size_t at = ended.out.find("\nThe code " + code + ": ");
        REQUIRE_MESSAGE(at != std::string::npos, code);
        const std::string image = ended.out.substr(ended.out.find('\n', at + 1) + 1, 7 * 6);
        CHECK(image.find_first_not_of(".#\n") == std::string::npos);
    }
    CHECK(contains(ended.out, " from its nearest letter, "));
    CHECK(fs::exists(folder.path() / "new/decoded.dat"));
    CHECK(contains(testing::bytes_of(folder.path() / "new/decoded.dat"), "(1.5, -2.0)"));
    letters(folder, loaded);
    CHECK_FALSE(fs::exists(folder.path() / "new/decoded.dat"));  // not those of the run before
}

TEST_CASE("letters: a code of --decode that is none is refused") {
    const TemporaryFolder folder;
    for (const std::string code : {"1", "1,2,3"}) {
        check_refused(folder, "--decode " + code,
                      {"--decode: expected a code of 2 numbers", "'" + code + "'"});
    }
    for (const std::string code : {"''", "a,b", "1,", "1,nan"}) {
        check_refused(folder, "--decode " + code, {"--decode: expected numbers"});
    }
    check_refused(folder, "--layers 35,8,3 --decode 1,2", {"a code of 3 numbers, got 2"});
    check_refused(folder, "--study losses --decode 1,2", {"--decode is of no use to --study losses"});
}

TEST_CASE("programs: --summary shows the network and trains nothing") {
    const TemporaryFolder folder;
    const Ended ended = letters(folder, "--summary --layers 35,10,2 --activation leaky_relu");
    CHECK(ended.status == 0);
    CHECK(ended.err.empty());
    CHECK(folder.names().empty());
    CHECK(contains(ended.out, "\nencoder.0    dense(35,10)         35 to 10  leaky_relu             360\n"));
    CHECK(contains(ended.out, "\nencoder.1    dense(10,2)           10 to 2  identity                22\n"));
    CHECK(contains(ended.out, "\n797 parameters, "));
    for (const char* program : {HOURGLASS_DENOISING, HOURGLASS_FLOWERS}) {
        CHECK(testing::run_program(program, folder, "--summary").status == 0);
    }
    CHECK(folder.names().empty());
    check_refused(folder, "--summary --layers 34,2", {"--layers"});
}

TEST_CASE("programs: layers of any kind are said by a list where samples are images") {
    const TemporaryFolder folder;
    const std::string list = "--layers 'conv(4,3x3,same) tanh, dense(2)'";
    const Ended ended = letters(folder, "--summary " + list);
    CHECK(ended.status == 0);
    CHECK(contains(ended.out, "\nencoder.0    conv(7x5x1,4,3x3,same) "));
    CHECK(contains(ended.out, "\ndecoder.1    conv_transposed(7x5x4,1,3x3,same)        140 to 35  tanh "));

    CHECK(letters(folder, "--epochs 2 --out o " + list).status == 1);
    CHECK(letters(folder, "--epochs 0 --load o/model.safetensors --out again " + list).status == 1);
    CHECK(testing::bytes_of(folder.path() / "o/codes.csv") == testing::bytes_of(folder.path() / "again/codes.csv"));

    check_refused(folder, list + " --activation relu", {"--activation is of no use to a list of --layers"});
    check_refused(folder, list + " --study losses", {"--study is of no use to a list of --layers"});
    check_refused(folder, "--layers 'conv(4,9x9), dense(2)'", {"--layers: layer 1 'conv(4,9x9)'", "7x5x1"});
    check_refused(folder, "--layers 'conv(4,2x2,s2), dense(2)'", {"--layers: ", "has no mirror"});
    for (const char* program : {HOURGLASS_DENOISING, HOURGLASS_FLOWERS}) {
        CHECK(testing::run_program(program, folder, "--summary " + list).status == 0);
    }
    testing::check_refused(HOURGLASS_VARIATIONAL, folder, list, {"--layers: expected the encoder's widths"});
}

TEST_CASE("programs: report.md has the criterion, the options and the pictures that are there") {
    const TemporaryFolder folder;
    const std::string small = "--epochs 2 --layers 35,4,2 --out o ";
    letters(folder, small);
    const std::string page = testing::bytes_of(folder.path() / "o/report.md");
    CHECK(page.starts_with("# Exercise 1a: the 32 letters of font3.txt"));
    CHECK(contains(page, "\n## Criterion: at most 1 wrong pixel in every letter\n\n      NOT met"));
    CHECK(contains(page, "\n    Wrong pixels a letter "));
    CHECK(contains(page, "      PCA with 2 components "));
    CHECK(contains(page, "\n| batch_size | 5 |\n"));
    CHECK_FALSE(contains(page, "!["));  // no gnuplot, no pictures
    letters(folder, small + "--quiet --study losses --seeds 1");
    CHECK(testing::bytes_of(folder.path() / "o/report.md").starts_with("# Study of losses"));
    if (contains(letters(folder, small, testing::with_gnuplot).out, "gnuplot was not found")) {
        MESSAGE("there is no gnuplot on this machine");
        return;
    }
    const std::string drawn = testing::bytes_of(folder.path() / "o/report.md");
    for (const char* picture : {"error.png", "reconstruction.png", "latent.png"}) {
        CHECK_MESSAGE(contains(drawn, "](" + std::string(picture) + ")"), picture);
        CHECK(fs::exists(folder.path() / "o" / picture));
    }
}

TEST_CASE("programs: an output of sigmoid trains on pixels of 0 and 1") {
    const TemporaryFolder folder;
    const std::string font = testing::bytes_of(HOURGLASS_SOURCE_DIR "/data/fonts/font3.txt");
    folder.write("two.txt", font.substr(0, 2 * 49));
    const std::string two =
        "--font two.txt --layers 35,6,2 --learning-rate 0.02 --output-activation sigmoid ";
    for (const std::string loss : {"cross_entropy", "mse"}) {
        CAPTURE(loss);
        const Ended ended = letters(folder, two + "--epochs 300 --out a --loss " + loss);
        CHECK(ended.status == 0);
        CHECK(ended.err.empty());
        CHECK(contains(ended.out, "output sigmoid"));
        CHECK(testing::read_results(folder, "a")["exact_letters"] == 2);
    }
    CHECK(contains(testing::bytes_of(folder.path() / "a/error.gp"), "(of pixels in [0, 1])"));

    // The file has what was trained: its outputs are probabilities, and of the inputs 0 and 1 they are right.
    const Autoencoder model = load_model(folder.path() / "a/model.safetensors").model;
    CHECK(model.layer(model.depth()).activation.kind == Activation::Kind::sigmoid);
    Matrix P(1, 35);
    for (std::size_t j = 0; j < 35; ++j) {
        P(0, j) = font[font.find('\n') + 1 + j + j / 5] == '#' ? 1 : 0;
    }
    const Matrix Y = model.reconstruct(P);
    for (std::size_t j = 0; j < 35; ++j) {
        CHECK((Y(0, j) > Scalar(0.5)) == (P(0, j) > Scalar(0.5)));
    }
    CHECK(letters(folder, "--font two.txt --load a/model.safetensors --epochs 0 --out b").status == 0);
    CHECK(testing::read_results(folder, "b")["wrong_pixels"] ==
          testing::read_results(folder, "a")["wrong_pixels"]);
}

TEST_CASE("programs: noise and photographs are trained on as pixels of 0 and 1 too") {
    const TemporaryFolder folder;
    const std::string sigmoid = "--output-activation sigmoid --out o ";
    const Ended noisy = testing::run_program(HOURGLASS_DENOISING, folder,
                                             sigmoid +
                                                 "--layers 35,32 --latent-activation identity --levels 0.1 --test-levels 0.1 "
                                                 "--sets 10 --epochs 14 --draws 30 --learning-rate 0.01");
    CHECK(noisy.err.empty());
    const Json recovery = testing::read_results(folder, "o")["recovery"]["0.1"];
    CHECK(recovery["network"].get<double>() > 2 * recovery["do_nothing"].get<double>());
    folder.write("three", "rose.png\niris.png\ndaffodil.png\n");
    const Ended flowers = testing::run_program(
        HOURGLASS_FLOWERS, folder,
        sigmoid + "--list three --batch-size 3 --layers 1024,12,2 --epochs 60 --learning-rate 0.01");
    CHECK(flowers.err.empty());
    const Json mse = testing::read_results(folder, "o")["mse"]["2"];
    CHECK(mse["network"].get<double>() < mse["mean_image"].get<double>());
}

TEST_CASE("programs: with --epochs 0 what only training uses is refused by its name") {
    const TemporaryFolder folder;
    letters(folder, "--epochs 1 --layers 35,4,1 --quiet --out old");
    for (const std::string option : {"--learning-rate 0.1", "--optimizer sgd", "--batch-size 2", "--loss mse",
                                     "--schedule constant", "--seed 2", "--animate", "--live"}) {
        check_refused(folder, "--load old/model.safetensors --epochs 0 --out new " + option,
                      {option.substr(0, option.find(' ')) + " is of no use to --epochs 0"});
    }
}

TEST_CASE("programs: a terminal is told what is done after training and a pipe is not") {
    const TemporaryFolder folder;
    folder.write("line.sh", "script -qec \"$1 --epochs 2 --layers 35,4,1 --out o\" written >/dev/null\n");
    testing::run_program("/bin/sh", folder,
                         "line.sh " + testing::shell_word(testing::shell_word(HOURGLASS_LETTERS)));
    const std::string written = testing::bytes_of(folder.path() / "written");
    CHECK(contains(written, "analysing ..."));
    CHECK(contains(written, "drawing the pictures ..."));
    CHECK(letters(folder, "--epochs 2 --layers 35,4,1 --out o").err.empty());
}

}  // namespace hourglass
