#pragma once

#include "hourglass/nn/layer.hpp"
#include "hourglass/nn/shape.hpp"

namespace hourglass {

/// Makes an image `factor` times as high and as wide, each pixel a square of that size ("nearest neighbour").
class Upsample final : public Layer {
public:
    ImageShape shape;  // of what comes in
    std::size_t factor;

    Upsample(const ImageShape& its_shape, std::size_t its_factor) : shape(its_shape), factor(its_factor) {}

    std::size_t in() const override { return shape.size(); }
    std::size_t out() const override { return shape.size() * factor * factor; }
    std::string description() const override;

    /// Each pixel in its square
    void forward(Matrix& Z, Pass&, const Matrix& X) const override;

    void backward(const Matrix&, Pass&, const Matrix&) override {}  // it has no parameters

    /// The sum over each square
    void backward_input(Matrix& dX, const Matrix& dZ, Pass&, const Matrix& X) const override;

    std::unique_ptr<Layer> copy() const override { return std::make_unique<Upsample>(*this); }
};

}  // namespace hourglass
