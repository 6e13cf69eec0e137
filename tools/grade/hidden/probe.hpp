#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/random.hpp"
#include "hourglass/nn/equation_check.hpp"

// What a hidden test computes. It compares nothing: a submission's numbers leave its sandbox, and the judge, which is
// linked with the reference solution, computes the same and compares. So no expected value is where a submission runs.

namespace hourglass::grading {

struct Tensor {
    std::string name;  // "dW"
    std::vector<std::size_t> shape;
    Vector values;
};

/// What a case found, tensor by tensor.
class Findings {
public:
    void add(const std::string& name, Given values) {
        tensors.push_back({name, {values.size()}, Vector(values.begin(), values.end())});
    }
    void add(const std::string& name, const Matrix& V) {
        tensors.push_back({name, {V.rows(), V.cols()}, Vector(V.flat().begin(), V.flat().end())});
    }
    void add(const std::string& name, double value) { tensors.push_back({name, {1}, {static_cast<Scalar>(value)}}); }

    std::vector<Tensor> tensors;
};

struct Case {
    std::string function;  // that it is about: "Dense::backward"
    std::function<void(Rng& rng, Findings& found)> run;
    /// What is wrong with what was found, if anything; none: it has to be what the reference solution finds.
    std::function<std::string(const Findings& found, const Findings& expected)> judge = {};
    /// Which mistake fits what was found, in the doctor's words; for the judge, with the same numbers.
    std::function<std::string(Rng& rng, const Findings& found)> diagnose = {};
};

/// Which mistake in the equations of one layer fits the dW, db and dX that were found for this batch; empty if none.
template <class Kind>
std::string equation_hint(const Kind& layer, const Matrix& X, const Matrix& dZ, const Findings& found) {
    std::vector<std::unique_ptr<Layer>> layers;
    layers.push_back(layer.copy());
    Network network(std::move(layers));
    Workspace ws(network);
    network.forward(ws, X);
    ws.dZ[1] = dZ;
    Kind& its_layer = network.template as<Kind>(1);
    for (const Tensor& tensor : found.tensors) {  // a submission wrote them: they need not fit
        const bool of_input = tensor.name == "dX";
        ws.dA[0].resize(of_input ? X.rows() : 0, of_input ? X.cols() : 0);
        const Values target = of_input ? ws.dA[0].flat() : tensor.name == "dW" ? its_layer.dW.flat() : Values(its_layer.db);
        if (tensor.values.size() != target.size()) {
            return "";
        }
        std::ranges::copy(tensor.values, target.begin());
    }
    const Matrix T = ws.Y();
    for (const TensorCheck& check : check_equations(network, ws, T, Loss::mean_squared_error).tensors) {
        const std::string name = "d" + check.tensor.substr(check.tensor.rfind('.') + 1);
        const bool asked = std::ranges::find(found.tensors, name, &Tensor::name) != found.tensors.end();
        const std::size_t fits = check.hint.find(name + " fits ");
        if (asked && !check.passed && fits != std::string::npos) {
            return check.hint.substr(fits);
        }
    }
    return "";
}

std::vector<Case> core_cases();
std::vector<Case> network_cases();
std::vector<Case> layer_cases();
std::vector<Case> optimizer_cases();
std::vector<Case> train_cases();  // where the exercises are, too

/// All of them; a case is known by its place here.
std::vector<Case> all_cases();

/// Runs a case. @param seed  its numbers are drawn from it
Findings run_case(const Case& its_case, std::uint64_t seed);

inline Vector draw(std::size_t size, Rng& rng, double scale = 1) {
    Vector result(size);
    for (Scalar& value : result) {
        value = static_cast<Scalar>(scale * rng.normal());
    }
    return result;
}

inline Vector draw_between(std::size_t size, Rng& rng, double from, double to) {
    Vector result(size);
    for (Scalar& value : result) {
        value = static_cast<Scalar>(rng.uniform(from, to));
    }
    return result;
}

inline Matrix draw(std::size_t rows, std::size_t cols, Rng& rng, double scale = 1) {
    Matrix result(rows, cols);
    const Vector values = draw(rows * cols, rng, scale);
    for (std::size_t p = 0; p < values.size(); ++p) {
        result.flat()[p] = values[p];
    }
    return result;
}

}  // namespace hourglass::grading
