// The layers against PyTorch: tests/reference/layers.txt, which layers.py beside it has written.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "hourglass/nn/make_layer.hpp"
#include "nn/layer_testing.hpp"

namespace hourglass {
namespace {

/// One layer and one batch, as PyTorch has them.
struct ReferenceCase {
    std::string description, mode;
    std::size_t n = 0;
    std::map<std::string, Vector> values;

    Matrix matrix(const std::string& name) const {
        const Vector& v = values.at(name);
        Matrix result(n, v.size() / n);
        std::ranges::copy(v, result.flat().begin());
        return result;
    }
};

std::vector<ReferenceCase> read_cases() {
    std::ifstream file(std::string(HOURGLASS_SOURCE_DIR) + "/tests/reference/layers.txt");
    std::vector<ReferenceCase> cases;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string name;
        words >> name;
        if (name == "layer") {
            ReferenceCase& added = cases.emplace_back();
            words >> added.description >> added.mode >> added.n;
            continue;
        }
        std::size_t count = 0;
        words >> count;
        Vector& v = cases.back().values[name];
        for (double value = 0; words >> value;) {
            v.push_back(static_cast<Scalar>(value));
        }
        REQUIRE(v.size() == count);
    }
    return cases;
}

/// Forward and backward of the layer that the case names, and every number of both.
void check(const ReferenceCase& c, std::unique_ptr<Layer> layer) {
    CAPTURE(c.description);
    CAPTURE(c.mode);
    const double tolerance = 10 * testing::rounding;
    const auto expect = [&](const std::string& name, std::span<const Scalar> found) {
        CHECK(testing::first_difference(name, found, c.values.at(name), tolerance) == "");
    };
    const Matrix X = c.matrix("X"), dZ = c.matrix("dZ");
    for (const Parameter& p :
         layer->parameters()) {  // running statistics come out as they are only in evaluation
        if (!p.gradient.empty() || c.mode == "evaluate") {
            std::ranges::copy(c.values.at(p.name.substr(1)), p.value.begin());
        }
    }
    Pass pass(*layer);
    pass.mode = c.mode == "train"      ? Pass::Mode::train
                : c.mode == "evaluate" ? Pass::Mode::evaluate
                                       : Pass::Mode::replay;
    if (c.values.contains("kept")) {
        pass[0] = c.matrix("kept");
    }
    expect("Z", testing::forward(*layer, pass, X).flat());
    layer->backward(dZ, pass, X);
    expect("dX", testing::backward_input(*layer, dZ, pass, X).flat());
    for (const Parameter& p : layer->parameters()) {
        const std::string name = p.name.substr(1);
        p.gradient.empty() ? expect(name, p.value) : expect("d" + name, p.gradient);
    }
    if (c.values.contains("penalty")) {
        CHECK(pass.penalty == doctest::Approx(c.values.at("penalty")[0]).epsilon(tolerance));
    }
}

}  // namespace

TEST_CASE("layers: forward and every gradient are those of PyTorch") {
    const std::vector<ReferenceCase> cases = read_cases();
    CHECK(cases.size() == 29);
    for (const ReferenceCase& c : cases) {
        check(c, make_layer(c.description));
    }
}

}  // namespace hourglass
