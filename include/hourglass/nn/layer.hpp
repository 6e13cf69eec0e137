#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/random.hpp"
#include "hourglass/nn/activation.hpp"
#include "hourglass/nn/initialization.hpp"

namespace hourglass {

/// A tensor of a layer and its gradient, as an optimizer, a model file and a gradient check see them. One
/// without a gradient is saved with the model and not trained, such as running statistics.
/// The spans stay valid while the network that they came from lives and is not assigned to.
struct Parameter {
    std::string name;                  // "encoder.1.W"
    std::span<Scalar> value;           // row after row
    std::span<const Scalar> gradient;  // as long as value, or empty
    std::vector<std::size_t> shape;    // (out, in), (out), ...: what messages index by

    /// "encoder.1.W[3,7]", or "encoder.1.b[3]", for the element at `position` of the span.
    std::string element_name(std::size_t position) const;
};

class Layer;

/// What a layer leaves behind of one batch besides Z and A, and what it draws from.
struct Pass {
    /// evaluate: as a trained network is used. train: with masks and draws of its own for each batch.
    /// replay: as train, with the draws of the last batch again, for a gradient check.
    enum class Mode { evaluate, train, replay };

    /// One matrix, under its name.
    struct Kept {
        std::string name;  // such as "M", the mask of a dropout layer
        Matrix value;
    };

    Mode mode = Mode::evaluate;
    Rng rng{0};          // a stream of its own for each layer
    double penalty = 0;  // what the layer adds to the loss, such as a KL divergence
    std::vector<Kept> kept;

    Pass() = default;

    /// One that evaluates, with room for what the layer keeps.
    explicit Pass(const Layer& layer);

    /// What the layer keeps, by its place in Layer::kept().
    Matrix& operator[](std::size_t k) { return kept[k].value; }
    const Matrix& operator[](std::size_t k) const { return kept[k].value; }
};

/// One layer, Z = g(X; parameters) and then A = f(Z): what a network, an optimizer, a model file, a gradient
/// check and a debugger need to know of it. A layer holds its parameters and their gradients; whatever a
/// batch leaves behind is in the workspace, so that forward is const and two workspaces can share a network.
class Layer {
public:
    virtual ~Layer() = default;

    std::string name;       // "encoder.0"
    Activation activation;  // f

    virtual std::size_t in() const = 0;
    virtual std::size_t out() const = 0;

    /// "dense(35,25)", which make_layer turns into such a layer again.
    virtual std::string description() const = 0;

    /// The tensors of this layer, in the order in which they are saved.
    virtual std::vector<Parameter> parameters() { return {}; }

    /// How the parameters start. @param rng  what random numbers are drawn from
    virtual void initialize(Initialization, Rng&) {}

    /// The names of what the layer keeps of a batch in its pass, besides Z and A.
    virtual std::vector<std::string> kept() const { return {}; }

    /// Appends which side of each kink of its own the inputs X are on; the activation's kinks are not its own.
    virtual void append_sides(std::vector<int>& /*sides*/, const Matrix& /*X*/) const {}

    /// Z = g(X).   @param X  (n, in)   @param Z  (n, out)
    virtual void forward(Matrix& Z, Pass& pass, const Matrix& X) const = 0;

    /// The gradients of the parameters, overwritten.
    /// @param dZ  dL/dZ (n, out)   @param X  what forward was given (n, in)
    virtual void backward(const Matrix& dZ, Pass& pass, const Matrix& X) = 0;

    /// The gradient of the input. @param dX  dL/dX (n, in)
    virtual void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const = 0;

    virtual std::unique_ptr<Layer> copy() const = 0;

protected:
    Layer() = default;
    Layer(const Layer&) = default;
    Layer& operator=(const Layer&) = default;
};

}  // namespace hourglass
