#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>

#include "data/making_images.hpp"
#include "exercises/running.hpp"

// End to end, through the program that ./lab satellite runs, on a few images of few pixels.

namespace hourglass {
namespace {

namespace fs = std::filesystem;

using testing::contains;
using testing::Ended;
using testing::Json;
using testing::Names;
using testing::TemporaryFolder;

constexpr std::size_t side = 8, of_each = 9;

/// Gray values of an image: the sea is dark and even, a city is bright with streets.
std::vector<std::vector<int>> image(bool is_city, std::size_t i) {
    std::vector<std::vector<int>> rows(side, std::vector<int>(side));
    for (std::size_t y = 0; y < side; ++y) {
        for (std::size_t x = 0; x < side; ++x) {
            const std::size_t grain = (i * 31 + x * 17 + y * 23) % 40;
            rows[y][x] = static_cast<int>(is_city ? ((x + i) % 4 == 0 || y % 4 == 0 ? 60 : 200) + grain : 10 + i + grain);
        }
    }
    return rows;
}

/// A folder `set` of 18 images in two classes.
void write_set(const TemporaryFolder& folder) {
    for (const std::string name : {"city", "sea"}) {
        fs::create_directories(folder.path() / "set" / name);
        for (std::size_t i = 0; i < of_each; ++i) {
            folder.write("set/" + name + "/" + std::to_string(i) + ".png", testing::gray_png(image(name == "city", i)));
        }
    }
}

// Of few filters, for the plain loops of a debug build.
const std::string layers = "conv(3,4x4,s2,same) relu";
const std::string small = "--data set --size 8 --latent 3 --layers '" + layers + "' ";

Ended run(const TemporaryFolder& folder, const std::string& arguments,
          const std::string& gnuplot = testing::without_gnuplot) {
    const std::string epochs = contains(arguments, "--epochs") ? "" : "--epochs 2 --batch-size 6 ";
    return testing::run_program(HOURGLASS_SATELLITE, folder, small + epochs + arguments, gnuplot);
}

void check_refused(const TemporaryFolder& folder, const std::string& arguments, const Names& parts) {
    testing::check_refused(HOURGLASS_SATELLITE, folder, arguments, parts);
}

Json results(const TemporaryFolder& folder, const std::string& out = "out/satellite") {
    return testing::read_results(folder, out);
}

/// The last line of error.csv, by the names of its columns.
std::map<std::string, double> last_epoch(const TemporaryFolder& folder) {
    std::istringstream csv(testing::bytes_of(folder.path() / "out/satellite/error.csv"));
    std::string names, values, name, value;
    std::getline(csv, names);
    for (std::string line; std::getline(csv, line);) {
        values = line;
    }
    std::istringstream name_fields(names), value_fields(values);
    std::map<std::string, double> result;
    while (std::getline(name_fields, name, ',') && std::getline(value_fields, value, ',')) {
        result[name] = std::stod(value);
    }
    return result;
}

}  // namespace

TEST_CASE("satellite: a run says what its codes are worth, and leaves its files, maps and pictures' data") {
    const TemporaryFolder folder;
    write_set(folder);
    const Ended ended = run(folder, "");
    CHECK(ended.status < 2);
    CHECK(ended.err.empty());
    CHECK(contains(ended.out, "Exercise 5: 18 images of 2 classes, each as a normal distribution of 3 numbers"));
    for (const std::string name : {"results.json", "codes.csv", "error.csv", "model.safetensors", "report.md"}) {
        CHECK_MESSAGE(fs::exists(folder.path() / "out/satellite" / name), name);
    }
    for (const std::string name : {"map.png", "pca.png"}) {
        CHECK_MESSAGE(testing::is_png(folder.path() / "out/satellite" / name), name);
    }
    for (const std::string picture : {"error", "reconstruction", "units", "samples", "transitions", "map_classes", "pca_classes"}) {
        CHECK_MESSAGE(fs::exists(folder.path() / "out/satellite" / (picture + ".gp")), picture);
    }
    const Json r = results(folder);
    CHECK(r["exercise"] == "satellite");
    CHECK(r["criterion_met"] == (ended.status == 0));
    CHECK(r["layers"][2] == "sampling(3," + std::to_string(0) + ".00010416666666666669) identity");  // 2 sigma^2 / d
    CHECK(r["elbo"].get<double>() == doctest::Approx(-r["reconstruction"].get<double>() - r["kl"].get<double>()));
    CHECK(r["unit_kl"].size() == 3);
    for (const char* of : {"codes", "tsne", "pca", "pca_plane"}) {
        CHECK(r["purity"][of].get<double>() > 0.6);  // 0.47 by chance
        CHECK(r["purity"][of].get<double>() <= 0.8);  // of 10 neighbours 8 can be of one's class of 9
    }
    for (const char* of : {"kl", "trustworthiness", "continuity", "seconds"}) {
        CHECK(r["tsne"][of].get<double>() > 0);
    }
    testing::check_tidy(folder);
}

TEST_CASE("satellite: the mean image and the sum of all variances, counted again from the pixels") {
    const TemporaryFolder folder;
    write_set(folder);
    run(folder, "");
    double error = 0;
    for (std::size_t p = 0; p < side * side; ++p) {
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < 2 * of_each; ++i) {
            const double value = image(i < of_each, i % of_each)[p / side][p % side] / 255.0;
            sum += value / (2 * of_each);
            squares += value * value / (2 * of_each);
        }
        error += (squares - sum * sum) / (side * side);
    }
    const Json baselines = results(folder)["baselines"];
    CHECK(baselines["mean_image"].get<double>() == doctest::Approx(error).epsilon(1e-5));
    CHECK(baselines["pca"].get<double>() < error);
    CHECK(baselines["pca"].get<double>() > 0);
}

