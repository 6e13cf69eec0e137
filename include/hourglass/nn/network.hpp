#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <typeinfo>
#include <vector>

#include "hourglass/nn/layer.hpp"
#include "hourglass/nn/loss.hpp"

namespace hourglass {

class Network;

/// Everything that a forward and a backward pass compute for one batch of n samples, under its name.
/// Index l is the layer, from 1 to the depth; A[0] is the input X and dA[0] its gradient, which only
/// backward_input fills. Z[0] and dZ[0] stay empty. Keeps its memory from one batch to the next.
struct Workspace {
    std::vector<Matrix> Z;   // pre-activations (n, out)
    std::vector<Matrix> A;   // activations (n, out)
    std::vector<Matrix> dZ;  // dL/dZ
    std::vector<Matrix> dA;  // dL/dA
    std::vector<Pass> pass;  // pass[l]: what else layer l leaves; pass[0] stays empty

    /// For a network as it is used: no masks, no draws.
    explicit Workspace(const Network& network);

    /// For training: each layer draws from a stream of its own that starts from `seed`.
    Workspace(const Network& network, std::uint64_t seed);

    const Matrix& Y() const { return A.back(); }  // the predictions

    /// A matrix of the workspace: "encoder.1.Z", or "X" and "dX" for those of the input.
    struct Named {
        std::string name;
        const Matrix* value;
    };

    /// All matrices in the order in which a step computes them; those not computed are empty.
    /// @param network  the one that this workspace was made for
    std::vector<Named> matrices(const Network& network) const;

    /// What it takes in bytes after a batch, had that been one of `rows` samples: the last of an epoch is often smaller.
    std::size_t bytes(std::size_t rows) const;
};

/// A network: an ordered list of layers, each Z = g(X) and A = f(Z).
class Network {
public:
    /// @throws ShapeError  if there is no layer, or a layer's input is not as wide as the output before it
    explicit Network(std::vector<std::unique_ptr<Layer>> layers);

    Network(const Network& other);
    Network& operator=(const Network& other);
    Network(Network&&) = default;
    Network& operator=(Network&&) = default;
    ~Network() = default;

    std::size_t depth() const { return layers_.size(); }
    std::size_t in() const { return layers_.front()->in(); }
    std::size_t out() const { return layers_.back()->out(); }

    /// Layer l, counted from 1 as in the equations. @pre  1 <= l <= depth()
    Layer& layer(std::size_t l) { return *layers_[l - 1]; }
    const Layer& layer(std::size_t l) const { return *layers_[l - 1]; }

    /// Layer l as the kind that it is: network.as<Dense>(1).W. @throws std::bad_cast  if it is another
    template <class Kind>
    Kind& as(std::size_t l) {
        return dynamic_cast<Kind&>(layer(l));
    }
    template <class Kind>
    const Kind& as(std::size_t l) const {
        return dynamic_cast<const Kind&>(layer(l));
    }

    /// Fills ws.Z and ws.A: A_0 = X, then Z_l = g_l(A_{l-1}) and A_l = f_l(Z_l) up to Y.
    /// @param X  inputs (n, in)
    /// @throws ShapeError  if X is not that wide
    void forward(Workspace& ws, const Matrix& X) const;

    /// The same for a batch that is in ws.A[0] already, which saves a large one the copy.
    void forward(Workspace& ws) const;

    /// The loss of ws.Y() against the targets, and what the layers add to it; writes dZ of the last layer,
    /// where backward starts.
    /// @param T  targets (n, out)
    /// @throws ShapeError  if T has another shape than Y
    double loss(Workspace& ws, const Matrix& T, Loss loss) const;

    /// Fills ws.dZ and ws.dA and the gradients of every layer, from the last layer down to the first. Leaves
    /// out dA[0], which training does not need: in a small net it is a sixth of all the work.
    /// @pre  forward and loss were called on `ws`
    /// @throws ShapeError  if they were not
    void backward(Workspace& ws);

    /// Fills ws.dA[0], the gradient of the input: which pixel mattered. @pre  after backward(ws)
    void backward_input(Workspace& ws) const;

    /// The output of layers first to last (counted from 1, both included) for their input X.
    /// For use outside of training: it allocates.
    /// @throws ShapeError  if X is not as wide as layer `first` takes it
    Matrix apply(std::size_t first, std::size_t last, const Matrix& X) const;

    /// Y for the inputs X (n, in): (n, out).
    Matrix predict(const Matrix& X) const { return apply(1, depth(), X); }

    /// The parameters of every layer, first layer first, with their gradients.
    std::vector<Parameter> parameters();

    /// How many numbers training sets.
    std::size_t parameter_count() const;

    /// in, ..., out: one more than there are layers.
    std::vector<std::size_t> widths() const;

private:
    std::vector<std::unique_ptr<Layer>> layers_;
};

/// Overwrites the parameters of every layer, first layer first, with numbers drawn from `rng`.
void initialize(Network& network, Initialization initialization, Rng& rng);

}  // namespace hourglass
