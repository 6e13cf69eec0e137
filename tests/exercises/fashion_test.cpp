#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "exercises/running.hpp"
#include "hourglass/core/reference.hpp"
#include "idx_bytes.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// End to end, through the program that ./lab fashion runs, on a few images of few pixels.

namespace hourglass {
namespace {

namespace fs = std::filesystem;

using testing::contains;
using testing::Ended;
using testing::idx_bytes;
using testing::Json;
using testing::model_bytes;
using testing::Names;
using testing::TemporaryFolder;

/// Images of `side` x `side` pixels: those of a class share a pattern, in each others are white besides.
std::string pixels(std::size_t count, std::size_t side, std::size_t first) {
    std::string bytes;
    for (std::size_t i = first; i < first + count; ++i) {
        for (std::size_t p = 0; p < side * side; ++p) {
            const bool white = p % 10 == i % 10 || p % 7 == i % 7;
            bytes += static_cast<char>(white ? 255 - (i * 31 + p * 17) % 90 : (i * 13 + p * 7) % 60);
        }
    }
    return bytes;
}

std::string labels(std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
        bytes += static_cast<char>(i % 10);
    }
    return bytes;
}

/// A folder `set` of four IDX files.
void write_set(const TemporaryFolder& folder, std::size_t side = 8, std::size_t train = 40, std::size_t test = 20) {
    fs::create_directory(folder.path() / "set");
    folder.write("set/train-images-idx3-ubyte", idx_bytes({train, side, side}, pixels(train, side, 0)));
    folder.write("set/train-labels-idx1-ubyte", idx_bytes({train}, labels(train)));
    folder.write("set/t10k-images-idx3-ubyte", idx_bytes({test, side, side}, pixels(test, side, 1000)));
    folder.write("set/t10k-labels-idx1-ubyte", idx_bytes({test}, labels(test)));
}

Ended run(const TemporaryFolder& folder, const std::string& arguments,
          const std::string& gnuplot = testing::without_gnuplot) {
    const std::string epochs = contains(arguments, "--epochs") ? "" : "--epochs 1 ";
    return testing::run_program(HOURGLASS_FASHION, folder, "--data set " + epochs + arguments, gnuplot);
}

void check_refused(const TemporaryFolder& folder, const std::string& arguments, const Names& parts) {
    testing::check_refused(HOURGLASS_FASHION, folder, "--data set --epochs 1 " + arguments, parts);
}

Json results(const TemporaryFolder& folder, const std::string& out = "out/fashion") {
    return testing::read_results(folder, out);
}

/// The numbers of a line of error.csv, counted from 1, by the names of their columns.
std::map<std::string, double> error_line(const TemporaryFolder& folder, std::size_t line) {
    std::istringstream csv(testing::bytes_of(folder.path() / "out/fashion/error.csv"));
    std::string names, values, name, value;
    std::getline(csv, names);
    for (std::size_t l = 0; l < line; ++l) {
        std::getline(csv, values);
    }
    std::istringstream name_fields(names), value_fields(values);
    std::map<std::string, double> result;
    while (std::getline(name_fields, name, ',') && std::getline(value_fields, value, ',')) {
        result[name] = std::stod(value);
    }
    return result;
}

}  // namespace

