#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/random.hpp"

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
};

std::vector<Case> core_cases();
std::vector<Case> network_cases();
std::vector<Case> layer_cases();
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

inline Matrix draw(std::size_t rows, std::size_t cols, Rng& rng, double scale = 1) {
    Matrix result(rows, cols);
    const Vector values = draw(rows * cols, rng, scale);
    for (std::size_t p = 0; p < values.size(); ++p) {
        result.flat()[p] = values[p];
    }
    return result;
}

}  // namespace hourglass::grading
