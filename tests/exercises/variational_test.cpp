#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "data/making_images.hpp"
#include "exercises/running.hpp"
#include "hourglass/io/model_file.hpp"
#include "hourglass/nn/autoencoder.hpp"

// End to end, through the program that ./lab variational runs.

namespace hourglass {
namespace {

using testing::contains;
using testing::Ended;
using testing::Json;
using testing::Names;
using testing::TemporaryFolder;

/// A small net and little training, for what does not depend on them. What takes time is the estimate of the ELBO.
const std::string small = "--layers 35,3,2 --epochs 3 ";

Ended run(const TemporaryFolder& folder, const std::string& arguments,
          const std::string& gnuplot = testing::without_gnuplot) {
    return testing::run_program(HOURGLASS_VARIATIONAL, folder, arguments, gnuplot);
}

void check_refused(const TemporaryFolder& folder, const std::string& arguments, const Names& parts) {
    testing::check_refused(HOURGLASS_VARIATIONAL, folder, arguments, parts);
}

Json results(const TemporaryFolder& folder, const std::string& out = "out/variational") {
    return testing::read_results(folder, out);
}

/// A folder `set` of three gray images of two sizes.
void write_set(const TemporaryFolder& folder) {
    std::filesystem::create_directory(folder.path() / "set");
    folder.write("set/a.png", testing::gray_png({{0, 255}, {255, 0}}));
    folder.write("set/b.png", testing::gray_png({{255, 255}, {0, 0}}));
    folder.write("set/c.png", testing::gray_png({{9, 0, 200}, {50, 255, 0}, {1, 2, 3}}));
}

const std::string of_set = "--images set --size 2 --epochs 2 ";

}  // namespace

TEST_CASE("variational: the same seed gives the same bits, with any number of threads, and another seed others") {
    const TemporaryFolder folder;
    for (const std::string options : {"--seed 7 --threads 1 --out a", "--seed 7 --threads 3 --out b", "--seed 8 --out c"}) {
        CHECK(run(folder, small + options).status == 1);
    }
    REQUIRE(!testing::model_bytes(folder, "a").empty());
    CHECK(testing::model_bytes(folder, "a") == testing::model_bytes(folder, "b"));
    Json a = testing::results_but_seconds(folder, "a"), b = testing::results_but_seconds(folder, "b");
    a.erase("threads");
    b.erase("threads");
    CHECK(a == b);
    CHECK(results(folder, "c")["elbo"] != a["elbo"]);
}

TEST_CASE("variational: the report and results.json say the ELBO, its parts and what no code goes below") {
    const TemporaryFolder folder;
    const Ended ended = run(folder, "--layers 35,16,2 --epochs 40 --batch-size 4");
    CHECK(ended.status == 1);
    CHECK(ended.err.empty());
    CHECK(contains(ended.out, "Exercise 4: the 32 letters of font3.txt"));
    CHECK(contains(ended.out, "35-16-(2)-16-35"));
    CHECK(contains(ended.out, "variational, beta 1"));
    CHECK(contains(ended.out, "NOT met"));
    CHECK(contains(ended.out, "3.466, the entropy of the set, ln 32"));
    const Json r = results(folder);
    const double elbo = r["elbo"], reconstruction = r["reconstruction"], kl = r["kl"];
    CHECK(elbo == doctest::Approx(-reconstruction - kl));
    CHECK(r["entropy"].get<double>() == doctest::Approx(std::log(32.0)));
    CHECK(-elbo + 4 * r["elbo_standard_error"].get<double>() >= r["entropy"].get<double>());
    CHECK(-elbo < 25);  // 35 ln 2 = 24.3 is what a net says that has learned nothing
    CHECK(kl > 0);
    CHECK(r["unit_kl"].size() == 2);
    CHECK(r["unit_kl"][0].get<double>() + r["unit_kl"][1].get<double>() == doctest::Approx(kl));
    for (const char* key : {"exact", "within_one_pixel", "seed", "layers", "parameters", "epochs", "seconds", "beta",
                            "drawn", "new", "plain", "criterion_met", "mse"}) {
        CHECK_MESSAGE(r.contains(key), key);
    }
    CHECK(r["layers"] == Json{35, 16, 4, 2, 16, 35});
    CHECK(r["beta"] == 1);
    CHECK(r["exact"] <= r["within_one_pixel"]);
    const std::string errors = testing::bytes_of(folder.path() / "out/variational/error.csv");
    CHECK(errors.starts_with("epoch,error,learning_rate,beta_kl\n"));
    CHECK(testing::bytes_of(folder.path() / "out/variational/codes.csv").starts_with("letter,sigma0,sigma1,mu0,mu1\n"));
}

TEST_CASE("variational: with a large beta the codes say nothing, and their units are called unused") {
    const TemporaryFolder folder;
    const Ended ended = run(folder, "--layers 35,8,2 --epochs 60 --batch-size 4 --beta 1000");
    CHECK(contains(ended.out, "(unused)"));
    CHECK(results(folder)["kl"].get<double>() < 0.05);
}

TEST_CASE("variational: several seeds are reported one by one, without the plain autoencoder") {
    const TemporaryFolder folder;
    const Ended ended = run(folder, small + "--seeds 2 --seed 5");
    CHECK(contains(ended.out, "seed 5: -ELBO "));
    CHECK(contains(ended.out, "seed 6: -ELBO "));
    CHECK(results(folder)["runs"].size() == 2);
    CHECK(!results(folder).contains("plain"));
}

TEST_CASE("variational: a study of beta compares what it buys") {
    const TemporaryFolder folder;
    const Ended ended = run(folder, "--layers 35,2 --epochs 3 --study beta");
    CHECK(ended.status == 1);
    CHECK(contains(ended.out, "Study of beta: 1 seed from 1, 3 epochs, the 32 letters of font3.txt"));
    const Json variants = results(folder)["variants"];
    REQUIRE(variants.size() == 7);
    CHECK(variants[0]["name"] == "0.01");
    CHECK(variants[0]["beta"] == 0.01);
    for (const Json& v : variants) {
        CHECK(v["negative_elbo"].get<double>() ==
              doctest::Approx(v["reconstruction"].get<double>() + v["kl"].get<double>()));
    }
    check_refused(folder, small + "--study beta --beta 2", {"--beta is of no use to --study beta"});
}

TEST_CASE("variational: a set of one's own is scaled and said so, in colour or gray") {
    const TemporaryFolder folder;
    write_set(folder);
    folder.write("set/notes.txt", "");
    folder.write("set/d.png", testing::gray_png({{0, 255}, {255, 0}}));
    const Ended ended = run(folder, of_set + "--layers 12,5,3 --out colour");
    CHECK(contains(ended.out, "Exercise 4: 4 images of set, each as a normal distribution of 3 numbers"));
    CHECK(contains(ended.out, "images: from 2 sizes, 2x2 to 3x3, cropped to the square in the middle and scaled to 2x2"));
    CHECK(contains(ended.out, "skipped: notes.txt"));
    CHECK(contains(ended.out, "some of them are the same"));
    CHECK(contains(ended.out, "near: less than "));
    const Json r = results(folder, "colour");
    CHECK(r["layers"].front() == 12);
    CHECK(r["beta"] == 7);
    CHECK(!r.contains("exact"));
    CHECK(r["new"]["near"] >= r["new"]["copies"]);
    CHECK(r["limits"]["near"] >= r["limits"]["copy"]);
    run(folder, of_set + "--gray --layers 4,5,2 --out gray");
    CHECK(results(folder, "gray")["layers"].front() == 4);
}

TEST_CASE("variational: its pictures are drawn, of letters and of images") {
    if (std::system("command -v gnuplot >/dev/null") != 0) {
        return;
    }
    const TemporaryFolder folder;
    write_set(folder);
    run(folder, small + "--out a", testing::with_gnuplot);
    run(folder, of_set + "--layers 12,5,3 --out b", testing::with_gnuplot);
    for (const char* name : {"a/error", "a/latent", "a/plain", "a/reconstruction", "a/new", "b/error", "b/plane",
                             "b/reconstruction", "b/new", "b/distances"}) {
        CHECK_MESSAGE(testing::is_png(folder.path() / (std::string(name) + ".png")), name);
    }
    testing::check_tidy(folder);
}

TEST_CASE("variational: a saved model is reported on and trained on, with its own beta") {
    const TemporaryFolder folder;
    run(folder, small + "--beta 0.5 --out a");
    const Ended ended = run(folder, "--load a/model.safetensors --epochs 0 --out b");
    CHECK(contains(ended.out, "variational, beta 0.5"));
    CHECK(results(folder, "b")["elbo"] == results(folder, "a")["elbo"]);
    CHECK(results(folder, "b")["beta"] == 0.5);
    run(folder, "--load a/model.safetensors --epochs 0 --seed 9 --decode 1,0 --decode=-0.5,2 --out d");
    CHECK(testing::bytes_of(folder.path() / "d/new.dat") != testing::bytes_of(folder.path() / "b/new.dat"));
    CHECK(contains(testing::bytes_of(folder.path() / "d/decoded.dat"), "(-0.5,2)"));
    check_refused(folder, "--load a/model.safetensors --decode 1", {"--decode: expected a code of 2 numbers, got 1"});
    run(folder, "--load a/model.safetensors --epochs 2 --out c");
    CHECK(testing::model_bytes(folder, "c") != testing::model_bytes(folder, "a"));
    check_refused(folder, "--load a/model.safetensors --beta 2", {"--beta is of no use to a model that --load names"});
}

TEST_CASE("variational: a model of another kind is refused, and its own by the letters") {
    const TemporaryFolder folder;
    Rng rng(1);
    const std::size_t widths[] = {35, 6, 2}, narrow[] = {12, 2};
    const auto save = [&](const char* name, const Autoencoder& model) {
        save_model(folder.path() / name, model, 1, 1);
    };
    save("plain", mirrored_autoencoder(widths));
    save("variational", variational_autoencoder(widths, 1));
    save("narrow", variational_autoencoder(narrow, 1));
    check_refused(folder, "--load plain", {"plain: expected a variational autoencoder, found one without a sampling layer"});
    check_refused(folder, "--load narrow", {"narrow: expected a model of 35 pixels, found one of 12"});
    testing::check_refused(HOURGLASS_LETTERS, folder, "--load variational",
                           {"variational: expected a plain autoencoder, found a variational one"});
    check_refused(folder, "--load none", {"none"});
}

TEST_CASE("variational: what cannot be is refused in one line") {
    const TemporaryFolder folder;
    check_refused(folder, "--beta=-1", {"--beta: expected a number of at least 0, got -1"});
    check_refused(folder, "--beta nan", {"--beta: expected a number of at least 0, got nan"});
    check_refused(folder, "--beta x", {"--beta"});
    check_refused(folder, "--layers 35,8,0", {"--layers: expected the encoder's widths, positive whole numbers"});
    check_refused(folder, "--layers 34,2", {"--layers: expected the first width to be the 35 pixels"});
    check_refused(folder, "--loss mse", {"--loss: expected cross_entropy"});
    check_refused(folder, "--size 8", {"--size is of no use to letters"});
    check_refused(folder, "--gray", {"--gray is of no use to letters"});
    check_refused(folder, "--study latent", {"--study: expected beta, learning_rates, batch_sizes, got 'latent'"});
    check_refused(folder, "--seeds 2 --live", {"--live is of no use to several --seeds"});
}

TEST_CASE("variational: a folder without images, with one or with broken ones is refused") {
    const TemporaryFolder folder;
    check_refused(folder, "--images none", {"none: expected a folder of images"});
    std::filesystem::create_directory(folder.path() / "set");
    check_refused(folder, "--images set", {"set: expected .jpg, .jpeg or .png files, or folders of them, found none among 0 entries"});
    folder.write("set/a.png", testing::gray_png({{0, 255}, {255, 0}}));
    check_refused(folder, "--images set", {"set: expected at least 2 images that differ, found 1"});
    folder.write("set/b.png", testing::gray_png({{0, 255}, {255, 0}}));
    check_refused(folder, "--images set", {"set: expected at least 2 images that differ, found 1"});
    folder.write("set/b.png", "no image");
    folder.write("set/c.jpg", "");
    check_refused(folder, "--images set", {"set: 2 of 3 images cannot be read: ", "b.png: ", "c.jpg: "});
    check_refused(folder, "--images set --font 1", {"--font is of no use to --images"});
    check_refused(folder, "--images set --size 1", {"--size: expected a whole number from 2 to 512, got 1"});
}

}  // namespace hourglass