TEST_CASE("fashion: each kind trains, reports and leaves its files and pictures' data") {
    const TemporaryFolder folder;
    write_set(folder, reference_kernels ? 4 : 8);
    const std::string side = reference_kernels ? "4x4" : "8x8";
    struct Kind {
        std::string name, few;  // layers of few units, for the plain loops of a debug build
        Names pictures;
    };
    const std::vector<Kind> kinds = {
        {"basic", "dense(3) relu", {"reconstruction", "units"}},
        {"denoising", "conv(2,3x3) relu", {"denoised", "units"}},
        {"variational", "dense(4), sampling(2)", {"reconstruction", "units", "plane", "samples", "transitions"}},
        {"convolutional-variational",
         "conv(2,3x3,s2,same) relu, dense(4), sampling(2)",
         {"reconstruction", "units", "plane", "samples", "transitions", "codes"}},
        {"supervised", "dense(3) relu", {"confusion", "wrong"}}};
    for (const Kind& each : kinds) {
        const std::string& kind = each.name;
        CAPTURE(kind);
        const std::string net = reference_kernels ? " --layers '" + each.few + "'" : "";
        const Ended ended = run(folder, "--kind " + kind + net + " --out " + kind);
        CHECK(ended.status < 2);
        CHECK(ended.err.empty());
        CHECK(contains(ended.out, "Exercise 3, " + kind + ": 40 training and 20 test images of " + side + " pixels"));
        for (const std::string name : {"results.json", "codes.csv", "error.csv", "model.safetensors", "error.dat"}) {
            CHECK_MESSAGE(fs::exists(folder.path() / kind / name), name);
        }
        for (const std::string& picture : each.pictures) {
            CHECK_MESSAGE(fs::exists(folder.path() / kind / (picture + ".gp")), picture);
        }
        const Json r = results(folder, kind);
        CHECK(r["exercise"] == "fashion");
        CHECK(r["kind"] == kind);
        CHECK(r["epochs"] == 1);
        CHECK(r["seconds"].get<double>() > 0);
        CHECK(r["parameters"].get<std::size_t>() > 0);
        CHECK(r["layers"].size() >= 2);
        CHECK(r["criterion_met"] == (ended.status == 0));
        CHECK(r["linear_classifier"].size() == 3);
        for (const char* set : {"train", "test"}) {
            CHECK(r[set]["error"].get<double>() > 0);
            CHECK(r[set].contains("elbo") == contains(kind, "variational"));
            CHECK(r[set].contains("accuracy") == (kind == "supervised"));
        }
    }
    testing::check_tidy(folder);
}

TEST_CASE("fashion: results.json and the last line of error.csv agree, and the ELBO is the sum of its parts") {
    const TemporaryFolder folder;
    write_set(folder, 4);
    run(folder, "--kind variational --epochs 2 --layers 'dense(4), sampling(2)'");
    const Json r = results(folder);
    const auto line = error_line(folder, 2);
    CHECK(line.at("epoch") == 2);
    for (const std::string key : {"error", "elbo", "reconstruction", "kl"}) {
        CHECK(line.at("test_" + key) == doctest::Approx(r["test"][key].get<double>()).epsilon(1e-6));
    }
    for (const char* set : {"train", "test"}) {
        const double elbo = r[set]["elbo"], reconstruction = r[set]["reconstruction"], kl = r[set]["kl"];
        CHECK(elbo < 0);
        CHECK(kl >= 0);
        CHECK(elbo == doctest::Approx(-reconstruction - kl));
    }
    CHECK(line.at("train_elbo") < error_line(folder, 1).at("train_elbo") + 10);
    CHECK(line.at("error") == doctest::Approx(-line.at("train_elbo")));
    CHECK(r["unit_kl"].size() == 2);
    CHECK(r["layers"] == Json{"dense(16,4) identity", "sampling(2,1) identity", "dense(2,16) sigmoid"});
}

TEST_CASE("fashion: the baselines are what they say, counted again from the pixels") {
    const TemporaryFolder folder;
    write_set(folder, 4);
    run(folder, "--layers 'dense(3) relu'");
    const std::string train = pixels(40, 4, 0), test = pixels(20, 4, 1000);
    const auto value = [](char byte) { return static_cast<unsigned char>(byte) / 255.0; };
    double error = 0;
    for (std::size_t p = 0; p < 16; ++p) {
        double mean = 0;
        for (std::size_t i = 0; i < 40; ++i) {
            mean += value(train[16 * i + p]) / 40;
        }
        for (std::size_t i = 0; i < 20; ++i) {
            error += (value(test[16 * i + p]) - mean) * (value(test[16 * i + p]) - mean) / (16 * 20);
        }
    }
    const Json basic = results(folder);
    CHECK(basic["baselines"]["mean_image"].get<double>() == doctest::Approx(error).epsilon(1e-5));
    CHECK(basic["baselines"]["pca"].get<double>() < error);
    CHECK(basic["criterion_met"] == (basic["test"]["error"] < basic["baselines"]["pca"]));
    // Noise of a standard deviation far above 1, clipped, makes each pixel black or white, equally often.
    run(folder, "--kind denoising --noise 1e6 --layers 'conv(2,3x3) relu'");
    const double half = results(folder)["baselines"]["do_nothing"];
    double expected = 0;
    for (const char byte : test) {
        expected += (value(byte) * value(byte) + (1 - value(byte)) * (1 - value(byte))) / (2.0 * 16 * 20);
    }
    CHECK(std::abs(half - expected) < 0.1);
    run(folder, "--kind denoising --noise 0 --layers 'conv(2,3x3) relu'");
    const Json clean = results(folder);
    CHECK(clean["baselines"]["do_nothing"] == 0);
    CHECK(clean["clean_images"] == clean["test"]["error"]);
}

