#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "exercises/running.hpp"
#include "hourglass/core/matmul.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/io/safetensors.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// --trace of the exercises, trace-diff, which compares two of them, and step_by_step, which prints one.

namespace hourglass {
namespace {

using testing::contains;
using testing::Ended;
using testing::TemporaryFolder;

constexpr const char* small = "--layers 35,6,3 --epochs 1 --quiet --schedule constant ";

Ended run_letters(const TemporaryFolder& folder, const std::string& arguments) {
    return testing::run_program(HOURGLASS_LETTERS, folder, small + arguments);
}

Ended trace_diff(const TemporaryFolder& folder, const std::string& arguments) {
    return testing::run_program(HOURGLASS_TRACE_DIFF, folder, arguments);
}

/// The matrices of a trace by their names, a vector as one row.
std::map<std::string, Matrix> read_trace(const TemporaryFolder& folder, const std::string& name) {
    const std::string bytes = testing::bytes_of(folder.path() / name);
    std::map<std::string, Matrix> matrices;
    for (const Tensor& tensor : read_safetensors(bytes).tensors) {
        const std::size_t cols = tensor.shape.empty() ? 1 : tensor.shape.back();
        Matrix& matrix = matrices[tensor.name] = Matrix(tensor.size() / cols, cols);
        copy_values(matrix.flat(), tensor);
    }
    return matrices;
}

double largest_difference(const Matrix& U, const Matrix& V) {
    REQUIRE(U.size() == V.size());
    double largest = 0;
    for (std::size_t i = 0; i < U.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(U.flat()[i] - V.flat()[i])));
    }
    return largest;
}

constexpr double rounding = sizeof(Scalar) == 8 ? 1e-12 : 1e-5;

}  // namespace

TEST_CASE("letters: --trace holds every matrix of three steps, and they obey the equations") {
    const TemporaryFolder folder;
    const Ended ended = run_letters(folder, "--trace t.safetensors --learning-rate 0.0625");
    CHECK(ended.err.empty());
    auto trace = read_trace(folder, "t.safetensors");
    for (const std::string step : {"1.", "2.", "3."}) {
        CAPTURE(step);
        for (const std::string name : {"X", "T", "loss", "encoder.0.W", "encoder.0.b", "encoder.0.Z", "encoder.0.A",
                                       "encoder.0.dA", "encoder.0.dZ", "encoder.0.dW", "encoder.0.db", "decoder.1.dZ"}) {
            CHECK_MESSAGE(trace.contains(step + name), name);
        }
        Matrix Z, dW;
        matmul_nt(Z, trace[step + "X"], trace[step + "encoder.0.W"]);
        add_to_rows(Z, trace[step + "encoder.0.b"].flat());
        CHECK(largest_difference(Z, trace[step + "encoder.0.Z"]) <= rounding);
        matmul_tn(dW, trace[step + "encoder.1.dZ"], trace[step + "encoder.0.A"]);
        CHECK(largest_difference(dW, trace[step + "encoder.1.dW"]) <= rounding);
    }
    CHECK(trace.contains("4.encoder.0.W"));  // what the last step left
    CHECK_FALSE(trace.contains("4.X"));
    // Adam's first step is eta g / (|g| + epsilon) long.
    const Matrix& g = trace["1.encoder.0.dW"];
    for (std::size_t p = 0; p < g.size(); ++p) {
        const double gradient = static_cast<double>(g.flat()[p]);
        const double step = 0.0625 * gradient / (std::abs(gradient) + 1e-8);
        const double moved =
            static_cast<double>(trace["1.encoder.0.W"].flat()[p] - trace["2.encoder.0.W"].flat()[p]);
        CHECK(moved == doctest::Approx(step).epsilon(1e-3));
    }
}

