#include "hourglass/nn/layers/convolution.hpp"

#include "hourglass/core/convolution.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass {

// P = patches(X)     Z = P W^T + b
void Convolution::forward(Matrix& Z, Pass& pass, const Matrix& X) const {
    convolve(Z, pass[P], X, W, b, window);  // z_rj = sum_k p_rk w_jk + b_j
}

// dW = dZ^T P     db = sum_r dZ_r
void Convolution::backward(const Matrix& dZ, Pass& pass, const Matrix& X) {
    convolve_weights(dW, pass[P], dZ, X, window);  // dw_jk = sum_r dz_rj p_rk
    sum_channels(db, dZ);                          // db_j  = sum_r dz_rj
}

// dP = dZ W     dX = each pixel's sum over the patches it is in
void Convolution::backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix&) const {
    convolve_transposed(dX, pass[dP], dZ, W, {}, window);  // dp_rk = sum_j dz_rj w_jk
}

Convolution::Convolution(const Window& its_window, std::size_t channels_out)
    : window(its_window),
      W(channels_out, window.patch()),
      b(channels_out),
      dW(channels_out, window.patch()),
      db(channels_out) {}

std::string Convolution::description() const {
    return "conv(" + window.image.text() + "," + std::to_string(W.rows()) + "," + window.text() +
           (has_bias ? ")" : ",no_bias)");
}

std::vector<Parameter> Convolution::parameters() {
    const std::vector<std::size_t> shape = {W.rows(), window.rows, window.cols, window.image.channels};
    std::vector<Parameter> result = {{name + ".W", W.flat(), dW.flat(), shape}};
    if (has_bias) {
        result.push_back({name + ".b", b, db, {W.rows()}});
    }
    return result;
}

// A number that comes out is a sum over a patch, and one that goes in is in as many patches as see a pixel.
void Convolution::initialize(Initialization initialization, Rng& rng) {
    initialize_parameters(W.flat(), has_bias ? std::span<Scalar>(b) : std::span<Scalar>(),
                          {.fan_in = window.patch(), .fan_out = window.rows * window.cols * W.rows()},
                          initialization, rng);
}

}  // namespace hourglass
