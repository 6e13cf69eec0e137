#pragma once

#include "hourglass/core/window.hpp"
#include "hourglass/nn/layer.hpp"

namespace hourglass {

/// A convolutional layer: the same neurons look through a window at each of its places. With the patches of X
/// as the rows of P it is the dense layer Z = P W^T + b, and place r has its channels side by side in row i
/// of Z.
class Convolution final : public Layer {
public:
    Window window;  // over the images that come in
    Matrix W;   // (channels out, patch), row j = the filter of channel j: its window's pixels row after row,
                // the channels of a pixel side by side
    Vector b;   // (channels out)
    Matrix dW;  // dL/dW, overwritten by each backward
    Vector db;  // dL/db

    /// Is b a parameter? Before a batch norm, which has a bias of its own, it is not: it stays zero.
    bool has_bias = true;

    /// What it keeps: the patches (n places, patch) and dL/dP; see convolution.hpp of core.
    enum : std::size_t { P, dP };

    /// All parameters zero; see initialization.hpp.
    Convolution(const Window& window, std::size_t channels_out);

    std::size_t in() const override { return window.image.size(); }
    std::size_t out() const override { return output().size(); }
    ImageShape output() const { return {window.places_down, window.places_across, W.rows()}; }
    std::string description() const override;
    std::vector<Parameter> parameters() override;
    void initialize(Initialization initialization, Rng& rng) override;
    std::vector<std::string> kept() const override { return {"P", "dP"}; }

    /// P = patches(X),  Z = P W^T + b
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override;

    /// dW = dZ^T P,  db = sum_r dZ_r
    void backward(const Matrix& dZ, Pass& pass, const Matrix& X) override;

    /// dP = dZ W,  dX = each pixel's sum over the patches it is in
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override;

    std::unique_ptr<Layer> copy() const override { return std::make_unique<Convolution>(*this); }
};

}  // namespace hourglass