TEST_CASE("letters: a traced training leaves the same model, and a short one what it has") {
    const TemporaryFolder folder;
    run_letters(folder, "--out plain");
    run_letters(folder, "--out traced --trace t.safetensors");
    CHECK(testing::model_bytes(folder, "plain") == testing::model_bytes(folder, "traced"));
    run_letters(folder, "--batch-size 32 --trace short.safetensors");
    auto trace = read_trace(folder, "short.safetensors");
    CHECK(trace.contains("1.encoder.0.dW"));
    CHECK(trace.contains("2.encoder.0.W"));
    CHECK_FALSE(trace.contains("2.X"));
}

TEST_CASE("programs: every exercise has --trace") {
    const TemporaryFolder folder;
    for (const char* program :
         {HOURGLASS_LETTERS, HOURGLASS_DENOISING, HOURGLASS_FLOWERS, HOURGLASS_FASHION, HOURGLASS_VARIATIONAL}) {
        CHECK_MESSAGE(contains(testing::run_program(program, folder, "--help").out, "--trace FILE"), program);
    }
    testing::run_program(HOURGLASS_DENOISING, folder,
                         "--layers 35,2 --levels 0.1 --epochs 1 --sets 1 --draws 1 --quiet --seeds 1 "
                         "--trace d.safetensors");
    CHECK(read_trace(folder, "d.safetensors").contains("3.X"));
    testing::run_program(HOURGLASS_VARIATIONAL, folder, "--layers 35,8,3 --epochs 3 --quiet --trace v.safetensors");
    CHECK(read_trace(folder, "v.safetensors").contains("3.encoder.2.eps"));  // not the plain net beside it
}

TEST_CASE("letters: --trace of several trainings or of none is refused") {
    const TemporaryFolder folder;
    testing::check_refused(HOURGLASS_LETTERS, folder, "--seeds 2 --trace t", {"--trace is of no use to several --seeds"});
    testing::check_refused(HOURGLASS_LETTERS, folder, "--study losses --trace t", {"--trace is of no use to --study"});
    const Ended ended = run_letters(folder, "--trace nowhere/t.safetensors");
    CHECK(ended.status == 2);
    CHECK(contains(ended.err, "nowhere/t.safetensors"));
}

TEST_CASE("trace-diff: says at which step, layer, tensor and entry two traces part") {
    const TemporaryFolder folder;
    run_letters(folder, "--trace a.safetensors");
    run_letters(folder, "--trace same.safetensors --threads 2");
    run_letters(folder, "--trace rate.safetensors --learning-rate 0.03125");
    run_letters(folder, "--trace seed.safetensors --seed 2");
    const Ended same = trace_diff(folder, "a.safetensors same.safetensors");
    CHECK(same.status == 0);
    CHECK(contains(same.out, "The traces agree: "));
    const Ended rate = trace_diff(folder, "a.safetensors rate.safetensors");
    CHECK(rate.status == 1);
    CHECK(rate.out.starts_with("The traces part at step 2, layer encoder.0, W:\n  210 of 210 numbers differ, most ["));
    CHECK(trace_diff(folder, "a.safetensors rate.safetensors --tolerance 10").status == 0);
    const Ended seed = trace_diff(folder, "a.safetensors seed.safetensors");
    CHECK(seed.out.starts_with("The traces part at step 1, layer encoder.0, W:\n"));
}