TEST_CASE("satellite: the loss is the nats of an image by the square of sigma, and of cross-entropy the nats themselves") {
    const TemporaryFolder folder;
    write_set(folder);
    run(folder, "--sigma 0.5 --beta 2");
    const auto gaussian = last_epoch(folder);
    const double nats = 3 * side * side / (2 * 0.5 * 0.5);
    CHECK(gaussian.at("error") * nats == doctest::Approx(gaussian.at("reconstruction") + gaussian.at("beta_kl")).epsilon(1e-6));
    CHECK(results(folder)["sigma"] == 0.5);
    run(folder, "--loss cross_entropy");
    const auto bernoulli = last_epoch(folder);
    CHECK(bernoulli.at("error") == doctest::Approx(bernoulli.at("reconstruction") + bernoulli.at("beta_kl")).epsilon(1e-6));
    CHECK(results(folder)["layers"][2] == "sampling(3,1) identity");
    CHECK(results(folder)["baselines"]["linear_elbo"].is_null());  // of normal pixels alone
}

TEST_CASE("satellite: the same seed and any number of threads give the same bits, another seed others") {
    const TemporaryFolder folder;
    write_set(folder);
    run(folder, "--seed 7 --threads 1 --out a");
    run(folder, "--seed 7 --threads 3 --out b");
    run(folder, "--seed 8 --out c");
    REQUIRE(!testing::model_bytes(folder, "a").empty());
    CHECK(testing::model_bytes(folder, "a") == testing::model_bytes(folder, "b"));
    for (const std::string file : {"codes.csv", "error.csv", "map.png"}) {
        const auto bytes = [&](const std::string& out) { return testing::bytes_of(folder.path() / out / file); };
        CHECK_MESSAGE(bytes("a") == bytes("b"), file);
        CHECK_MESSAGE(bytes("a") != bytes("c"), file);
    }
}

