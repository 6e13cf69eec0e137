#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "exercises/running.hpp"
#include "hourglass/core/reference.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// End to end, through the program that ./lab flowers runs.

namespace hourglass {
namespace {

namespace fs = std::filesystem;

using testing::contains;
using testing::Ended;
using testing::Json;
using testing::model_bytes;
using testing::Names;
using testing::TemporaryFolder;

/// As little training as there can be, for what does not depend on it.
const std::string untrained = "--layers 1024,6,2 --epochs 1 --batch-size 2 ";

Ended run(const TemporaryFolder& folder, const std::string& arguments,
          const std::string& gnuplot = testing::without_gnuplot) {
    return testing::run_program(HOURGLASS_FLOWERS, folder, arguments, gnuplot);
}

void check_refused(const TemporaryFolder& folder, const std::string& arguments,
                   const Names& parts) {
    testing::check_refused(HOURGLASS_FLOWERS, folder, "--epochs 1 " + arguments, parts);
}

void check_refused(const std::string& arguments, const Names& parts) {
    const TemporaryFolder folder;
    check_refused(folder, arguments, parts);
}

Json results(const TemporaryFolder& folder, const std::string& out = "out/flowers") {
    return testing::read_results(folder, out);
}

std::string image_bytes(const std::string& name) {
    return testing::bytes_of(HOURGLASS_SOURCE_DIR "/tests/reference/images/" + name);
}

/// A new folder `name` in `folder`, with these of the reference's images.
void copy_images(const TemporaryFolder& folder, const std::string& name, const Names& images) {
    fs::create_directory(folder.path() / name);
    for (const std::string& image : images) {
        folder.write(name + "/" + image, image_bytes(image));
    }
}

/// Four of the 24 flowers, for what does not depend on how many there are.
void write_four(const TemporaryFolder& folder) {
    folder.write("four", "rose.png\niris.png\ndaffodil.png\nmarigold.png\n");
}

}  // namespace

TEST_CASE("flowers: the same seed gives the same bits and another seed others") {
    const TemporaryFolder folder;
    write_four(folder);
    for (const std::string out : {"a", "b"}) {
        CHECK(run(folder, untrained + "--list four --seed 7 --out " + out).status == 1);
    }
    CHECK(run(folder, untrained + "--list four --seed 8 --out c").status == 1);
    REQUIRE(!model_bytes(folder, "a").empty());
    CHECK(model_bytes(folder, "a") == model_bytes(folder, "b"));
    CHECK(model_bytes(folder, "a") != model_bytes(folder, "c"));
    CHECK(testing::results_but_seconds(folder, "a") == testing::results_but_seconds(folder, "b"));
    CHECK(results(folder, "a")["mse_per_image"] != results(folder, "c")["mse_per_image"]);
    for (const char* name : {"error.csv", "codes.csv"}) {
        const std::string bytes = testing::bytes_of(folder.path() / "a" / name);
        CHECK(!bytes.empty());
        CHECK(testing::bytes_of(folder.path() / "b" / name) == bytes);
        // Not the model alone, which has its seed in its metadata.
        CHECK(testing::bytes_of(folder.path() / "c" / name) != bytes);
    }
}

TEST_CASE("flowers: the number of threads does not change a bit") {
    const TemporaryFolder folder;
    write_four(folder);
    // A first layer and a batch that are large enough for three threads; plain loops are split for none.
    const std::string options =
        reference_kernels ? untrained + "--list four "
                          : "--epochs 2 --batch-size 24 --layers 1024," +
                                std::string(testing::scalar_is_double ? "17" : "65") + ",6 ";
    for (const std::string threads : {"1", "2", "3"}) {
        CHECK(run(folder, options + "--threads " + threads + " --out " + threads).status == 1);
        CHECK(results(folder, threads)["threads"] == std::stoi(threads));
    }
    REQUIRE(!model_bytes(folder, "1").empty());
    const std::string errors = testing::bytes_of(folder.path() / "1/error.csv");
    for (const std::string other : {"2", "3"}) {
        CHECK_MESSAGE(model_bytes(folder, other) == model_bytes(folder, "1"), other);
        CHECK_MESSAGE(testing::bytes_of(folder.path() / other / "error.csv") == errors, other);
    }
}

TEST_CASE("flowers: a number of threads that is none is refused") {
    for (const std::string threads : {"0", "-1", "1025", "1000000000000"}) {
        check_refused("--threads=" + threads,
                      {"--threads: expected a whole number from 1 to 1024, got " + threads});
    }
    for (const std::string threads : {"all", "2x", "1.5", "99999999999999999999"}) {
        check_refused("--threads=" + threads, {"--threads", "expected a whole number"});
    }
    check_refused("--threads=", {"--threads"});
}

TEST_CASE("flowers: a study with a single thread does what it does with two") {
    const TemporaryFolder folder;
    folder.write("three", "rose.png\niris.png\ndaffodil.png\n");
    for (const std::string threads : {"1", "2"}) {
        run(folder, "--list three --batch-size 3 --epochs 1 --layers 1024,4,2 --study learning_rates --threads " +
                        threads + " --out " + threads);
        CHECK(results(folder, threads)["threads"] == std::stoi(threads));
    }
    const Json one = results(folder, "1")["variants"], two = results(folder, "2")["variants"];
    REQUIRE(one.size() == 5);
    for (std::size_t v = 0; v < 5; ++v) {
        CHECK(one[v]["mse"] == two[v]["mse"]);
    }
}

TEST_CASE("flowers: a normal run reports on stdout and says nothing on stderr") {
    const TemporaryFolder folder;
    const Ended ended = run(folder, untrained);
    CHECK(ended.status == 1);  // an epoch does not meet the criterion
    CHECK(ended.err.empty());
    CHECK(contains(ended.out, "Exercise 2: 24 photographs of 32x32 gray pixels through 2 numbers"));
    CHECK(contains(ended.out, "NOT met: "));
    CHECK(contains(ended.out, "skipped: LICENSE.txt: "));
    testing::check_memory(results(folder), ended.out);
    for (const char* name : {"results.json", "codes.csv", "error.csv", "model.safetensors",
                             "reconstruction.dat", "reconstruction.gp"}) {
        CHECK_MESSAGE(fs::exists(folder.path() / "out/flowers" / name), name);
    }
    const std::string codes = testing::bytes_of(folder.path() / "out/flowers/codes.csv");
    CHECK(codes.starts_with("image,mse,pca_mse,code0,code1\n"));
    CHECK(std::ranges::count(codes, '\n') == 1 + 24);
    testing::check_tidy(folder);
}

TEST_CASE("flowers: --quiet says nothing at all and leaves the same files") {
    const TemporaryFolder folder;
    write_four(folder);
    run(folder, untrained + "--list four --out loud");
    const Ended ended = run(folder, untrained + "--list four --quiet --out quiet");
    CHECK(ended.status == 1);
    CHECK(ended.out.empty());
    CHECK(ended.err.empty());
    CHECK(!model_bytes(folder, "quiet").empty());
    CHECK(model_bytes(folder, "quiet") == model_bytes(folder, "loud"));
}

TEST_CASE("flowers: results.json says what was run and what came of it") {
    const TemporaryFolder folder;
    CHECK(run(folder, "--layers 1024,6 --batch-size 20 --epochs 1 --seed 6").status == 1);
    const Json r = results(folder);
    CHECK(r["exercise"] == "flowers");
    CHECK(r["seed"] == 6);
    CHECK(r["layers"] == Json{1024, 6, 1024});
    CHECK(r["batch_size"] == 20);
    CHECK(r["epochs"] == 1);
    CHECK(r["images"] == 24);
    CHECK(r["skipped"].size() == 1);
    CHECK(r["seconds"].get<double>() > 0);
    CHECK(r["threads"] >= 1);
    CHECK(r["criterion_met"] == false);
    REQUIRE(r["mse"].size() == 1);
    const Json& mse = r["mse"]["6"];
    // Of an independent implementation, as the issue states them: 6.2e-2 and 2.1e-1.
    CHECK(mse["pca"].get<double>() == doctest::Approx(0.062).epsilon(0.01));
    CHECK(mse["mean_image"].get<double>() == doctest::Approx(0.21).epsilon(0.025));
    CHECK(mse["network"].get<double>() > mse["pca"].get<double>());
    REQUIRE(r["mse_per_image"].size() == 24);
    REQUIRE(r["mse_per_image"].contains("rose.png"));
    double sum = 0;
    for (const Json& image : r["mse_per_image"]) {
        sum += image.get<double>();
    }
    CHECK(sum / 24 == doctest::Approx(mse["network"].get<double>()));
    REQUIRE(r["new_flowers"].size() == 6);
    Names used;
    double last = 1e9;
    for (const Json& flower : r["new_flowers"]) {
        const double distance = flower["mean_squared_difference"].get<double>();
        CHECK(distance > 0);
        CHECK(distance <= last);  // the newest first
        last = distance;
        CHECK(r["mse_per_image"].contains(flower["nearest"].get<std::string>()));
        REQUIRE(flower["between"].size() == 2);
        used.push_back(flower["between"][0].get<std::string>());
        used.push_back(flower["between"][1].get<std::string>());
    }
    std::ranges::sort(used);
    CHECK(std::ranges::adjacent_find(used) == used.end());
}

TEST_CASE("flowers: a criterion that is met ends with status 0") {
    const TemporaryFolder folder;
    copy_images(folder, "one", {"one_gray.png"});  // a single gray is soon learnt
    const Ended ended = run(folder,
                            "--images one --batch-size 1 --layers 1024,6,2 --epochs 100 "
                            "--learning-rate 0.01");
    CHECK(ended.status == 0);
    CHECK(contains(ended.out, "\n  met: "));
    CHECK(results(folder)["criterion_met"] == true);
    CHECK(results(folder)["mse"]["2"]["network"].get<double>() <= 5e-3);
}

TEST_CASE("flowers: a list picks the images and orders them") {
    const TemporaryFolder folder;
    write_four(folder);
    const Ended ended = run(folder, untrained +
                                        "--list four --transition 1-daffodil "
                                        "--transition iris-marigold.png --flower iris");
    CHECK(ended.status == 1);
    CHECK(ended.err.empty());
    const std::string codes = testing::bytes_of(folder.path() / "out/flowers/codes.csv");
    std::size_t at = 0;
    for (const char* name : {"\nrose.png,", "\niris.png,", "\ndaffodil.png,", "\nmarigold.png,"}) {
        const std::size_t found = codes.find(name);
        REQUIRE_MESSAGE(found != std::string::npos, name);
        CHECK(found >= at);
        at = found;
    }
    CHECK(results(folder)["images"] == 4);
    const std::string sheet = testing::bytes_of(folder.path() / "out/flowers/transitions.gp") +
                              testing::bytes_of(folder.path() / "out/flowers/transitions.dat");
    CHECK(contains(sheet, "1 to 3"));
    CHECK(contains(sheet, "2 to 4"));
}

TEST_CASE("flowers: a loaded model without training reproduces its report") {
    const TemporaryFolder folder;
    write_four(folder);
    CHECK(run(folder,
              "--list four --layers 1024,4,3 --batch-size 2 --epochs 2 --seed 5 --quiet --out old")
              .status == 1);
    const Ended ended = run(
        folder,
        "--list four --load old/model.safetensors --epochs 0 --out new");
    CHECK(ended.status == 1);
    CHECK(ended.err.empty());
    const Json before = results(folder, "old"), after = results(folder, "new");
    for (const char* key : {"layers", "seed", "mse", "mse_per_image", "new_flowers"}) {
        CHECK_MESSAGE(after[key] == before[key], key);
    }
    const std::string codes = testing::bytes_of(folder.path() / "old/codes.csv");
    CHECK(!codes.empty());
    CHECK(testing::bytes_of(folder.path() / "new/codes.csv") == codes);
    CHECK_FALSE(fs::exists(folder.path() / "new/model.safetensors"));
    CHECK_FALSE(fs::exists(folder.path() / "new/error.csv"));
}

TEST_CASE("flowers: a study leaves its table and its results") {
    const TemporaryFolder folder;
    folder.write("three", "rose.png\niris.png\ndaffodil.png\n");
    // Of the plain loops, the widest nets take seconds.
    const std::string few = reference_kernels ? "architectures --variant 1024,6 --variant 1024,8,6" : "architectures";
    for (const std::string& variants : {std::string("latent"), few}) {
        const std::string study = variants.substr(0, variants.find(' '));
        CAPTURE(study);
        const Ended ended = run(
            folder, "--list three --batch-size 3 --epochs 1 --out " + study + " --study " + variants);
        CHECK(ended.status == 1);
        CHECK(ended.err.empty());
        CHECK(contains(ended.out, "No variant met the criterion"));
        const std::string table = testing::bytes_of(folder.path() / study / (study + ".csv"));
        CHECK(std::ranges::count(table, '\n') ==
              1 + static_cast<int>(results(folder, study)["variants"].size()));
        CHECK(results(folder, study)["study"] == study);
    }
    const Json latent = results(folder, "latent")["variants"];
    REQUIRE(latent.size() == 6);
    for (std::size_t v = 0; v < 5; ++v) {  // of latent size 6, 5, ..., 2
        CHECK(latent[v]["layers"][3] == 6 - v);
        CHECK(latent[v]["mse"].get<double>() > 5e-3);
        CHECK(latent[v]["pca_mse"].get<double>() < 1e-6);  // three images lie in a plane
    }
    CHECK(results(folder, "architectures")["variants"].size() == (reference_kernels ? 2 : 6));
}

TEST_CASE("flowers: a folder of other images of any size and kind") {
    const TemporaryFolder folder;
    copy_images(folder, "images",
                {"colour.jpg", "gray8.png", "rgba.png", "rgb_portrait.png", "rgb_landscape.png",
                 "one_gray.png", "progressive.jpg"});
    CHECK(run(folder, untrained + "--images images").status == 1);
    CHECK(results(folder)["images"] == 7);
    CHECK(results(folder)["mse_per_image"].size() == 7);
}

TEST_CASE("flowers: of many images the sheet shows the first ones and says so") {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "many");
    for (int i = 100; i < 197; ++i) {
        folder.write("many/" + std::to_string(i) + ".png", image_bytes("one_gray.png"));
    }
    CHECK(run(folder, untrained + "--images many --out out").status == 1);
    CHECK(contains(testing::bytes_of(folder.path() / "out/reconstruction.gp"),
                   ": the first 96 of 97 images"));
    CHECK(contains(testing::bytes_of(folder.path() / "out/new_flower.gp"), "Of pairs of the first 64 images."));
    CHECK(fs::file_size(folder.path() / "out/reconstruction.dat") < 20'000'000);
}