TEST_CASE("trace-diff: names the entry, and a tensor that one of the files alone has") {
    const TemporaryFolder folder;
    std::vector<double> values = {1, 2, 3, 4, 5, 6};
    const auto bytes_of = [&](const std::string& name) {
        const std::string_view data{reinterpret_cast<const char*>(values.data()), sizeof(double) * values.size()};
        return safetensors_bytes({{{name, Dtype::f64, {2, 3}, data}}, {{"steps", "1"}}});
    };
    folder.write("a", bytes_of("1.encoder.0.dW"));
    folder.write("c", bytes_of("1.encoder.0.Z"));
    values[4] = 5.5;
    values[0] = 1.25;
    folder.write("b", bytes_of("1.encoder.0.dW"));
    CHECK(trace_diff(folder, "a b").out ==
          "The traces part at step 1, layer encoder.0, dW:\n  2 of 6 numbers differ, most [1,1]: 5 and 5.5, by 0.5\n");
    CHECK(trace_diff(folder, "a b --tolerance 0.0625").out ==
          "The traces part at step 1, layer encoder.0, dW:\n  1 of 6 numbers differ, most [1,1]: 5 and 5.5, by 0.5\n");
    CHECK(trace_diff(folder, "a b --tolerance 0.125").status == 0);
    CHECK(contains(trace_diff(folder, "a c").out, "dW:\n  is in the first trace alone\n"));
    values[4] = std::nan("");
    folder.write("nan", bytes_of("1.encoder.0.dW"));
    CHECK(contains(trace_diff(folder, "a nan").out, "most [1,1]: 5 and nan"));
    CHECK(trace_diff(folder, "nan nan").status == 0);
}

TEST_CASE("trace-diff: what is no trace is refused") {
    const TemporaryFolder folder;
    folder.write("text", "not a trace");
    run_letters(folder, "--out o");
    const auto refused = [&](const std::string& arguments, const std::string& part) {
        const Ended ended = trace_diff(folder, arguments);
        CAPTURE(ended.err);
        CHECK(ended.status == 2);
        CHECK(ended.err.starts_with("trace-diff: "));
        CHECK(contains(ended.err, part));
    };
    refused("", "expected two files");
    refused("text", "expected two files");
    refused("text text", "text: ");
    refused("missing missing", "missing");
    refused("o/model.safetensors o/model.safetensors", "expected a trace");
    refused("text text --tolerance=-1", "--tolerance");
}

TEST_CASE("step_by_step: shows the numbers of the 2-2-2 net of docs/backprop.md") {
    const TemporaryFolder folder;
    const Ended ended = testing::run_program(HOURGLASS_STEP_BY_STEP, folder, "both");
    CHECK(ended.status == 0);
    const std::string page = testing::bytes_of(HOURGLASS_SOURCE_DIR "/docs/backprop.md");
    const std::string section = page.substr(page.find("## 11. A 2-2-2 net by hand"));
    const std::map<std::string, std::string> names = {
        {"Z1", "Z1 = "}, {"A1", "A1 = "}, {"Z2", "Z2 = "}, {"Y", "Y = "}, {"loss", "-sum "}, {"dZ2", "dZ2 = "},
        {"dW2", "dW2 = "}, {"db2", "db2 = "}, {"dA1", "dA1 = "}, {"dZ1", "dZ1 = "}, {"dW1", "dW1 = "},
        {"db1", "db1 = "}, {"W1_after", "W1 -= "}, {"b1_after", "b1 -= "}, {"W2_after", "W2 -= "},
        {"b2_after", "b2 -= "}, {"loss_after", "the loss then"}};
    for (const auto& pair : names) {
        const std::string &name = pair.first, &label = pair.second;
        CAPTURE(name);
        const std::size_t at = section.find("\n" + name + " = "), shown = ended.out.find("\n" + label);
        REQUIRE(at != std::string::npos);
        REQUIRE(shown != std::string::npos);
        std::string expected = section.substr(at + name.size() + 4, section.find('\n', at + 1) - at - name.size() - 4);
        std::ranges::replace_if(expected, [](char c) { return c == '[' || c == ']' || c == ','; }, ' ');
        std::istringstream of_page(expected), of_program(ended.out.substr(shown + 1 + 30));
        double wanted = 0, found = 0;
        while (of_page >> wanted) {
            of_program >> found;
            CHECK(std::abs(found - wanted) <= 2e-6);
        }
    }
    CHECK(contains(testing::run_program(HOURGLASS_STEP_BY_STEP, folder, "").out, "\nZ1 = X W1^T + b1                 0.875000  -0.625000\nA1"));
}

}  // namespace hourglass
