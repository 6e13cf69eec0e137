#pragma once

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/repulsion.hpp"
#include "hourglass/core/updates.hpp"
#include "hourglass/core/window.hpp"

namespace hourglass {

/// Do the plain names run the loops below? In a debug and in a teaching build they do.
#ifdef HOURGLASS_REFERENCE_KERNELS
inline constexpr bool reference_kernels = true;
#else
inline constexpr bool reference_kernels = false;
#endif

/// One number after another, in the order of the equation: the loops that a student reads, steps through
/// and is asked to write, and what every fast kernel is tested against. They are in src/core/reference.cpp,
/// and nowhere else; matmul.hpp, convolution.hpp, elementwise.hpp, rows.hpp, updates.hpp and repulsion.hpp say
/// what each of them computes.
namespace reference {

// C comes in its shape, and all zero: matmul.cpp sees to that.
void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B);
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B);
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B);

// So do P and the result of these: convolution.cpp sees to it.
void gather_patches(Matrix& P, const Matrix& X, const Window& window);
void sum_patches(Matrix& X, const Matrix& P, const Window& window);
void add_to_channels(Matrix& Z, Given b);
void convolve(Matrix& Z, Matrix& P, const Matrix& X, const Matrix& W, Given b, const Window& window);
void convolve_transposed(Matrix& X, Matrix& P, const Matrix& Z, const Matrix& W, Given b,
                         const Window& window);
void convolve_weights(Matrix& W, Matrix& P, const Matrix& Z, const Matrix& X, const Window& window);

void add_to_rows(Matrix& Z, Given b);
void sum_rows(Values s, const Matrix& V);
void sum_channels(Values s, const Matrix& V);

void exp(Values y, Given x);
void tanh(Values a, Given z);
void tanh_backward(Values dz, Given da, Given a);
void sigmoid(Values a, Given z);
void sigmoid_backward(Values dz, Given da, Given a);
void leaky_relu(Values a, Given z, Scalar alpha);
void leaky_relu_backward(Values dz, Given da, Given a, Scalar alpha);

double squared_error(Values dy, Given y, Given t, Scalar scale);
double cross_entropy_sum(Given z, Given t, double scale, double shift);

void sgd_update(Values w, Values v, Given g, const SgdUpdate& update);
void adagrad_update(Values w, Values G, Given g, const AdagradUpdate& update);
void adam_update(Values w, Values m, Values v, Given g, const AdamUpdate& update);

void repulsion(Values fx, Values fy, Values z, Given x, Given y, const Repelling& s);

}  // namespace reference
}  // namespace hourglass