TEST_CASE("flowers: an image of a single pixel is one like any other") {
    const TemporaryFolder folder;
    copy_images(folder, "one", {"one_black.png", "one_gray.png"});
    const Ended ended = run(folder, untrained + "--images one");
    CHECK(ended.status == 1);
    CHECK(ended.err.empty());
    CHECK(results(folder)["images"] == 2);
}

TEST_CASE("flowers: a single image is enough") {
    const TemporaryFolder folder;
    copy_images(folder, "one", {"one_gray.png"});
    const Ended ended = run(folder, "--layers 1024,6,2 --epochs 1 --batch-size 1 --images one");
    CHECK((ended.status == 0 || ended.status == 1));  // gray is soon learnt
    CHECK(ended.err.empty());
    CHECK(results(folder)["images"] == 1);
    CHECK(!results(folder).contains("new_flowers"));  // there is nothing half-way
}

TEST_CASE("flowers: a mixed folder says what it skipped") {
    const TemporaryFolder folder;
    copy_images(folder, "mixed", {"colour.jpg", "gray8.png"});
    folder.write("mixed/notes.txt", "not an image");
    fs::create_directory(folder.path() / "mixed/below");
    const Ended ended = run(folder, untrained + "--images mixed");
    CHECK(ended.status == 1);
    CHECK(ended.err.empty());
    CHECK(contains(ended.out, "  skipped: below: a folder\n"));
    CHECK(contains(ended.out, "  skipped: notes.txt: not a .jpg, .jpeg or .png file\n"));
    CHECK(results(folder)["skipped"].size() == 2);
    CHECK(results(folder)["images"] == 2);
}

