#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "exercises/running.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// End to end, through the program that ./lab denoising runs.

namespace hourglass {
namespace {

using testing::contains;
using testing::Ended;
using testing::Json;
using testing::model_bytes;
using testing::Names;
using testing::TemporaryFolder;

const Names levels = {"0.05", "0.1", "0.15", "0.2", "0.3"};
const Names methods = {"do_nothing",     "without_noise", "network_one_pass", "network",
                       "nearest_letter", "ideal",         "ideal_mean"};
constexpr double letters = 32;

/// As little training as there can be, for what does not depend on it.
const std::string untrained = "--layers 35,8 --epochs 1 --sets 1 ";

Ended run(const TemporaryFolder& folder, const std::string& arguments,
          const std::string& gnuplot = testing::without_gnuplot) {
    return testing::run_program(HOURGLASS_DENOISING, folder, arguments, gnuplot);
}

void check_refused(const TemporaryFolder& folder, const std::string& arguments,
                   const Names& parts) {
    testing::check_refused(HOURGLASS_DENOISING, folder, "--epochs 1 " + arguments, parts);
}

void check_refused(const std::string& arguments, const Names& parts) {
    const TemporaryFolder folder;
    check_refused(folder, arguments, parts);
}

Json results(const TemporaryFolder& folder, const std::string& out = "out/denoising") {
    return testing::read_results(folder, out);
}

/// The standard error of a share p of n.
double standard_error(double p, double n) {
    return std::sqrt(p * (1 - p) / n);
}

/// The last line of error.csv: epoch, error, learning rate, error at each level.
std::vector<double> last_epoch(const TemporaryFolder& folder, const std::string& out) {
    std::istringstream lines(testing::bytes_of(folder.path() / out / "error.csv"));
    std::string line, last;
    while (std::getline(lines, line)) {
        last = line;
    }
    std::istringstream cells(last);
    std::vector<double> numbers;
    for (std::string cell; std::getline(cells, cell, ',');) {
        numbers.push_back(std::stod(cell));
    }
    return numbers;
}

}  // namespace

TEST_CASE("denoising: the same seed gives the same bits and another seed others") {
    const TemporaryFolder folder;
    for (const std::string out : {"a", "b"}) {
        CHECK(run(folder, untrained + "--draws 3 --seed 7 --out " + out).status == 1);
    }
    CHECK(run(folder, untrained + "--draws 3 --seed 8 --out c").status == 1);
    REQUIRE(!model_bytes(folder, "a").empty());
    CHECK(model_bytes(folder, "a") == model_bytes(folder, "b"));
    CHECK(model_bytes(folder, "a") != model_bytes(folder, "c"));
    CHECK(testing::results_but_seconds(folder, "a") == testing::results_but_seconds(folder, "b"));
    CHECK(results(folder, "a")["recovery"] != results(folder, "c")["recovery"]);
    for (const char* name : {"error.csv", "recovery.csv"}) {
        const std::string bytes = testing::bytes_of(folder.path() / "a" / name);
        CHECK(!bytes.empty());
        CHECK(testing::bytes_of(folder.path() / "b" / name) == bytes);
        // Not the model alone, which has its seed in its metadata.
        CHECK(testing::bytes_of(folder.path() / "c" / name) != bytes);
    }
}

TEST_CASE("denoising: the number of threads does not change a bit") {
    const TemporaryFolder folder;
    for (const std::string threads : {"1", "2"}) {
        for (const std::string seeds : {"1", "2"}) {
            CHECK(run(folder, untrained + "--draws 2 --threads " + threads + " --seeds " + seeds +
                                  " --out " + threads + seeds)
                      .status == 1);
        }
    }
    REQUIRE(!model_bytes(folder, "11").empty());
    for (const std::string seeds : {"1", "2"}) {
        CHECK(model_bytes(folder, "1" + seeds) == model_bytes(folder, "2" + seeds));
        CHECK(results(folder, "1" + seeds)["recovery"] == results(folder, "2" + seeds)["recovery"]);
    }
    CHECK(results(folder, "11")["threads"] == 1);
    CHECK(results(folder, "22")["threads"] == 2);
}

TEST_CASE("denoising: several seeds give the mean of what they give alone") {
    const TemporaryFolder folder;
    CHECK(run(folder, untrained + "--draws 3 --seed 7 --out 7").status == 1);
    CHECK(run(folder, untrained + "--draws 3 --seed 8 --out 8").status == 1);
    CHECK(run(folder, untrained + "--draws 3 --seed 7 --seeds 2 --out both").status == 1);
    REQUIRE(!model_bytes(folder, "7").empty());
    CHECK(model_bytes(folder, "7") == model_bytes(folder, "both"));
    const Json first = results(folder, "7"), second = results(folder, "8");
    const Json both = results(folder, "both");
    CHECK(both["seeds"] == 2);
    for (const std::string& level : levels) {
        for (const std::string& method : methods) {
            CAPTURE(level);
            CAPTURE(method);
            for (const char* score : {"recovery", "at_most_one_wrong", "wrong_pixels", "mse"}) {
                const double sum = first[score][level][method].get<double>() +
                                   second[score][level][method].get<double>();
                CHECK(both[score][level][method].get<double>() == doctest::Approx(sum / 2));
            }
        }
    }
    const Json& rho = both["spearman"]["latent_distance"];
    CHECK(rho["low"].get<double>() < rho["mean"].get<double>());
    CHECK(rho["mean"].get<double>() < rho["high"].get<double>());
}

TEST_CASE("denoising: a normal run reports on stdout and says nothing on stderr") {
    const TemporaryFolder folder;
    const Ended ended = run(folder, untrained + "--draws 2");
    CHECK(ended.status == 1);  // an epoch does not meet the criterion
    CHECK(ended.err.empty());
    CHECK(contains(ended.out, "Criterion: exact recovery within 2 points of the ideal denoiser"));
    CHECK(contains(ended.out, "NOT met: "));
    testing::check_memory(results(folder), ended.out);
    for (const char* name : {"results.json", "recovery.csv", "error.csv", "model.safetensors",
                             "recovery.dat", "recovery.gp"}) {
        CHECK_MESSAGE(std::filesystem::exists(folder.path() / "out/denoising" / name), name);
    }
    const std::string recovery = testing::bytes_of(folder.path() / "out/denoising/recovery.csv");
    CHECK(std::ranges::count(recovery, '\n') == 1 + 7 * 5);
    testing::check_tidy(folder);
}

TEST_CASE("denoising: --quiet says nothing at all and leaves the same files") {
    const TemporaryFolder folder;
    run(folder, untrained + "--draws 1 --out loud");
    const Ended ended = run(folder, untrained + "--draws 1 --quiet --out quiet");
    CHECK(ended.status == 1);
    CHECK(ended.out.empty());
    CHECK(ended.err.empty());
    CHECK(!model_bytes(folder, "quiet").empty());
    CHECK(model_bytes(folder, "quiet") == model_bytes(folder, "loud"));
}

TEST_CASE("denoising: results.json says what was run and what came of it") {
    const TemporaryFolder folder;
    CHECK(run(folder, untrained + "--draws 10 --seed 6").status == 1);
    const Json r = results(folder);
    CHECK(r["exercise"] == "denoising");
    CHECK(r["font"] == "font3.txt");
    CHECK(r["seed"] == 6);
    CHECK(r["seeds"] == 1);
    CHECK(r["layers"] == Json{35, 8, 35});
    CHECK(r["noise"] == "flip");
    CHECK(r["train_levels"] == Json{0, 0.05, 0.1, 0.15, 0.2});
    CHECK(r["fresh_noise"] == true);
    CHECK(r["passes"] == 3);
    CHECK(r["epochs"] == 1);
    CHECK(r["draws_a_letter"] == 10);
    CHECK(r["seconds"].get<double>() > 0);
    CHECK(r["criterion_met"] == false);
    double below = 0;
    for (const char* score : {"recovery", "at_most_one_wrong", "wrong_pixels", "mse"}) {
        CHECK(r[score].size() == levels.size());
        for (const std::string& level : levels) {
            CAPTURE(level);
            REQUIRE(r[score][level].size() == methods.size());
            for (const std::string& method : methods) {
                CHECK_MESSAGE(r[score][level][method].is_number(), method);
            }
        }
    }
    for (const std::string& level : levels) {
        const Json& recovery = r["recovery"][level];
        if (level != "0.3") {  // beyond what it was trained on
            below = std::max(below,
                             recovery["ideal"].get<double>() - recovery["network"].get<double>());
        }
        // A pixel is +-1: a wrong one adds 4 to the squared error.
        CHECK(r["mse"][level]["do_nothing"].get<double>() ==
              doctest::Approx(4 * r["wrong_pixels"][level]["do_nothing"].get<double>() / 35));
        CHECK(recovery["network"] <= r["at_most_one_wrong"][level]["network"]);
    }
    CHECK(r["points_below_ideal"].get<double>() == doctest::Approx(100 * below));
    CHECK(below > 0.02);
    CHECK(r["spearman"]["level"] == 0.2);
    for (const char* distance : {"latent_distance", "hamming_distance"}) {
        const Json& rho = r["spearman"][distance];
        REQUIRE(rho["mean"].is_number());
        CHECK(std::abs(rho["mean"].get<double>()) <= 1);
    }
    CHECK(!r.contains("attractor_share"));  // there is no plane
}

TEST_CASE("denoising: a planar latent layer gives each letter its share of the plane") {
    const TemporaryFolder folder;
    CHECK(run(folder, "--layers 35,4,2 --latent-activation identity --epochs 1 --sets 1 --draws 1")
              .status == 1);
    const Json shares = results(folder)["attractor_share"];
    REQUIRE(shares.size() == 32);
    double sum = 0;
    for (const Json& share : shares) {
        CHECK(share.get<double>() >= 0);
        sum += share.get<double>();
    }
    CHECK(sum == doctest::Approx(1));
    CHECK(shares.contains("a"));
}

TEST_CASE("denoising: a trained network beats doing nothing and no method beats the ideal") {
    const TemporaryFolder folder;
    const double draws = 30;
    CHECK(run(folder,
              "--layers 35,32 --latent-activation identity --learning-rate 0.004 "
              "--levels 0.1 --sets 10 --epochs 14 --draws 30")
              .status == 1);
    const Json r = results(folder);
    for (const std::string& level : levels) {
        CAPTURE(level);
        const Json recovery = r["recovery"][level];
        const double ideal = recovery["ideal"].get<double>();
        for (const std::string& method : methods) {
            CAPTURE(method);
            CHECK(recovery[method].get<double>() <=
                  ideal + 4 * standard_error(ideal, letters * draws));
            CHECK(r["mse"][level][method].get<double>() >=
                  r["mse"][level]["ideal_mean"].get<double>());
        }
        CHECK(recovery["network"].get<double>() > 1.4 * recovery["do_nothing"].get<double>());
    }
    CHECK(r["recovery"]["0.1"]["network"].get<double>() > 0.2);
}

TEST_CASE("denoising: the ideal and doing nothing agree with the published figures") {
    // Measured elsewhere, for font 3 and flips: shared/data/README.md.
    constexpr std::array<double, 4> named = {0.995, 0.982, 0.941, 0.855};
    constexpr std::array<double, 4> mean_mse = {0.0011, 0.0074, 0.0340, 0.1059};
    constexpr std::array<double, 3> nearly_clean = {0.12, 0.025, 0.004};  // from 0.1 on
    constexpr std::array<double, 4> mse_digit = {5e-5, 5e-5, 5e-5, 5e-5};
    constexpr std::array<double, 3> nearly_digit = {5e-3, 5e-4, 5e-4};
    constexpr int runs = 6;
    constexpr double n = runs * 32 * 30;
    const TemporaryFolder folder;
    std::array<double, 4> recovery = {}, mse = {}, squares = {}, clean = {};
    for (int seed = 1; seed <= runs; ++seed) {
        CHECK(run(folder,
                  "--layers 35,2 --levels 0.1 --epochs 1 --sets 1 --draws 30 "
                  "--test-levels 0.05,0.1,0.15,0.2 --seed " +
                      std::to_string(seed))
                  .status == 1);
        const Json r = results(folder);
        for (std::size_t l = 0; l < 4; ++l) {
            const double m = r["mse"][levels[l]]["ideal_mean"].get<double>();
            recovery[l] += r["recovery"][levels[l]]["ideal"].get<double>() / runs;
            clean[l] += r["at_most_one_wrong"][levels[l]]["do_nothing"].get<double>() / runs;
            mse[l] += m / runs;
            squares[l] += m * m / runs;
        }
    }
    for (std::size_t l = 0; l < 4; ++l) {
        CAPTURE(levels[l]);
        const double mse_error = std::sqrt((squares[l] - mse[l] * mse[l]) / (runs - 1));
        CHECK(mse_error > 0);
        CHECK(std::abs(mse[l] - mean_mse[l]) < 4 * mse_error + mse_digit[l]);
        CHECK(std::abs(recovery[l] - named[l]) < 4 * standard_error(named[l], n) + 5e-4);
        if (l > 0) {
            const double published = nearly_clean[l - 1];
            CHECK(std::abs(clean[l] - published) <
                  4 * standard_error(published, n) + nearly_digit[l - 1]);
        }
    }
}

TEST_CASE("denoising: salt and pepper of 2p is to the ideal what flips of p are") {
    const TemporaryFolder folder;
    const std::string one_epoch = "--layers 35,2 --levels 0.2 --epochs 1 --sets 1 --draws 60 ";
    CHECK(run(folder, one_epoch + "--test-levels 0.1,0.2,0.3 --out flips").status == 1);
    CHECK(run(folder, one_epoch + "--noise salt_and_pepper --test-levels 0.2,0.4,0.6 --out grains")
              .status == 1);
    const Json flips = results(folder, "flips"), grains = results(folder, "grains");
    CHECK(grains["noise"] == "salt_and_pepper");
    const std::array<std::array<const char*, 2>, 3> pairs = {
        {{"0.1", "0.2"}, {"0.2", "0.4"}, {"0.3", "0.6"}}};
    for (const auto& pair : pairs) {
        CAPTURE(pair[0]);
        for (const char* score : {"recovery", "at_most_one_wrong"}) {
            for (const char* method : {"ideal", "nearest_letter", "do_nothing"}) {
                const double p = flips[score][pair[0]][method].get<double>();
                const double q = grains[score][pair[1]][method].get<double>();
                const double between = std::max((p + q) / 2, 1 / (letters * 60));
                CHECK(std::abs(p - q) < 4 * std::sqrt(2.0) * standard_error(between, letters * 60));
            }
        }
    }
}

TEST_CASE("denoising: gaussian noise has standard deviations for levels") {
    const TemporaryFolder folder;
    CHECK(run(folder, untrained + "--draws 10 --noise gaussian --test-levels 0.2,1,2").status == 1);
    const Json r = results(folder);
    CHECK(r["train_levels"] == Json{0, 0.6, 0.8, 1, 1.2});
    for (const char* level : {"0.2", "1", "2"}) {
        const double sigma = std::stod(level);
        CHECK(r["mse"][level]["do_nothing"].get<double>() ==
              doctest::Approx(sigma * sigma).epsilon(0.1));
    }
    CHECK(r["recovery"]["0.2"]["ideal"] == 1.0);
}

TEST_CASE("denoising: --fixed-noise learns its noisy letters by heart and fresh noise does not") {
    const TemporaryFolder folder;
    const std::string long_run =
        "--layers 35,40 --latent-activation identity --levels 0.2 --sets 1 --epochs 20 --draws 1 "
        "--test-levels 0.2 --learning-rate 0.01 ";
    CHECK(run(folder, long_run + "--out fresh").status == 1);
    CHECK(run(folder, long_run + "--fixed-noise --out fixed").status == 1);
    CHECK(results(folder, "fresh")["fresh_noise"] == true);
    CHECK(results(folder, "fixed")["fresh_noise"] == false);
    const auto fresh = last_epoch(folder, "fresh"), fixed = last_epoch(folder, "fixed");
    REQUIRE(fresh.size() == 4);
    REQUIRE(fixed.size() == 4);
    CHECK(fresh[0] == 20);
    CHECK(fresh[1] > 0.7 * fresh[3]);  // as on draws apart
    CHECK(fixed[1] < 0.3 * fixed[3]);
}

TEST_CASE("denoising: one pass is one pass whatever --passes says") {
    const TemporaryFolder folder;
    const std::string training = "--layers 35,16 --levels 0.1 --sets 4 --epochs 3 --draws 4 ";
    CHECK(run(folder, training + "--passes 1 --out one").status == 1);
    CHECK(run(folder, training + "--passes 4 --out four").status == 1);
    const Json one = results(folder, "one"), four = results(folder, "four");
    CHECK(model_bytes(folder, "one") == model_bytes(folder, "four"));
    CHECK(four["passes"] == 4);
    for (const char* score : {"recovery", "at_most_one_wrong", "wrong_pixels", "mse"}) {
        for (const std::string& level : levels) {
            CAPTURE(level);
            CHECK(one[score][level]["network"] == one[score][level]["network_one_pass"]);
            CHECK(four[score][level]["network_one_pass"] == one[score][level]["network"]);
        }
    }
    CHECK(four["mse"]["0.2"]["network"] != four["mse"]["0.2"]["network_one_pass"]);
}

TEST_CASE("denoising: a loaded model without training reproduces its evaluation") {
    const TemporaryFolder folder;
    const std::string evaluation = "--draws 3 ";
    CHECK(run(folder, evaluation + "--seed 5 --layers 35,12 --latent-activation identity --sets 1 "
                                   "--epochs 2 --quiet --out old")
              .status == 1);
    const Ended ended =
        run(folder, evaluation + "--load old/model.safetensors --epochs 0 --out new");
    CHECK(ended.status == 1);
    CHECK(ended.err.empty());
    const Json before = results(folder, "old"), after = results(folder, "new");
    for (const char* key : {"layers", "seed", "spearman", "points_below_ideal"}) {
        CHECK_MESSAGE(after[key] == before[key], key);
    }
    for (const std::string& level : levels) {
        CAPTURE(level);
        for (const std::string& method : methods) {
            CAPTURE(method);
            if (method == "without_noise") {  // would have to be trained
                CHECK(!after["recovery"][level].contains(method));
                continue;
            }
            CHECK(after["recovery"][level][method] == before["recovery"][level][method]);
            CHECK(after["mse"][level][method] == before["mse"][level][method]);
        }
    }
    CHECK(after["epochs"] == 0);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "new/model.safetensors"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "new/error.csv"));
}