TEST_CASE("fashion: the same seed and any number of threads give the same bits, another seed others") {
    const TemporaryFolder folder;
    write_set(folder, reference_kernels ? 4 : 8);
    for (const std::string kind : {"denoising", "variational"}) {
        CAPTURE(kind);
        const std::string few = kind == "denoising" ? "conv(2,3x3) relu" : "dense(4), sampling(2)";
        const std::string options =  // plain loops are split for none, whatever the size
            "--kind " + kind + (reference_kernels ? " --layers '" + few + "'" : "");
        run(folder, options + " --seed 7 --threads 1 --out a");
        run(folder, options + " --seed 7 --threads 3 --out b");
        run(folder, options + " --seed 8 --out c");
        REQUIRE(!model_bytes(folder, "a").empty());
        CHECK(model_bytes(folder, "a") == model_bytes(folder, "b"));
        CHECK(testing::bytes_of(folder.path() / "a/error.csv") == testing::bytes_of(folder.path() / "b/error.csv"));
        CHECK(testing::bytes_of(folder.path() / "a/codes.csv") != testing::bytes_of(folder.path() / "c/codes.csv"));
    }
}

TEST_CASE("fashion: a classifier learns ten patterns, and a linear one on its hidden units knows them too") {
    const TemporaryFolder folder;
    write_set(folder, 4, 100);
    const Ended ended = run(folder, "--kind supervised --layers 'dense(16) relu' --epochs 100 --learning-rate 0.01");
    const Json r = results(folder);
    CHECK(r["test"]["accuracy"].get<double>() > 0.7);
    CHECK(r["train"]["accuracy"].get<double>() > 0.9);
    CHECK(error_line(folder, 100).at("test_accuracy") == r["test"]["accuracy"].get<double>());
    for (const Json& probe : r["linear_classifier"]) {
        CHECK(probe["accuracy"].get<double>() > 0.5);
        CHECK(probe["accuracy_100_labels"].get<double>() > 0.5);  // there are just 100
    }
    CHECK(contains(ended.out, "Test images named rightly: "));
}

TEST_CASE("fashion: a run goes on from its model, and the codes of others are compared") {
    const TemporaryFolder folder;
    write_set(folder, 4);
    const std::string options = "--layers 'dense(3) relu' ";
    run(folder, options + "--out first");
    const Ended report = run(folder, "--epochs 0 " + options + "--load first/model.safetensors --out same");
    CHECK(report.status == 1);
    CHECK(results(folder, "same")["test"] == results(folder, "first")["test"]);
    run(folder, options + "--load first/model.safetensors --out second");
    CHECK(results(folder, "second")["epochs_before"] == 1);
    CHECK(results(folder, "second")["train"]["error"] < results(folder, "first")["train"]["error"]);
    run(folder, "--kind supervised --codes first/model.safetensors --out probes");
    const Json probes = results(folder, "probes")["linear_classifier"];
    REQUIRE(probes.size() == 4);
    CHECK(probes[1]["features"] == "the 3 codes of first/model.safetensors");
}

TEST_CASE("fashion: a model of another kind is refused, with both in the message") {
    const TemporaryFolder folder;
    write_set(folder, 4);
    run(folder, "--layers 'dense(3) relu' --out first");
    const std::string load = "--load first/model.safetensors ";
    check_refused(folder, load, {"first/model.safetensors: expected a model of dense(16,64) relu (the code), dense(64,16)",
                                 "found one of dense(16,3) relu (the code), dense(3,16) sigmoid"});
    check_refused(folder, load + "--kind variational", {"expected a model of dense(16,400)", "found one of dense(16,3)"});
    check_refused(folder, load + "--kind supervised", {"dense(128,10) softmax", "found one of"});
    const TemporaryFolder other;
    write_set(other, 8);
    other.write("model.safetensors", model_bytes(folder, "first"));
    check_refused(other, "--kind supervised --codes model.safetensors",
                  {"model.safetensors: expected a model of 64 pixels, found one of 16"});
    check_refused(folder, "--load none", {"none: cannot be opened"});
}

