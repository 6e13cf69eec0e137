#pragma once

#include <utility>

#include "hourglass/nn/layer.hpp"

namespace hourglass {

/// A fully connected layer, Z = X W^T + b: weights, biases, and their gradients, all open to be looked at.
class Dense final : public Layer {
public:
    Matrix W;   // (out, in), row j = the weights of neuron j
    Vector b;   // (out)
    Matrix dW;  // dL/dW (out, in), overwritten by each backward
    Vector db;  // dL/db (out), overwritten by each backward

    /// Is b a parameter? Before a batch norm, which has a bias of its own, it is not: it stays zero.
    bool has_bias = true;

    /// All parameters zero; see initialization.hpp.
    Dense(std::size_t in, std::size_t out) : W(out, in), b(out), dW(out, in), db(out) {}
    Dense(std::size_t in, std::size_t out, std::string its_name, const Activation& f)
        : Dense(in, out) {
        name = std::move(its_name);
        activation = f;
    }

    std::size_t in() const override { return W.cols(); }
    std::size_t out() const override { return W.rows(); }
    std::string description() const override;
    std::vector<Parameter> parameters() override;
    void initialize(Initialization initialization, Rng& rng) override;

    /// Z = X W^T + b
    void forward(Matrix& Z, Pass&, const Matrix& X) const override;

    /// dW = dZ^T X,  db = sum_i dZ_i
    void backward(const Matrix& dZ, Pass&, const Matrix& X) override;

    /// dX = dZ W
    void backward_input(Matrix& dX, const Matrix& dZ, Pass&, const Matrix& X) const override;

    std::unique_ptr<Layer> copy() const override { return std::make_unique<Dense>(*this); }
};

}  // namespace hourglass
