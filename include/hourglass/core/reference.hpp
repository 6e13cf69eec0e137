#pragma once

#include <span>

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/updates.hpp"

namespace hourglass {

/// Do the plain names run the loops below? In a debug and in a teaching build they do.
#ifdef HOURGLASS_REFERENCE_KERNELS
inline constexpr bool reference_kernels = true;
#else
inline constexpr bool reference_kernels = false;
#endif

/// One number after another, in the order of the equation: the loops that a student reads, steps through
/// and is asked to write, and what every fast kernel is tested against. They are in src/core/reference.cpp,
/// and nowhere else; matmul.hpp, elementwise.hpp, rows.hpp and updates.hpp say what each of them computes.
namespace reference {

// C comes in its shape, and all zero: matmul.cpp sees to that.
void matmul_nt(Matrix& C, const Matrix& A, const Matrix& B);
void matmul_nn(Matrix& C, const Matrix& A, const Matrix& B);
void matmul_tn(Matrix& C, const Matrix& A, const Matrix& B);

void add_to_rows(Matrix& Z, std::span<const Scalar> b);
void sum_rows(std::span<Scalar> s, const Matrix& V);

void exp(std::span<Scalar> y, std::span<const Scalar> x);
void tanh(std::span<Scalar> a, std::span<const Scalar> z);
void tanh_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a);
void sigmoid(std::span<Scalar> a, std::span<const Scalar> z);
void sigmoid_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a);
void leaky_relu(std::span<Scalar> a, std::span<const Scalar> z, Scalar alpha);
void leaky_relu_backward(std::span<Scalar> dz, std::span<const Scalar> da, std::span<const Scalar> a,
                         Scalar alpha);

double difference(std::span<Scalar> d, std::span<const Scalar> y, std::span<const Scalar> t,
                  Scalar scale);
double softplus_sum(std::span<const Scalar> z, std::span<const Scalar> t, double scale, double shift);

void sgd_update(std::span<Scalar> w, std::span<Scalar> v, std::span<const Scalar> g,
                const SgdUpdate& update);
void adagrad_update(std::span<Scalar> w, std::span<Scalar> G, std::span<const Scalar> g,
                    const AdagradUpdate& update);
void adam_update(std::span<Scalar> w, std::span<Scalar> m, std::span<Scalar> v,
                 std::span<const Scalar> g, const AdamUpdate& update);

}  // namespace reference
}  // namespace hourglass
