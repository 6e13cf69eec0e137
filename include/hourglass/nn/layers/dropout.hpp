#pragma once

#include "hourglass/nn/layer.hpp"
#include "hourglass/nn/shape.hpp"

namespace hourglass {

/// Leaves out each number with probability p in training, so that no unit can rely on another. What stays is
/// divided by 1 - p: its mean is then that of X, and a trained network is used without masks and factors.
///   z = m x,   m = 0 with probability p, else 1 / (1 - p);   where it evaluates, m = 1
/// @see  Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014; scaled in training ("inverted")
class Dropout final : public Layer {
public:
    ImageShape shape;  // of a sample
    double p;          // in [0, 1)

    enum : std::size_t { M };  // what it keeps: the mask (n, in)

    Dropout(const ImageShape& its_shape, double probability) : shape(its_shape), p(probability) {}

    std::size_t in() const override { return shape.size(); }
    std::size_t out() const override { return shape.size(); }
    std::string description() const override;
    std::vector<std::string> kept() const override { return {"M"}; }

    /// Z = M * X
    void forward(Matrix& Z, Pass& pass, const Matrix& X) const override;

    void backward(const Matrix&, Pass&, const Matrix&) override {}  // it has no parameters

    /// dX = M * dZ
    void backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const override;

    std::unique_ptr<Layer> copy() const override { return std::make_unique<Dropout>(*this); }
};

}  // namespace hourglass
