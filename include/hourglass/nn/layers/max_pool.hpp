#pragma once

#include "hourglass/core/window.hpp"
#include "hourglass/nn/layer.hpp"

namespace hourglass {

/// The largest number of each channel under each place of a window. What is outside of the image does not count.
class MaxPool final : public Layer {
public:
    Window window;

    enum : std::size_t { largest };  // what it keeps (n, out): which of the pixels under the window z is

    explicit MaxPool(const Window& its_window) : window(its_window) {}

    std::size_t in() const override { return window.image.size(); }
    std::size_t out() const override { return window.places() * window.image.channels; }
    std::string description() const override;
    std::vector<std::string> kept() const override { return {"largest"}; }

    /// Which number under each place of the window is the largest, of each channel.
    void append_sides(std::vector<int>& sides, const Matrix& X) const override;

    /// z = the largest x under the window
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override;

    void backward(const Matrix&, Pass&, const Matrix&) override {}  // it has no parameters

    /// dx = the sum of dz over the places where x is the largest; of several that are, the first counts
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override;

    std::unique_ptr<Layer> copy() const override { return std::make_unique<MaxPool>(*this); }
};

}  // namespace hourglass
