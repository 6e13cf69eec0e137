#include "hourglass/nn/layers/average_pool.hpp"

#include <algorithm>

#include "view.hpp"

namespace hourglass {

// z = sum of x under the window / count
void AveragePool::forward(Matrix& Z, Pass&, const Matrix& X) const {
    const std::size_t channels = window.image.channels;
    Z.resize(X.rows(), out());
    std::ranges::fill(Z.flat(), Scalar{0});
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t place = 0; place < window.places(); ++place) {
            const View under = view(window, place);
            const Values z = Z.row(i).subspan(place * channels, channels);
            for (std::size_t row = under.top; row < under.bottom; ++row) {
                for (std::size_t col = under.left; col < under.right; ++col) {
                    const Given x = X.row(i).subspan(window.image.at(row, col), channels);
                    for (std::size_t c = 0; c < channels; ++c) {
                        z[c] += x[c];
                    }
                }
            }
            const Scalar count = static_cast<Scalar>(under.pixels());
            for (Scalar& z_c : z) {
                z_c /= count;
            }
        }
    }
}

// dx = sum of dz / count over the places that x is under
void AveragePool::backward_input(Matrix& dX, const Matrix& dZ, Pass&, const Matrix& X) const {
    const std::size_t channels = window.image.channels;
    dX.resize(X.rows(), in());
    std::ranges::fill(dX.flat(), Scalar{0});
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t place = 0; place < window.places(); ++place) {
            const View under = view(window, place);
            const Scalar count = static_cast<Scalar>(under.pixels());
            const Given dz = dZ.row(i).subspan(place * channels, channels);
            for (std::size_t row = under.top; row < under.bottom; ++row) {
                for (std::size_t col = under.left; col < under.right; ++col) {
                    const Values dx = dX.row(i).subspan(window.image.at(row, col), channels);
                    for (std::size_t c = 0; c < channels; ++c) {
                        dx[c] += dz[c] / count;
                    }
                }
            }
        }
    }
}

std::string AveragePool::description() const {
    return "average_pool(" + window.image.text() + "," + window.text() + ")";
}

}  // namespace hourglass
