// judge CASE SEED FILE    compares what a submission's probe wrote into FILE with what the case computes here, where the
//                         reference solution is linked. Prints "passes", or what is wrong, without any expected value.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "hourglass/nn/gradient_check.hpp"
#include "probe.hpp"

namespace hourglass::grading {
namespace {

struct Reading : Findings {
    std::string error;
    bool complete = false;
};

/// Reads what a probe wrote; whatever else stands there makes it incomplete.
Reading read(std::istream& file) {
    constexpr std::size_t most = 100'000;
    Reading result;
    for (std::string line; std::getline(file, line);) {
        if (line == "end") {
            result.complete = !std::getline(file, line);
            return result;
        }
        if (line.starts_with("exception: ")) {
            result.error = line;
            continue;
        }
        std::istringstream head(line);
        std::size_t dimensions = 0, count = 1;
        Tensor tensor;
        if (!(head >> dimensions) || dimensions > 2 || result.tensors.size() > most) {
            return result;
        }
        tensor.shape.resize(dimensions);
        for (std::size_t& size : tensor.shape) {
            if (!(head >> size) || size > most || (count *= size) > most) {
                return result;
            }
        }
        std::getline(head >> std::ws, tensor.name);
        for (std::size_t i = 0; i < count && std::getline(file, line); ++i) {
            tensor.values.push_back(static_cast<Scalar>(std::strtod(line.c_str(), nullptr)));
        }
        if (tensor.values.size() != count) {
            return result;
        }
        result.tensors.push_back(std::move(tensor));
    }
    return result;
}

bool agree(const Tensor& found, const Tensor& expected) {
    double largest = 0;
    for (const Scalar value : expected.values) {
        largest = std::max(largest, std::abs(static_cast<double>(value)));
    }
    for (std::size_t i = 0; i < expected.values.size(); ++i) {
        const double error = std::abs(static_cast<double>(found.values[i] - expected.values[i]));
        if (!(error <= 1e-9 * largest + 1e-12)) {
            return false;
        }
    }
    return true;
}

/// What the pattern of the differences fits, by the gradient check: 'fits "the wrong sign"'. The loss whose gradient is
/// `expected` is sum_i expected_i w_i.
std::string hint(const Tensor& found, const Tensor& expected) {
    Vector w(expected.values.size());
    const auto loss = [&] {
        double sum = 0;
        for (std::size_t i = 0; i < w.size(); ++i) {
            sum += static_cast<double>(w[i]) * static_cast<double>(expected.values[i]);
        }
        return sum;
    };
    const std::string said = check_gradients({{found.name, w, found.values, expected.shape}}, loss).tensors.front().hint;
    const std::size_t fits = said.find("fits \"");
    return fits == std::string::npos ? "" : found.name + " " + said.substr(fits);
}

/// Empty if they agree.
std::string difference(const Case& its_case, std::uint64_t seed, const Reading& reading) {
    const Findings expected = run_case(its_case, seed);
    if (!reading.error.empty()) {
        return reading.error;
    }
    if (!reading.complete) {
        return "it ended before it was done";
    }
    if (its_case.judge) {
        return its_case.judge(reading, expected);
    }
    for (std::size_t i = 0; i < expected.tensors.size(); ++i) {
        const Tensor& should = expected.tensors[i];
        if (i >= reading.tensors.size() || reading.tensors[i].name != should.name) {
            return "another result than was asked for";
        }
        const Tensor& is = reading.tensors[i];
        if (is.shape != should.shape) {
            return is.name + " has a wrong shape";
        }
        if (!agree(is, should)) {
            Rng rng(seed);
            std::string said = its_case.diagnose ? its_case.diagnose(rng, reading) : "";
            said = said.empty() ? hint(is, should) : said;
            return is.name + " is wrong" + (said.empty() ? "" : "; " + said);
        }
    }
    return reading.tensors.size() == expected.tensors.size() ? "" : "more results than were asked for";
}

}  // namespace
}  // namespace hourglass::grading

int main(int argc, char** argv) {
    using namespace hourglass::grading;
    if (argc != 4) {
        return 2;
    }
    std::ifstream file(argv[3]);
    const Case its_case = all_cases().at(std::strtoull(argv[1], nullptr, 10));
    const std::string said = difference(its_case, std::strtoull(argv[2], nullptr, 10), read(file));
    std::printf("%s\n", said.empty() ? "passes" : said.c_str());
    return 0;
}
