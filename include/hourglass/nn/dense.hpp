#pragma once

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// A fully connected layer: weights, biases, and their gradients, all open to be looked at.
struct Dense {
    Matrix W;   // (out, in), row j = the weights of neuron j
    Vector b;   // (out)
    Matrix dW;  // dL/dW (out, in), overwritten by each backward
    Vector db;  // dL/db (out), overwritten by each backward

    /// All parameters zero; see initialization.hpp.
    Dense(std::size_t in, std::size_t out) : W(out, in), b(out), dW(out, in), db(out) {}

    std::size_t in() const { return W.cols(); }
    std::size_t out() const { return W.rows(); }

    /// Z = X W^T + b
    /// @param X  inputs (n, in)   @param Z  pre-activations (n, out)
    void forward(Matrix& Z, const Matrix& X) const;

    /// dW = dZ^T X,  db = sum_i dZ_i,  dX = dZ W
    /// @param X  what forward was given (n, in)   @param dZ  (n, out)   @param dX  (n, in)
    void backward(Matrix& dX, const Matrix& dZ, const Matrix& X);

    /// dW and db alone: the first layer of a network has no layer before it that would need dX.
    void backward(const Matrix& dZ, const Matrix& X);

    /// dX alone, for those who ask for it after all.
    void backward_input(Matrix& dX, const Matrix& dZ) const;
};

}  // namespace hourglass
