#include "hourglass/nn/layers/transposed_convolution.hpp"

#include "hourglass/core/convolution.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass {

// P = X W     Z = each pixel's sum over the patches it is in, + b
void TransposedConvolution::forward(Matrix& Z, Pass& pass, const Matrix& X) const {
    convolve_transposed(Z, pass[P], X, W, b, window);  // p_rk = sum_j x_rj w_jk
}

// dP = patches(dZ)     dW = X^T dP     db = sum over all pixels of dZ
void TransposedConvolution::backward(const Matrix& dZ, Pass& pass, const Matrix& X) {
    convolve_weights(dW, pass[dP], X, dZ, window);  // dw_jk = sum_r x_rj dp_rk
    sum_channels(db, dZ);                           // db_c  = sum_q dz_qc
}

// dX = dP W^T
void TransposedConvolution::backward_input(Matrix& dX, const Matrix& dZ, Pass& pass, const Matrix&) const {
    convolve(dX, pass[dP], dZ, W, {}, window);  // dx_rj = sum_k dp_rk w_jk
}

TransposedConvolution::TransposedConvolution(const ImageShape& input, std::size_t channels_out,
                                             std::size_t rows, std::size_t cols, std::size_t stride,
                                             Window::Padding padding)
    : window(transposed_window(input, channels_out, rows, cols, stride, padding)),
      W(input.channels, window.patch()),
      b(channels_out),
      dW(input.channels, window.patch()),
      db(channels_out) {}

std::string TransposedConvolution::description() const {
    return "conv_transposed(" + input().text() + "," + std::to_string(b.size()) + "," + window.text() +
           (has_bias ? ")" : ",no_bias)");
}

std::vector<Parameter> TransposedConvolution::parameters() {
    const std::vector<std::size_t> shape = {W.rows(), window.rows, window.cols, b.size()};
    std::vector<Parameter> result = {{name + ".W", W.flat(), dW.flat(), shape}};
    if (has_bias) {
        result.push_back({name + ".b", b, db, {b.size()}});
    }
    return result;
}

// What a convolution with the same window takes in and gives out, exchanged.
void TransposedConvolution::initialize(Initialization initialization, Rng& rng) {
    initialize_parameters(W.flat(), has_bias ? std::span<Scalar>(b) : std::span<Scalar>(),
                          {.fan_in = window.rows * window.cols * W.rows(), .fan_out = window.patch()},
                          initialization, rng);
}

}  // namespace hourglass
