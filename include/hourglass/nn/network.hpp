#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hourglass/nn/activation.hpp"
#include "hourglass/nn/dense.hpp"
#include "hourglass/nn/loss.hpp"

namespace hourglass {

/// A tensor that training changes, and its gradient, as an optimizer sees them.
/// The spans stay valid while the network that they came from lives and is not assigned to.
struct Parameter {
    std::string name;                 // "encoder.1.W"
    std::span<Scalar> value;          // row after row
    std::span<const Scalar> gradient;
    std::size_t cols = 0;             // of a matrix; 0 for a vector

    /// "encoder.1.W[3,7]", or "encoder.1.b[3]", for the element at `position` of the span.
    std::string element_name(std::size_t position) const;
};

struct Layer {
    std::string name;  // "encoder.0"
    Dense dense;
    Activation activation;
};

class Network;

/// Everything that a forward and a backward pass compute for one batch of n samples, under its name.
/// Index l is the layer, from 1 to the depth; A[0] is the input X and dA[0] its gradient, which only
/// backward_input fills. Z[0] and dZ[0] stay empty. Keeps its memory from one batch to the next.
struct Workspace {
    std::vector<Matrix> Z;   // pre-activations (n, out)
    std::vector<Matrix> A;   // activations (n, out)
    std::vector<Matrix> dZ;  // dL/dZ
    std::vector<Matrix> dA;  // dL/dA

    explicit Workspace(const Network& network);

    const Matrix& Y() const { return A.back(); }  // the predictions
};

/// A multilayer perceptron: an ordered list of layers, each Z = X W^T + b and A = f(Z).
class Network {
public:
    /// @pre  the width of each layer's input is that of the output before it
    explicit Network(std::vector<Layer> layers);

    std::size_t depth() const { return layers_.size(); }
    std::size_t in() const { return layers_.front().dense.in(); }
    std::size_t out() const { return layers_.back().dense.out(); }

    /// Layer l, counted from 1 as in the equations. @pre  1 <= l <= depth()
    Layer& layer(std::size_t l) { return layers_[l - 1]; }
    const Layer& layer(std::size_t l) const { return layers_[l - 1]; }

    /// Fills ws.Z and ws.A: A_0 = X, then Z_l = A_{l-1} W_l^T + b_l and A_l = f_l(Z_l) up to Y.
    /// @param X  inputs (n, in)
    void forward(Workspace& ws, const Matrix& X) const;

    /// The same for a batch that is in ws.A[0] already, which saves a large one the copy.
    void forward(Workspace& ws) const;

    /// The loss of ws.Y() against the targets; writes dZ of the last layer, where backward starts.
    /// @param T  targets (n, out)
    double loss(Workspace& ws, const Matrix& T, Loss loss) const;

    /// Fills ws.dZ and ws.dA and every layer's dW and db, from the last layer down to the first. Leaves
    /// out dA[0], which training does not need: in a small net it is a sixth of all the work.
    /// @pre  forward and loss were called on `ws`
    void backward(Workspace& ws);

    /// Fills ws.dA[0], the gradient of the input: which pixel mattered. @pre  after backward(ws)
    void backward_input(Workspace& ws) const;

    /// The output of layers first to last (counted from 1, both included) for their input X.
    /// For use outside of training: it allocates.
    Matrix apply(std::size_t first, std::size_t last, const Matrix& X) const;

    /// Y for the inputs X (n, in): (n, out).
    Matrix predict(const Matrix& X) const { return apply(1, depth(), X); }

    /// W and b of every layer, first layer first, with their gradients.
    std::vector<Parameter> parameters();

    /// How many numbers training sets: all weights and biases.
    std::size_t parameter_count() const;

    /// in, ..., out: one more than there are layers.
    std::vector<std::size_t> widths() const;

private:
    std::vector<Layer> layers_;
};

/// The first sample in `ws` with a pre-activation that is not a number, infinite, or too large in size:
/// beyond 10^4 in a hidden tanh, sigmoid or softmax, where no gradient is left to come back by (a tanh is
/// exactly 1 beyond |z| = 20, even in double), and beyond 10^12 elsewhere.
struct Divergence {
    std::string layer;       // "decoder.2"
    std::size_t sample = 0;  // row of the batch, from 0
    double value = 0;        // the largest |z| of that sample in that layer, or NaN
};
std::optional<Divergence> find_divergence(const Network& network, const Workspace& ws);

}  // namespace hourglass
