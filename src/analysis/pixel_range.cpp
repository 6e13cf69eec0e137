#include "hourglass/analysis/pixel_range.hpp"

#include <algorithm>

#include "hourglass/nn/layers/dense.hpp"

namespace hourglass {

void to_zero_one(Matrix& P, const Matrix& X) {
    P.resize(X.rows(), X.cols());
    std::ranges::transform(X.flat(), P.flat().begin(), [](Scalar x) { return (1 + x) / 2; });
}

Matrix zero_one(const Matrix& X) {
    Matrix P;
    to_zero_one(P, X);
    return P;
}

void to_signed(Matrix& X, const Matrix& P) {
    X.resize(P.rows(), P.cols());
    std::ranges::transform(P.flat(), X.flat().begin(), [](Scalar p) { return 2 * p - 1; });
}

Autoencoder for_signed_pixels(const Autoencoder& model) {
    Autoencoder result = model;
    Dense& first = result.as<Dense>(1);
    for (std::size_t j = 0; j < first.out(); ++j) {
        for (Scalar& w : first.W.row(j)) {
            w /= 2;
            first.b[j] += w;
        }
    }
    Dense& last = result.as<Dense>(result.depth());
    for (const Parameter& parameter : last.parameters()) {
        std::ranges::for_each(parameter.value, [](Scalar& value) { value /= 2; });
    }
    last.activation = {Activation::Kind::tanh};
    return result;
}

}  // namespace hourglass
