// The fast kernels for one instruction set. Compiled once for each, with that set's flags and with
// HOURGLASS_ISA set to its name; everything is in a namespace of that name, so that no function compiled
// for a wide instruction set can stand in for one of another part of the program.
#include "simd/kernels.hpp"

#include "simd/convolutions.hpp"
#include "simd/elementwise.hpp"
#include "simd/functions.hpp"
#include "simd/products.hpp"
#include "simd/repulsion.hpp"

#define HOURGLASS_QUOTE_(x) #x
#define HOURGLASS_QUOTE(x) HOURGLASS_QUOTE_(x)

namespace hourglass::HOURGLASS_ISA {

extern const Kernels kernels;
const Kernels kernels = {
    .name = HOURGLASS_QUOTE(HOURGLASS_ISA),
    .matmul_nt = matmul_nt,
    .matmul_nt_packed = matmul_nt_packed,
    .matmul_nn = matmul_nn,
    .matmul_tn = matmul_tn,
    .convolve_channels = convolve_channels,
    .convolve_dots = convolve_dots,
    .convolve_transposed = convolve_transposed,
    .convolve_weights = convolve_weights,
    .exp = vectorized_exp,
    .tanh = vectorized_tanh,
    .sigmoid = vectorized_sigmoid,
    .tanh_backward = tanh_backward,
    .sigmoid_backward = sigmoid_backward,
    .leaky_relu = leaky_relu,
    .leaky_relu_backward = leaky_relu_backward,
    .difference = difference,
    .add_to_rows = add_to_rows,
    .sum_rows = sum_rows,
    .sgd = sgd,
    .adagrad = adagrad,
    .adam = adam,
    .repulsion = repulsion,
};

}  // namespace hourglass::HOURGLASS_ISA
