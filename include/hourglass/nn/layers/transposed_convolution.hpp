#pragma once

#include "hourglass/core/window.hpp"
#include "hourglass/nn/layer.hpp"

namespace hourglass {

/// A transposed convolution: each pixel that comes in paints its patch into a larger image, and where patches
/// overlap they add up. The two halves of a convolution exchanged: its forward is what a convolution does to
/// dZ, its backward_input what a convolution does to X.
class TransposedConvolution final : public Layer {
public:
    Window window;  // over the images that come out; its places are the pixels that come in
    Matrix W;   // (channels in, patch), row j = what channel j paints: its pixels row after row, the channels
                // of a pixel side by side
    Vector b;   // (channels out)
    Matrix dW;  // dL/dW, overwritten by each backward
    Vector db;  // dL/db

    /// Is b a parameter? Before a batch norm, which has a bias of its own, it is not: it stays zero.
    bool has_bias = true;

    enum : std::size_t { P, dP };  // what it keeps: the painted patches (n pixels in, patch) and dL/dP

    /// All parameters zero; see initialization.hpp.
    /// @throws Error  as transposed_window does, which says how large the images are that come out
    TransposedConvolution(const ImageShape& input, std::size_t channels_out, std::size_t rows,
                          std::size_t cols, std::size_t stride = 1,
                          Window::Padding padding = Window::Padding::valid);

    std::size_t in() const override { return input().size(); }
    std::size_t out() const override { return window.image.size(); }
    ImageShape input() const { return {window.places_down, window.places_across, W.rows()}; }
    std::string description() const override;
    std::vector<Parameter> parameters() override;
    void initialize(Initialization initialization, Rng& rng) override;
    std::vector<std::string> kept() const override { return {"P", "dP"}; }

    /// P = X W,  Z = each pixel's sum over the patches it is in, + b
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override;

    /// dP = patches(dZ),  dW = X^T dP,  db = sum over all pixels of dZ
    void backward(const Matrix& dZ, Pass& pass, const Matrix& X) override;

    /// dX = dP W^T
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override;

    std::unique_ptr<Layer> copy() const override { return std::make_unique<TransposedConvolution>(*this); }
};

}  // namespace hourglass
