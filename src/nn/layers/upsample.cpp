#include "hourglass/nn/layers/upsample.hpp"

#include <algorithm>

namespace hourglass {

// z at row y and column x of the large image is x at row y / factor and column x / factor of the small one
void Upsample::forward(Matrix& Z, Pass&, const Matrix& X) const {
    Z.resize(X.rows(), out());
    const std::size_t width = shape.width * factor, channels = shape.channels;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t y = 0; y < shape.height * factor; ++y) {
            for (std::size_t x = 0; x < width; ++x) {
                const std::size_t small = (y / factor * shape.width + x / factor) * channels;
                std::ranges::copy(X.row(i).subspan(small, channels),
                                  Z.row(i).subspan((y * width + x) * channels).begin());
            }
        }
    }
}

// dx is the sum of dz over its square
void Upsample::backward_input(Matrix& dX, const Matrix& dZ, Pass&, const Matrix& X) const {
    dX.resize(X.rows(), in());
    std::ranges::fill(dX.flat(), Scalar{0});
    const std::size_t width = shape.width * factor, channels = shape.channels;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t y = 0; y < shape.height * factor; ++y) {
            for (std::size_t x = 0; x < width; ++x) {
                const std::size_t small = (y / factor * shape.width + x / factor) * channels;
                const Given dz = dZ.row(i).subspan((y * width + x) * channels, channels);
                for (std::size_t c = 0; c < channels; ++c) {
                    dX(i, small + c) += dz[c];
                }
            }
        }
    }
}

std::string Upsample::description() const {
    return "upsample(" + shape_text(shape) + "," + std::to_string(factor) + ")";
}

}  // namespace hourglass