TEST_CASE("denoising: the study of the bottleneck leaves its table") {
    const TemporaryFolder folder;
    const Ended ended = run(folder,
                            "--study bottleneck --epochs 1 --sets 1 --levels 0.1 "
                            "--test-levels 0.2 --draws 2");
    CHECK(ended.status == 1);  // no size met the criterion
    CHECK(ended.err.empty());
    const std::string table = testing::bytes_of(folder.path() / "out/denoising/bottleneck.csv");
    CHECK(std::ranges::count(table, '\n') == 1 + 5);
    const Json r = results(folder);
    CHECK(r["study"] == "bottleneck");
    REQUIRE(r["variants"].size() == 5);
    std::size_t size = 2;
    for (const Json& variant : r["variants"]) {
        CHECK(variant["layers"] == Json{35, 128, 64, size, 64, 128, 35});
        CHECK(variant["recovery_at_0.2"].is_number());
        size *= 2;
    }
    CHECK(contains(ended.out, "ideal: most probable letter"));
}

TEST_CASE("denoising: with gnuplot there are pictures and without it a line says so") {
    const TemporaryFolder folder;
    const std::string planar =
        "--layers 35,4,2 --latent-activation identity --epochs 1 --sets 1 --draws 2 ";
    CHECK(contains(run(folder, untrained + "--draws 2 --out none").out, "No pictures: gnuplot was not found"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "none/recovery.png"));
    const Ended drawn = run(folder, planar + "--out drawn", testing::with_gnuplot);
    CHECK(drawn.status == 1);
    CHECK(drawn.err.empty());
    if (contains(drawn.out, "gnuplot was not found")) {
        MESSAGE("there is no gnuplot on this machine");
        return;
    }
    for (const std::string name :
         {"error", "recovery", "denoised", "confusion", "neighbours", "latent", "attractors"}) {
        CHECK_MESSAGE(testing::is_png(folder.path() / "drawn" / (name + ".png")), name);
        CHECK_MESSAGE(contains(drawn.out, name + ".png"), name);
    }
    testing::check_tidy(folder);
}