TEST_CASE("flowers: files of Oxford 102 can be read") {
    const fs::path oxford = HOURGLASS_SOURCE_DIR "/../shared/data/oxford102";
    if (!fs::is_directory(oxford)) {
        MESSAGE("there is no " << oxford.string());
        return;
    }
    Names names;
    for (const auto& entry : fs::directory_iterator(oxford)) {
        if (entry.path().extension() == ".jpg") {
            names.push_back(entry.path().filename().string());
        }
    }
    std::ranges::sort(names);
    REQUIRE(names.size() >= 5);
    const TemporaryFolder folder;
    std::string list = "# five are enough\n";
    for (std::size_t i = 0; i < 5; ++i) {
        list += names[i] + "\n";
    }
    folder.write("five", list);
    const Ended ended = run(folder, untrained + "--images '" + oxford.string() + "' --list five");
    CHECK(ended.status == 1);
    CHECK(ended.err.empty());
    CHECK(results(folder)["images"] == 5);
    CHECK(results(folder)["mse_per_image"].contains(names[4]));
    CHECK(results(folder)["mse"]["2"]["mean_image"].get<double>() > 0.01);  // they differ
}

TEST_CASE("flowers: with gnuplot there are pictures and without it a line says so") {
    const TemporaryFolder folder;
    write_four(folder);
    const std::string options = "--list four --layers 1024,6,3 --batch-size 4 --epochs 2 ";
    CHECK(contains(run(folder, options + "--out none").out, "No pictures: gnuplot was not found"));
    CHECK_FALSE(fs::exists(folder.path() / "none/error.png"));
    const Ended drawn = run(folder, options + "--animate --out drawn", testing::with_gnuplot);
    CHECK(drawn.status == 1);
    CHECK(drawn.err.empty());
    if (contains(drawn.out, "gnuplot was not found")) {
        MESSAGE("there is no gnuplot on this machine");
        return;
    }
    for (const std::string name :
         {"error", "reconstruction", "transitions", "new_flower", "walk"}) {
        CHECK_MESSAGE(testing::is_png(folder.path() / "drawn" / (name + ".png")), name);
        CHECK_MESSAGE(contains(drawn.out, name + ".png"), name);
    }
    CHECK(testing::bytes_of(folder.path() / "drawn/forming.gif").starts_with("GIF89a"));
    testing::check_tidy(folder);
}

