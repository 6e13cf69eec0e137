#include "hourglass/nn/layers/dense.hpp"

#include "hourglass/core/matmul.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass {

// Z = X W^T + b
void Dense::forward(Matrix& Z, Pass&, const Matrix& X) const {
    matmul_nt(Z, X, W);  // z_ij  = sum_k x_ik w_jk
    add_to_rows(Z, b);   // z_ij += b_j
}

// dW = dZ^T X     db = sum_i dZ_i
void Dense::backward(const Matrix& dZ, Pass&, const Matrix& X) {
    matmul_tn(dW, dZ, X);  // dw_jk = sum_i dz_ij x_ik
    sum_rows(db, dZ);      // db_j  = sum_i dz_ij
}

// dX = dZ W
void Dense::backward_input(Matrix& dX, const Matrix& dZ, Pass&, const Matrix&) const {
    matmul_nn(dX, dZ, W);  // dx_ik = sum_j dz_ij w_jk
}

std::string Dense::description() const {
    return "dense(" + std::to_string(in()) + "," + std::to_string(out()) + (has_bias ? ")" : ",no_bias)");
}

std::vector<Parameter> Dense::parameters() {
    std::vector<Parameter> result = {{name + ".W", W.flat(), dW.flat(), {out(), in()}}};
    if (has_bias) {
        result.push_back({name + ".b", b, db, {out()}});
    }
    return result;
}

void Dense::initialize(Initialization initialization, Rng& rng) {
    initialize_parameters(W.flat(), has_bias ? std::span<Scalar>(b) : std::span<Scalar>(),
                          {.fan_in = in(), .fan_out = out()}, initialization, rng);
}

}  // namespace hourglass
