#include "hourglass/nn/layers/max_pool.hpp"

#include <algorithm>

#include "view.hpp"

namespace hourglass {
namespace {

/// Where x is larger than z: z = x, and k = number.
void take_larger(Values z, Values k, Given x, Scalar number) {
    for (std::size_t c = 0; c < x.size(); ++c) {
        const bool larger = x[c] > z[c];
        k[c] = larger ? number : k[c];
        z[c] = larger ? x[c] : z[c];
    }
}

}  // namespace

// z = the largest x under the window
void MaxPool::forward(Matrix& Z, Pass& pass, const Matrix& X) const {
    const std::size_t channels = window.image.channels;
    Z.resize(X.rows(), out());
    pass[largest].resize(X.rows(), out());
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t place = 0; place < window.places(); ++place) {
            const View under = view(window, place);
            const Values z = Z.row(i).subspan(place * channels, channels);
            const Values k = pass[largest].row(i).subspan(place * channels, channels);
            std::ranges::copy(X.row(i).subspan(window.image.at(under.top, under.left), channels), z.begin());
            std::ranges::fill(k, Scalar{0});
            std::size_t number = 0;  // of the pixel, among those under the window
            for (std::size_t row = under.top; row < under.bottom; ++row) {
                for (std::size_t col = under.left; col < under.right; ++col, ++number) {
                    const Given x = X.row(i).subspan(window.image.at(row, col), channels);
                    take_larger(z, k, x, static_cast<Scalar>(number));
                }
            }
        }
    }
}

// dx = sum of dz over the places where x is the largest
void MaxPool::backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix& X) const {
    const std::size_t channels = window.image.channels;
    dX.resize(X.rows(), in());
    std::ranges::fill(dX.flat(), Scalar{0});
    for (std::size_t i = 0; i < X.rows(); ++i) {
        for (std::size_t place = 0; place < window.places(); ++place) {
            const View under = view(window, place);
            for (std::size_t c = 0; c < channels; ++c) {
                const std::size_t j = place * channels + c;
                const auto number = static_cast<std::size_t>(pass[largest](i, j));
                const std::size_t row = under.top + number / (under.right - under.left);
                const std::size_t col = under.left + number % (under.right - under.left);
                dX(i, window.image.at(row, col) + c) += dZ(i, j);
            }
        }
    }
}

void MaxPool::append_sides(std::vector<int>& sides, const Matrix& X) const {
    Matrix Z;
    Pass pass(*this);
    forward(Z, pass, X);
    for (const Scalar k : pass[largest].flat()) {
        sides.push_back(static_cast<int>(k));
    }
}

std::string MaxPool::description() const {
    return "max_pool(" + window.image.text() + "," + window.text() + ")";
}

}  // namespace hourglass
