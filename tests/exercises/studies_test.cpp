#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "exercises/running.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// --study and --variant, the same in every exercise.

namespace hourglass {
namespace {

using testing::contains;
using testing::Ended;
using testing::Json;
using testing::Names;
using testing::TemporaryFolder;

Ended letters(const TemporaryFolder& folder, const std::string& arguments) {
    return testing::run_program(HOURGLASS_LETTERS, folder, "--epochs 1 --seeds 1 --out o " + arguments);
}

Names variant_names(const TemporaryFolder& folder) {
    Names names;
    const Json results = testing::read_results(folder, "o");
    for (const Json& variant : results["variants"]) {
        names.push_back(variant["name"]);
    }
    return names;
}

}  // namespace

TEST_CASE("studies: variants of one's own take the place of those that a study has") {
    const TemporaryFolder folder;
    CHECK(letters(folder, "--study architectures --variant 35,20,2 --variant 35,10,3").status == 1);
    CHECK(variant_names(folder) == Names{"35-20-2-20-35", "35-10-3-10-35"});
    CHECK(letters(folder, "--study losses --variant mae --variant mse").status == 1);
    CHECK(variant_names(folder) == Names{"mae", "mse"});
    CHECK(letters(folder, "--study optimizers --variant 'sgd 0.002 0.5'").status == 1);
    const Json variant = testing::read_results(folder, "o")["variants"][0];
    CHECK(variant["optimizer"] == "sgd");
    CHECK(variant["learning_rate"] == 0.002);
    CHECK(variant["momentum"] == 0.5);
}

TEST_CASE("studies: learning rates and batch sizes are studied in every exercise") {
    const TemporaryFolder folder;
    CHECK(letters(folder, "--study learning_rates").status == 1);
    CHECK(variant_names(folder) == Names{"0.0003", "0.0009", "0.003", "0.009", "0.03"});
    CHECK(letters(folder, "--study batch_sizes --variant 4 --variant 32").status == 1);
    CHECK(variant_names(folder) == Names{"4", "32"});
    CHECK(testing::read_results(folder, "o")["variants"][1]["batch_size"] == 32);
    testing::run_program(HOURGLASS_FLOWERS, folder,
                         "--epochs 1 --layers 1024,4,2 --out o --study learning_rates --variant 0.01");
    CHECK(variant_names(folder) == Names{"0.01"});
    testing::run_program(
        HOURGLASS_DENOISING, folder,
        "--epochs 1 --sets 1 --draws 2 --layers 35,4 --out o --study batch_sizes --variant 8");
    CHECK(variant_names(folder) == Names{"8"});
}

TEST_CASE("studies: a variant keeps all options but those that are varied") {
    const TemporaryFolder folder;
    CHECK(letters(folder,
                  "--study batch_sizes --variant 4 --optimizer sgd --learning-rate 0.001 --momentum 0.5 "
                  "--nesterov --activation 'leaky_relu(0.1)' --layers 35,7,2")
              .status == 1);
    const Json r = testing::read_results(folder, "o");
    CHECK(r["nesterov"] == true);
    CHECK(r["activation"] == "leaky_relu(0.1)");
    const Json variant = r["variants"][0];
    CHECK(variant["layers"] == Json{35, 7, 2, 7, 35});
    CHECK(variant["batch_size"] == 4);
    for (const char* key :
         {"nesterov", "momentum", "activation", "optimizer", "learning_rate", "epochs", "seed"}) {
        CHECK_MESSAGE(!variant.contains(key), key);  // said above
    }
}

TEST_CASE("studies: the option that is varied is another name of its study") {
    const TemporaryFolder folder;
    CHECK(letters(folder, "--study layers --variant 35,3").status == 1);
    CHECK(variant_names(folder) == Names{"35-3-35"});
    CHECK(testing::read_results(folder, "o")["study"] == "architectures");
}

TEST_CASE("studies: a variant that is none is refused before anything is trained") {
    const TemporaryFolder folder;
    const auto refused = [&](const std::string& arguments, const Names& parts) {
        testing::check_refused(HOURGLASS_LETTERS, folder, arguments, parts);
    };
    refused("--study architectures --variant 34,2", {"--layers", "35", "34"});
    refused("--study architectures --variant 35,x", {"--layers", "'35,x'"});
    refused("--study losses --variant nonsense", {"'nonsense'", "cross_entropy"});
    refused("--study losses --variant 'mse mae'", {"--variant", "'mse mae'"});
    refused("--study losses --variant ''", {"--variant", "a value of loss"});
    refused("--study learning_rates --variant=-1", {"rate", "-1"});
    refused("--study batch_sizes --variant 0", {"--batch-size", "0"});
    refused("--variant 0.1", {"--variant is of no use to a run that is no --study"});
}

TEST_CASE("studies: of the levels of noise each is trained at one and tested at all") {
    const TemporaryFolder folder;
    const std::string small = "--epochs 1 --sets 1 --draws 2 --layers 35,4 --out o --study levels ";
    const Ended ended = testing::run_program(HOURGLASS_DENOISING, folder, small);
    CHECK(ended.err.empty());
    CHECK(contains(ended.out, "trained at 0.15 "));
    const Json variants = testing::read_results(folder, "o")["variants"];
    REQUIRE(variants.size() == 6);
    CHECK(variants[0]["points_below_ideal"].is_null());  // trained at 0, where no test is
    CHECK(variants[1]["points_below_ideal"].is_number());
    CHECK(variants[5]["name"] == "trained at all");
    for (const char* score : {"recovery_at_0.05", "mse_at_0.3", "wrong_pixels_at_0.1"}) {
        CHECK(variants[2][score].is_number());
    }
    CHECK(contains(testing::bytes_of(folder.path() / "o/levels_recovery.dat"), "trained at 0.2"));
    testing::check_refused(HOURGLASS_DENOISING, folder, "--out p --study levels --variant 2",
                           {"probability", "2"});
    testing::check_refused(HOURGLASS_DENOISING, folder, "--out p --study levels --levels 0.1",
                           {"--levels is of no use to --study levels"});
}

}  // namespace hourglass