TEST_CASE("fashion: files that are no such images are refused, each in one line") {
    const TemporaryFolder folder;
    check_refused(folder, "", {"set: train-images-idx3-ubyte is missing; expected ", "t10k-labels-idx1-ubyte"});
    write_set(folder, 4);
    const auto with = [&](const std::string& file, const std::string& bytes, const Names& parts) {
        const std::string before = testing::bytes_of(folder.path() / "set" / file);
        folder.write("set/" + file, bytes);
        check_refused(folder, "", parts);
        folder.write("set/" + file, before);
    };
    const std::string images = "train-images-idx3-ubyte";
    const std::string good = testing::bytes_of(folder.path() / "set" / images);
    with(images, good.substr(0, 100), {images + ": its header says 40 images of 4x4, and it holds 5"});
    with(images, good + "x", {"and it holds more"});
    with(images, "PK" + good, {"expected an IDX file of images"});
    with(images, idx_bytes({2'000'000, 28, 28}, ""), {"expected 1 to 1000000000 bytes, its header says 2000000 images of 28x28"});
    with(images, "\x1f\x8b\x08" + std::string(20, '\0'), {"damaged gzip file"});
    with("train-labels-idx1-ubyte", idx_bytes({39}, labels(39)), {"has 39 labels, expected one for each of the 40 images"});
    with("t10k-labels-idx1-ubyte", idx_bytes({20}, std::string(20, '\x0b')), {"label 1 is 11, expected 0 to 9"});
    with("t10k-images-idx3-ubyte", idx_bytes({20, 5, 4}, std::string(400, 'x')), {"expected images of 4x4, as those to train on, got 5x4"});
}

TEST_CASE("fashion: layers that do not meet are refused with what came in and what fits") {
    const TemporaryFolder folder;
    write_set(folder);
    const auto layers = [&](const std::string& list, const Names& parts) {
        check_refused(folder, "--layers '" + list + "'", parts);
    };
    layers("conv(4,9x9) relu", {"--layers: layer 1 'conv(4,9x9)': ", "8x8"});
    layers("conv(4,3x3,s0) relu", {"--layers: layer 1", "stride"});
    layers("conv(4,3x3,s2) relu", {"--layers: conv(8x8x1,4,3x3,s2) has no mirror in a decoder: transposed, it gives 7x7x1, expected 8x8x1"});
    layers("dense(20), dense(21,2)", {"layer 2 'dense(21,2)': takes 21 numbers a sample, and 20 numbers come in"});
    layers("dropout(1), dense(3)", {"layer 1 'dropout(1)'", "got 1"});
    layers("dense(4), sampling(2,-1)", {"layer 2 'sampling(2,-1)'", "expected a beta of at least 0, got -1"});
    layers("dense(3) swish", {"unknown activation 'swish'"});
    check_refused(folder, "--layers 'dense(3)' --decoder 'dense(65) sigmoid'", {"--decoder: expected 64 numbers to come out, got 65"});
    check_refused(folder, "--layers 'dense(3)' --decoder 'dense(64) relu' --loss cross_entropy", {"cross_entropy needs an output of tanh, sigmoid or softmax, not relu"});
    const TemporaryFolder odd;
    write_set(odd, 6);
    check_refused(odd, "--kind convolutional-variational", {"4 divides, got 6x6x1"});
}

TEST_CASE("fashion: options that are none, or out of their range, are refused") {
    const TemporaryFolder folder;
    write_set(folder, 4);
    check_refused(folder, "--kind sparse", {"unknown kind 'sparse': expected basic, denoising, "});
    check_refused(folder, "--recipe quick", {"--recipe: expected default or reference, got 'quick'"});
    check_refused(folder, "--noise -1 --kind denoising", {"a standard deviation of at least 0, got -1"});
    check_refused(folder, "--examples 0", {"--examples"});
    check_refused(folder, "--transition 1-21", {"--transition: expected two of the 20 test images, such as 1-2, got '1-21'"});
    check_refused(folder, "--load x --kind nothing", {"unknown kind"});
    check_refused(folder, "--activation tanh", {"activation"});
}

