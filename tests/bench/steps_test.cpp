#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "exercises/running.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// The programs of bench/, as a comparison runs them; on the workloads whose data are in this project. Nothing
// here looks at how fast they are.

namespace hourglass {
namespace {

using testing::contains;
using testing::Ended;
using testing::TemporaryFolder;

Ended run(const TemporaryFolder& folder, const std::string& arguments) {
    return testing::run_program(HOURGLASS_BENCH_STEPS, folder, arguments);
}

/// Runs the program with these lines on its standard input.
Ended run_with_input(const TemporaryFolder& folder, const std::string& input,
                     const std::string& program, const std::string& arguments) {
    const std::string file = folder.write("input", input).string();
    return testing::run_program("/bin/sh", folder,
                                "-c \"'" + program + "' " + arguments + " <'" + file + "'\"");
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream input(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(input, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// The numbers that follow the first word of a line.
std::vector<double> numbers_after(const std::string& word, const std::string& line) {
    std::istringstream input(line);
    std::string first;
    input >> first;
    CHECK(first == word);
    std::vector<double> numbers{std::istream_iterator<double>(input), {}};
    CHECK(input.eof());
    return numbers;
}

void check_losses(const std::vector<double>& losses) {
    REQUIRE(losses.size() == 20);
    CHECK(std::ranges::all_of(losses, [](double loss) { return std::isfinite(loss) && loss > 0; }));
    const double first = std::accumulate(losses.begin(), losses.begin() + 5, 0.0);
    const double last = std::accumulate(losses.end() - 5, losses.end(), 0.0);
    CHECK(last < first);
}

/// Exports the workloads of these names and trains on the files.
/// @param data  options that say where their images are
void check_trains_as_exported(const TemporaryFolder& folder, const testing::Names& names,
                              const std::string& data = "") {
    std::string only = "--only ";
    for (const std::string& name : names) {
        only += name + ",";
    }
    REQUIRE(run(folder, only + data + " --export files").status == 0);
    const Ended losses = run(folder, only + data + " --losses --threads 1");
    REQUIRE(losses.status == 0);
    const std::vector<std::string> expected = lines_of(losses.out);
    REQUIRE(expected.size() == names.size());
    for (std::size_t w = 0; w < expected.size(); ++w) {
        const std::string& name = names[w];
        CAPTURE(name);
        const Ended ended = run_with_input(folder, "run 0.01\nrun 0.02\n", HOURGLASS_BENCH_STEPS,
                                           "--participant files/" + name + " 1");
        CHECK(ended.status == 0);
        CHECK(ended.err.empty());
        const std::vector<std::string> lines = lines_of(ended.out);
        REQUIRE(lines.size() == 3);
        const std::vector<double> got = numbers_after("losses", lines[0]);
        check_losses(got);
        CHECK(got == numbers_after(name, expected[w]));
        for (const std::string& line : {lines[1], lines[2]}) {
            long steps = 0;
            double seconds = 0;
            CHECK(std::sscanf(line.c_str(), "steps %ld seconds %lg", &steps, &seconds) == 2);
            CHECK(steps >= 1);
            CHECK(seconds >= 0.01);
        }
    }
}

/// As many images as W6 to W8 take, in a file such as Fashion-MNIST's: options that name it.
std::string made_up_images(const TemporaryFolder& folder) {
    constexpr std::size_t pixels = 10'240 * 784;
    std::string idx("\0\0\x08\x03\0\0\x28\0\0\0\0\x1c\0\0\0\x1c", 16);
    for (std::size_t p = 0; p < pixels; ++p) {
        idx += static_cast<char>(p / 784 * 7 + p % 28 * 9);
    }
    folder.write("images", idx);
    REQUIRE(testing::run_program("gzip", folder, "-1 images").status == 0);
    return " --fashion-mnist images.gz";
}

}  // namespace

TEST_CASE("bench_steps: an exported workload trains as the workload itself") {
    const TemporaryFolder folder;
    check_trains_as_exported(folder, {"W1", "W2", "W3"});
}

TEST_CASE("bench_steps: so does one of convolutions, and a variational one, whose draws are exported") {
    const TemporaryFolder folder;
    check_trains_as_exported(folder, {"W6", "W7", "W8"}, made_up_images(folder));
    const std::filesystem::path files = folder.path() / "files";
    CHECK(!std::filesystem::exists(files / "W6/eps.f32"));
    CHECK(std::filesystem::file_size(files / "W7/eps.f32") == 20 * 128 * 20 * 4);
    CHECK(std::filesystem::file_size(files / "W8/eps.f32") == 20 * 32 * 2 * 4);
    const std::string draws = testing::bytes_of(files / "W7/eps.f32");
    std::vector<float> eps(draws.size() / sizeof(float));
    std::memcpy(eps.data(), draws.data(), draws.size());
    const double squares = std::inner_product(eps.begin(), eps.end(), eps.begin(), 0.0);
    CHECK(squares / static_cast<double>(eps.size()) == doctest::Approx(1).epsilon(0.03));
    const auto json = testing::Json::parse(testing::bytes_of(files / "W7/workload.json"));
    CHECK(json["loss"] == "cross_entropy");
    CHECK(json["layers"][2] == "sampling(20,1)");
    const std::size_t in_dense_layers = 784 * 400 + 400 * 40 + 20 * 400 + 400 * 784;
    CHECK(json["multiply_adds"] == 3 * in_dense_layers - 784 * 400);
}

TEST_CASE("bench_steps: the files of a workload have the sizes that workload.json says") {
    const TemporaryFolder folder;
    REQUIRE(run(folder, "--only W2 --export files").status == 0);
    const std::filesystem::path w2 = folder.path() / "files/W2";
    const auto json = testing::Json::parse(testing::bytes_of(w2 / "workload.json"));
    CHECK(json["title"] == "denoise");
    CHECK(json["has_targets"] == true);
    CHECK(json["batch"] == 5);
    const std::size_t samples = json["samples"];
    const std::size_t order_steps = json["order_steps"];
    CHECK(std::filesystem::file_size(w2 / "X.f32") == samples * 35 * 4);
    CHECK(std::filesystem::file_size(w2 / "T.f32") == samples * 35 * 4);
    CHECK(std::filesystem::file_size(w2 / "order.i32") == order_steps * 5 * 4);
    const std::vector<std::size_t> widths = json["widths"];
    std::size_t parameters = 0;
    for (std::size_t l = 1; l < widths.size(); ++l) {
        parameters += widths[l] * (widths[l - 1] + 1);
    }
    CHECK(std::filesystem::file_size(w2 / "params.f32") == parameters * 4);
    CHECK(json["parameters"] == parameters);
    CHECK(json["layers"][1] == "dense(32,16)");
}

TEST_CASE("bench_steps: a line a workload and number of threads") {
    const TemporaryFolder folder;
    const Ended ended = run(folder, "--only W1,W3 --threads 1,2 --seconds 0.01 --rounds 2");
    CHECK(ended.status == 0);
    const std::vector<std::string> lines = lines_of(ended.out);
    REQUIRE(lines.size() == 5);
    CHECK(contains(lines[0], "steps_per_s"));
    CHECK(lines[1].starts_with("W1        letters"));
    CHECK(lines[4].starts_with("W3        flowers"));
}

TEST_CASE("bench_steps: a training takes little more memory than what it has to hold") {
    const TemporaryFolder folder;
    const Ended ended = run(folder, "--only W1,W2,W3 --memory");
    CAPTURE(ended.out);
    CHECK(ended.status == 0);
    std::istringstream words(lines_of(ended.out).at(1));
    const std::vector<std::string> w1{std::istream_iterator<std::string>(words), {}};
    REQUIRE(w1.size() == 8);
    CHECK(std::stod(w1.back()) > 1);
    CHECK(std::stod(w1.back()) <= 1.3);
}

TEST_CASE("bench_steps: bad input is refused in one line that says why") {
    const TemporaryFolder folder;
    const auto check_refused = [&](const std::string& arguments, const testing::Names& parts) {
        testing::check_refused(HOURGLASS_BENCH_STEPS, folder, arguments, parts);
    };
    check_refused("--only W9", {"--only", "W1,W2,W3,W4,W5,W6,W7,W8", "W9"});
    check_refused("--only W4 --fashion-mnist missing.gz", {"missing.gz", "dataset-fashion-mnist"});
    check_refused("--threads 0", {"--threads", "0"});
    check_refused("--seconds 0", {"--seconds"});
    check_refused("--losses --memory", {"--losses", "--memory"});
    check_refused("--out x", {"--out", "--scaling"});
    check_refused("--participant nowhere 1", {"nowhere/workload.json"});
}

TEST_CASE("bench_steps: a damaged workload is refused") {
    const TemporaryFolder folder;
    REQUIRE(run(folder, "--only W1 --export files").status == 0);
    folder.write("files/W1/params.f32", "short");
    testing::check_refused(HOURGLASS_BENCH_STEPS, folder, "--participant files/W1 1",
                           {"params.f32", "10708", "5"});
}

TEST_CASE("bench_machine: a line of four positive numbers for each run") {
    const TemporaryFolder folder;
    const Ended ended = run_with_input(folder, "run 0.01\n", HOURGLASS_BENCH_MACHINE, "ignored 1");
    CHECK(ended.status == 0);
    double flops = 0;
    double l2 = 0;
    double l3 = 0;
    double dram = 0;
    CHECK(std::sscanf(ended.out.c_str(),
                      "machine fma_gflops %lg l2_gbs %lg l3_gbs %lg dram_gbs %lg", &flops, &l2, &l3,
                      &dram) == 4);
    CHECK(std::min({flops, l2, l3, dram}) > 0);
}

}  // namespace hourglass