TEST_CASE("denoising: noise that is none is refused") {
    check_refused("--noise nonsense", {"'nonsense'", "flip", "salt_and_pepper", "gaussian"});
    check_refused("--noise ''", {"''", "flip"});
    check_refused("--noise gaussian --levels=-1", {"gaussian", "standard deviation", "-1"});
    for (const std::string option : {"levels", "test-levels"}) {
        for (const std::string level : {"1.5", "-0.1", "0.1,2", "0.1,-0.0001"}) {
            check_refused("--" + option + "=" + level, {"probability"});
        }
        check_refused("--" + option + " ''", {"--" + option, "expected numbers"});
        for (const std::string level :
             {"text", "0.1,", ",0.1", "0.1,,0.2", "0.1x", "nan", "inf", "0.1,text", "1e999"}) {
            check_refused("--" + option + "=" + level, {"--" + option, "expected numbers"});
        }
    }
}

TEST_CASE("denoising: numbers out of range are refused") {
    for (const std::string option : {"draws", "passes", "sets", "seeds"}) {
        for (const std::string number : {"0", "-1", "1.5", "text", "99999999999999999999"}) {
            check_refused("--" + option + "=" + number, {"--" + option});
        }
    }
}

TEST_CASE("denoising: what does not go together is refused") {
    const TemporaryFolder folder;
    CHECK(run(folder, untrained + "--draws 1 --quiet --out old").status == 1);
    check_refused("--study nonsense", {"--study", "'nonsense'", "bottleneck"});
    check_refused("--study bottleneck --layers 35,8", {"--study", "--layers"});
    check_refused("--levels 0.1 --test-levels 0.2", {"--test-levels"});  // no level to judge by
    check_refused(folder, "--load old/model.safetensors --seeds 3", {"--load", "--seeds"});
    check_refused(folder, "--load old/model.safetensors --study bottleneck", {"--load", "--study"});
    check_refused(folder, "--load old/model.safetensors --layers 35,9", {"35-8", "35-9"});
    check_refused(folder, "--load none.safetensors", {"none.safetensors"});
    check_refused("--layers 34,2", {"--layers", "35", "34"});
    check_refused("--font none.txt", {"none.txt"});
    check_refused("--transition a-b", {"--transition"});  // of the letters
}

}  // namespace hourglass