TEST_CASE("fashion: a map of the codes, or of the pixels, of test images and then of training images") {
    const TemporaryFolder folder;
    write_set(folder, 4);
    const Ended ended = run(folder, "--layers 'dense(3) relu' --map 50");
    CHECK(ended.status < 2);
    CHECK(contains(ended.out, "t-SNE of 50 points, perplexity 16.3333, exact gradient, 1000 steps"));
    CHECK(contains(ended.out, "Which points are neighbours means something."));
    const Json map = results(folder)["tsne"];
    CHECK(map["of"] == "codes");
    CHECK(map["points"] == 50);
    CHECK(map["k"] == 12);
    CHECK(map["kl"].get<double>() > 0);
    for (const char* key : {"trustworthiness", "continuity", "purity", "purity_before"}) {
        CHECK(map[key].get<double>() > 0);
        CHECK(map[key].get<double>() <= 1);
    }
    CHECK(fs::exists(folder.path() / "out/fashion/map.gp"));
    run(folder, "--layers 'dense(3) relu' --map 20 --map-of-pixels");
    const Json of_pixels = results(folder)["tsne"];
    CHECK(of_pixels["of"] == "pixels");
    CHECK(of_pixels["points"] == 20);
    CHECK(of_pixels["purity_before"] != map["purity_before"]);
    run(folder, "--layers 'dense(3) relu'");
    CHECK_FALSE(results(folder).contains("tsne"));
    CHECK_FALSE(fs::exists(folder.path() / "out/fashion/map.gp"));  // that of the run before
    check_refused(folder, "--map 61", {"--map: expected at most the 60 images that there are, got 61"});
    check_refused(folder, "--map 3", {"--map: expected a whole number from 4"});
    check_refused(folder, "--map-of-pixels", {"--map-of-pixels is of no use to a run without --map"});
}

TEST_CASE("fashion: a study trains each of its nets, the decoder mirroring the encoder") {
    const TemporaryFolder folder;
    write_set(folder);
    const Ended ended = run(folder, "--study pooling");
    CHECK(ended.status < 2);
    CHECK(ended.err.empty());
    const Json r = results(folder);
    CHECK(r["exercise"] == "fashion");
    CHECK(r["study"] == "pooling");
    REQUIRE(r["variants"].size() == 3);
    // Of 3x3 windows: 16 filters, 8, 16 and 1, with a bias each; pooling has no parameters.
    CHECK(r["variants"][1]["parameters"] == (9 + 1) * 16 + (9 * 16 + 1) * 8 + 9 * 8 * 16 + 16 + 9 * 16 + 1);
    CHECK(r["variants"][1]["name"] == "max pooling");
    CHECK(r["variants"][2]["test_error"] != r["variants"][1]["test_error"]);
    for (const Json& variant : r["variants"]) {
        CHECK(variant["test_error"].get<double>() > 0);
        CHECK(contains(ended.out, variant["name"].get<std::string>()));
    }
    CHECK(fs::exists(folder.path() / "out/fashion/pooling_time.gp"));
    run(folder, "--study layers --out depth");  // and not the first study that varies --layers
    CHECK(results(folder, "depth")["study"] == "layers");
    CHECK(results(folder, "depth")["variants"][0]["name"] == "1 layer");
    check_refused(folder, "--study pooling --kind basic", {"--study: is of --kind denoising, got --kind basic"});
    check_refused(folder, "--study pooling --layers 'dense(3)'", {"--layers is of no use to --study pooling"});
    check_refused(folder, "--study pooling --map 10", {"--map is of no use to --study pooling"});
    check_refused(folder, "--study depth", {"--study: expected filters, kernels, layers, pooling, got 'depth'"});
}

TEST_CASE("fashion: --help shows the options and needs no images") {
    const TemporaryFolder folder;
    const Ended ended = testing::run_program(HOURGLASS_FASHION, folder, "--help");
    CHECK(ended.status == 0);
    CHECK(contains(ended.out, "--kind"));
    CHECK(contains(ended.out, "--decoder"));
    CHECK(folder.names().empty());
}

}  // namespace hourglass