TEST_CASE("flowers: a folder without images is refused") {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "empty");
    fs::create_directory(folder.path() / "texts");
    folder.write("texts/notes.txt", "not an image");
    folder.write("file", "no folder");
    check_refused(folder, "--images empty", {"empty: ", "expected .jpg, .jpeg or .png"});
    check_refused(folder, "--images texts", {"texts: ", "expected .jpg, .jpeg or .png"});
    check_refused(folder, "--images missing", {"missing: ", "expected a folder of images"});
    check_refused(folder, "--images file", {"file: ", "expected a folder of images"});
    check_refused(folder, "--images ''", {"folder of images"});
}

TEST_CASE("flowers: a damaged image is refused by name") {
    const TemporaryFolder folder;
    const std::string jpeg = image_bytes("colour.jpg"), png = image_bytes("gray8.png");
    REQUIRE(jpeg.size() > 100);
    REQUIRE(png.size() > 60);
    for (const std::string name : {"text", "empty", "cut", "cut-header", "cut-png"}) {
        copy_images(folder, name, {"gray8.png"});  // a good one does not save it
    }
    folder.write("text/bad.jpg", "this is text\n");
    folder.write("empty/bad.png", "");
    folder.write("cut/bad.jpg", jpeg.substr(0, jpeg.size() / 2));
    folder.write("cut-header/bad.jpg", jpeg.substr(0, 30));
    folder.write("cut-png/bad.png", png.substr(0, png.size() / 2));
    check_refused(folder, "--images text", {"text/bad.jpg: ", "expected a JPEG or PNG file"});
    check_refused(folder, "--images empty", {"empty/bad.png: ", "an empty file"});
    check_refused(folder, "--images cut", {"cut/bad.jpg: "});
    check_refused(folder, "--images cut-header", {"cut-header/bad.jpg: "});
    check_refused(folder, "--images cut-png", {"cut-png/bad.png: "});
}

