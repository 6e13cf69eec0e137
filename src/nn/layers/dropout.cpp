#include "hourglass/nn/layers/dropout.hpp"

#include <algorithm>

#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

/// A new mask for a training, or none; in a replay it is as it was.
void draw(Matrix& Mask, Pass& pass, const Matrix& X, double p) {
    if (pass.mode == Pass::Mode::replay) {
        return;
    }
    Mask.resize(X.rows(), X.cols());
    if (pass.mode == Pass::Mode::evaluate) {
        std::ranges::fill(Mask.flat(), Scalar{1});
    } else {
        const Scalar kept = static_cast<Scalar>(1 / (1 - p));
        std::ranges::generate(Mask.flat(), [&] { return pass.rng.uniform() < p ? Scalar{0} : kept; });
    }
}

/// U = V * M
void multiply(Matrix& U, const Matrix& V, const Matrix& Mask) {
    U.resize(V.rows(), V.cols());
    const Values u = U.flat();
    const Given v = V.flat(), m = Mask.flat();
    for (std::size_t i = 0; i < u.size(); ++i) {
        u[i] = m[i] * v[i];
    }
}

}  // namespace

// Z = M * X
void Dropout::forward(Matrix& Z, Pass& pass, const Matrix& X) const {
    draw(pass[M], pass, X, p);  // m = 0 with probability p, else 1 / (1 - p)
    multiply(Z, X, pass[M]);    // z = m x
}

// dX = M * dZ
void Dropout::backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix&) const {
    multiply(dX, dZ, pass[M]);  // dx = m dz
}

std::string Dropout::description() const {
    return "dropout(" + shape_text(shape) + "," + to_exact_text(p) + ")";
}

}  // namespace hourglass