TEST_CASE("satellite: a run goes on from its model, and one of another beta is refused") {
    const TemporaryFolder folder;
    write_set(folder);
    run(folder, "--out first");
    const Json first = results(folder, "first");
    const Ended again = run(folder, "--epochs 0 --load first/model.safetensors --out same");
    CHECK(again.status < 2);
    CHECK(results(folder, "same")["mse"] == first["mse"]);
    CHECK(results(folder, "same")["elbo"] == first["elbo"]);
    CHECK(results(folder, "same")["purity"] == first["purity"]);
    run(folder, "--load first/model.safetensors --out second");
    CHECK(results(folder, "second")["epochs_before"] == 2);
    check_refused(folder, small + "--beta 2 --load first/model.safetensors",
                  {"expected a model of ", "sampling(3,0.00020", "found one of ", "sampling(3,0.00010"});
}

TEST_CASE("satellite: what does not fit is refused, each in one line") {
    const TemporaryFolder folder;
    write_set(folder);
    check_refused(folder, small + "--loss mae", {"--loss: expected mse, for a normal distribution of a pixel, or cross_entropy, got mae"});
    check_refused(folder, small + "--loss cross_entropy --sigma 0.2", {"--sigma is of no use to --loss cross_entropy"});
    check_refused(folder, small + "--sigma 0", {"--sigma: expected a positive number, got 0"});
    check_refused(folder, small + "--beta -1", {"--beta: expected a number of at least 0, got -1"});
    check_refused(folder, small + "--transition 1-99", {"--transition: expected two of the 18 images, such as 1-2, got '1-99'"});
    check_refused(folder, small + "--decoder 'dense(7) sigmoid'", {"--decoder: expected ", " numbers to come out, got 7"});
    check_refused(folder, small + "--study width", {"--study: expected filters, kernels, layers, pooling, reconstruction, got 'width'"});
    check_refused(folder, "--data none", {"none: expected a folder of images"});
    check_refused(folder, "--data set/sea", {"set/sea: expected 12 images or more in subfolders", "found 9 in 0"});
    check_refused(folder, "--data set --size 8", {"a window of 4x4 is larger than its image of 2x2x"});
}

TEST_CASE("satellite: a study compares error, KL and purity of its nets with PCA") {
    const TemporaryFolder folder;
    write_set(folder);
    const std::string set = "--data set --size 32 --latent 3 --batch-size 6 --epochs 2 ", conv = "conv(2,4x4,s4,same) relu";
    const Ended ended = testing::run_program(
        HOURGLASS_SATELLITE, folder,
        set + "--study reconstruction --variant 'points: " + conv + ", dense(3)' --variant 'beta 1: " + conv +
            ", dense(6), sampling(3,0.0001)'");
    CHECK(ended.status < 2);
    CHECK(ended.err.empty());
    CHECK(contains(ended.out, "PCA with as many components: MSE "));
    const Json r = results(folder);
    REQUIRE(r["variants"].size() == 2);
    CHECK(r["variants"][0]["name"] == "points");
    CHECK(r["variants"][0]["kl"].is_null());
    CHECK(r["variants"][1]["kl"].get<double>() > 0);
    CHECK(r["pca_purity"].get<double>() > 0.6);
    for (const std::string picture : {"reconstruction_images", "reconstruction_purity"}) {
        CHECK_MESSAGE(fs::exists(folder.path() / "out/satellite" / (picture + ".gp")), picture);
    }
    check_refused(folder, small + "--study filters", {"--layers is of no use to --study filters"});
    check_refused(folder, set + "--beta 2 --study reconstruction", {"--beta is of no use to --study reconstruction"});
}

TEST_CASE("satellite: --help shows the options and needs no images") {
    const TemporaryFolder folder;
    const Ended ended = testing::run_program(HOURGLASS_SATELLITE, folder, "--data none --help");
    CHECK(ended.status == 0);
    CHECK(contains(ended.out, "--sigma"));
    CHECK(contains(ended.out, "reconstruction"));
    CHECK(folder.names().empty());
}

}  // namespace hourglass