TEST_CASE("flowers: a bad list is refused with file and line") {
    const TemporaryFolder folder;
    folder.write("missing", "rose.png\n\nno-such-flower.png\n");
    folder.write("nothing", "# no names\n\n");
    folder.write("text", "rose.png\nLICENSE.txt\n");
    check_refused(folder, "--list missing",
                  {"missing:3: ", "no-such-flower.png", "cannot be opened"});
    check_refused(folder, "--list nothing", {"nothing: ", "found none"});
    check_refused(folder, "--list text", {"text:2: ", "LICENSE.txt"});
    check_refused(folder, "--list none", {"none: ", "cannot be opened"});
    check_refused(folder, "--list .", {".: ", "cannot be opened"});
}

TEST_CASE("flowers: fewer images than the batch are refused") {
    const TemporaryFolder folder;
    write_four(folder);
    copy_images(folder, "two", {"colour.jpg", "gray8.png"});
    check_refused(folder, "--batch-size 25", {"data/flowers: 24 images", "--batch-size 24"});
    check_refused(folder, "--list four --batch-size 5", {"4 images", "--batch-size 4"});
    check_refused(folder, "--list four", {"4 images", "--batch-size 4"});
    check_refused(folder, "--images two --batch-size 3", {"two: 2 images", "--batch-size 2"});
    check_refused(folder, "--batch-size 0", {"--batch-size"});
    CHECK(run(folder, "--layers 1024,6,2 --epochs 1 --list four --batch-size 4").status == 1);
}

