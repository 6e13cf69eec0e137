#pragma once

#include "hourglass/core/window.hpp"
#include "hourglass/nn/layer.hpp"

namespace hourglass {

/// The mean of each channel under each place of a window. What is outside of the image does not count, in number
/// neither: the mean of a constant image is that constant.
class AveragePool final : public Layer {
public:
    Window window;

    explicit AveragePool(const Window& its_window) : window(its_window) {}

    std::size_t in() const override { return window.image.size(); }
    std::size_t out() const override { return window.places() * window.image.channels; }
    std::string description() const override;

    /// z = the mean of x under the window
    void forward(Matrix& Z, Pass&, const Matrix& X) const override;

    void backward(const Matrix&, Pass&, const Matrix&) override {}  // it has no parameters

    /// dx = the sum of dz / count over the places that x is under
    void backward_input(Matrix& dX, const Matrix& dZ, Pass&, const Matrix& X) const override;

    std::unique_ptr<Layer> copy() const override { return std::make_unique<AveragePool>(*this); }
};

}  // namespace hourglass
