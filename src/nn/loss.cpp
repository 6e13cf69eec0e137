#include "hourglass/nn/loss.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "hourglass/core/elementwise.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/names.hpp"

namespace hourglass {
namespace {

// dZ = (Y - T) / n: what all three cross-entropies come to.
void cross_entropy_gradient(Matrix& dZ, const Matrix& Z, const Matrix& Y, const Matrix& T) {
    require_same_shape("cross-entropy, targets and predictions", T, Y);
    require_same_shape("cross-entropy, Z and Y", Z, Y);
    dZ.resize(Y.rows(), Y.cols());
    const auto dz = dZ.flat();
    const auto y = Y.flat();
    const auto t = T.flat();
    const Scalar n = static_cast<Scalar>(Y.rows());
    for (std::size_t i = 0; i < y.size(); ++i) {
        dz[i] = (y[i] - t[i]) / n;
    }
}

}  // namespace

// L = sum_ij (y_ij - t_ij)^2 / (n d)     dY = 2 (Y - T) / (n d)
double mean_squared_error(Matrix& dY, const Matrix& Y, const Matrix& T) {
    require_same_shape("mean squared error, targets and predictions", T, Y);
    dY.resize(Y.rows(), Y.cols());
    const double nd = static_cast<double>(Y.size());
    return elementwise::squared_error(dY.flat(), Y.flat(), T.flat(), static_cast<Scalar>(2 / nd)) / nd;
}

// L = sum_ij |y_ij - t_ij| / (n d)     dY = sign(Y - T) / (n d)
double mean_absolute_error(Matrix& dY, const Matrix& Y, const Matrix& T) {
    require_same_shape("mean absolute error, targets and predictions", T, Y);
    dY.resize(Y.rows(), Y.cols());
    const auto dy = dY.flat();
    const auto y = Y.flat();
    const auto t = T.flat();
    const Scalar nd = static_cast<Scalar>(Y.size());
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const Scalar difference = y[i] - t[i];
        const Scalar sign = static_cast<Scalar>((difference > 0) - (difference < 0));
        dy[i] = sign / nd;
        sum += static_cast<double>(std::abs(difference));
    }
    return sum / static_cast<double>(Y.size());
}

// With p = (1 + y) / 2 = sigmoid(2z) and q = (1 + t) / 2:
//   L = sum_j -q ln p - (1 - q) ln(1 - p) = sum_j softplus(2z) - (1 + t) z
//   dL/dz = 2 (p - q) = y - t
double tanh_cross_entropy(Matrix& dZ, const Matrix& Z, const Matrix& Y, const Matrix& T) {
    cross_entropy_gradient(dZ, Z, Y, T);
    return elementwise::cross_entropy_sum(Z.flat(), T.flat(), /*scale*/ 2, /*shift*/ 1) / static_cast<double>(Y.rows());
}

//   L = sum_j -t ln y - (1 - t) ln(1 - y) = sum_j softplus(z) - t z
//   dL/dz = y - t
double sigmoid_cross_entropy(Matrix& dZ, const Matrix& Z, const Matrix& Y, const Matrix& T) {
    cross_entropy_gradient(dZ, Z, Y, T);
    return elementwise::cross_entropy_sum(Z.flat(), T.flat(), /*scale*/ 1, /*shift*/ 0) / static_cast<double>(Y.rows());
}

//   L = sum_j -t_j ln y_j = sum_j t_j (ln sum_k exp(z_k) - z_j)
//   dL/dz_j = y_j - t_j                         (the targets of a row sum to 1)
double softmax_cross_entropy(Matrix& dZ, const Matrix& Z, const Matrix& Y, const Matrix& T) {
    cross_entropy_gradient(dZ, Z, Y, T);
    double sum = 0;
    for (std::size_t i = 0; i < Z.rows(); ++i) {
        const auto z = Z.row(i);
        const auto t = T.row(i);
        const double largest = static_cast<double>(std::ranges::max(z));
        double exp_sum = 0;
        for (const Scalar z_k : z) {
            exp_sum += std::exp(static_cast<double>(z_k) - largest);
        }
        const double log_sum = largest + std::log(exp_sum);
        for (std::size_t j = 0; j < z.size(); ++j) {
            sum += static_cast<double>(t[j]) * (log_sum - static_cast<double>(z[j]));
        }
    }
    return sum / static_cast<double>(Y.rows());
}

double output_loss(Matrix& dZ, Matrix& dY, const Matrix& Z, const Matrix& Y, const Matrix& T,
                   Loss loss, const Activation& f) {
    require_compatible(loss, f);
    if (loss == Loss::cross_entropy) {
        switch (f.kind) {
            case Activation::Kind::tanh: return tanh_cross_entropy(dZ, Z, Y, T);
            case Activation::Kind::sigmoid: return sigmoid_cross_entropy(dZ, Z, Y, T);
            default: return softmax_cross_entropy(dZ, Z, Y, T);
        }
    }
    const double value = loss == Loss::mean_squared_error ? mean_squared_error(dY, Y, T)
                                                          : mean_absolute_error(dY, Y, T);
    activation_backward(dZ, dY, Y, f);  // dZ = dY * f'(Z)
    return value;
}

void require_compatible(Loss loss, const Activation& f) {
    if (loss == Loss::cross_entropy && !has_cross_entropy(f)) {
        throw Error("cross_entropy needs an output of tanh, sigmoid or softmax, not " + name_of(f));
    }
}

Loss loss_from_name(std::string_view name) {
    return value_from_name("loss", name,
                           {Loss::mean_squared_error, Loss::mean_absolute_error, Loss::cross_entropy});
}

std::string_view name_of(Loss loss) {
    switch (loss) {
        case Loss::mean_squared_error: return "mse";
        case Loss::mean_absolute_error: return "mae";
        case Loss::cross_entropy: return "cross_entropy";
    }
    return "";
}

}  // namespace hourglass