TEST_CASE("flowers: an image that is not there is refused") {
    for (const std::string flower : {"99", "0", "25", "-1", "nonsense", "1x"}) {
        check_refused("--flower=" + flower, {"--flower", "24"});
    }
    for (const std::string pair : {"1-99", "99-1", "0-1", "1", "1-", "-1", "rose-nonsense"}) {
        check_refused("--transition=" + pair, {"--transition", "24"});
    }
    check_refused("--flower ''", {"--flower", "24"});
    check_refused("--transition ''", {"--transition", "24"});
}

TEST_CASE("flowers: widths that make no network for the images are refused") {
    for (const std::string layers : {"1023,6", "35,6", "6,1024", "1024", "1024,0", "text", "''"}) {
        check_refused("--layers=" + layers, {"--layers"});
    }
    check_refused("--layers 1024,8,1 --animate", {"--animate", "latent"});
}

TEST_CASE("flowers: what does not go together is refused") {
    const TemporaryFolder folder;
    write_four(folder);
    CHECK(run(folder, untrained + "--list four --quiet --out old").status == 1);
    check_refused("--study nonsense", {"--study", "'nonsense'", "latent", "architectures"});
    check_refused("--study latent --layers 1024,6", {"--study", "--layers"});
    check_refused(folder, "--load old/model.safetensors --study latent", {"--load", "--study"});
    check_refused(folder, "--load old/model.safetensors --layers 1024,7", {"1024-6-2", "1024-7"});
    check_refused("--load none.safetensors", {"none.safetensors"});
    check_refused("--seeds 3", {"--seeds"});  // of the letters
    check_refused("nonsense", {"options"});
}

}  // namespace hourglass
