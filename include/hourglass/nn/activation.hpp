#pragma once

#include <string>
#include <string_view>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

// Each activation is a pair: A = f(Z), and dZ = dA * f'(Z), element by element for all but
// softmax, whose outputs depend on their whole row. The derivative is
// written in terms of A, which the forward pass has left in the workspace. All matrices are (n, out).

/// a = z
void identity_forward(Matrix& A, const Matrix& Z);
void identity_backward(Matrix& dZ, const Matrix& dA, const Matrix& A);

/// a = tanh z,  f' = 1 - a^2
void tanh_forward(Matrix& A, const Matrix& Z);
void tanh_backward(Matrix& dZ, const Matrix& dA, const Matrix& A);

/// a = z where z > 0, alpha z elsewhere;  f' = 1 or alpha. Needs alpha >= 0, so that a has z's sign.
/// @see  Maas, Hannun & Ng 2013
void leaky_relu_forward(Matrix& A, const Matrix& Z, Scalar alpha);
void leaky_relu_backward(Matrix& dZ, const Matrix& dA, const Matrix& A, Scalar alpha);

/// a = z where z > 0, 0 elsewhere;  f' = 1 or 0 (0 at the kink)
void relu_forward(Matrix& A, const Matrix& Z);
void relu_backward(Matrix& dZ, const Matrix& dA, const Matrix& A);

/// a = 1 / (1 + exp(-z)),  f' = a (1 - a)
void sigmoid_forward(Matrix& A, const Matrix& Z);
void sigmoid_backward(Matrix& dZ, const Matrix& dA, const Matrix& A);

/// a_j = exp(z_j) / sum_k exp(z_k) in each row;  dz_j = a_j (da_j - sum_k da_k a_k)
void softmax_forward(Matrix& A, const Matrix& Z);
void softmax_backward(Matrix& dZ, const Matrix& dA, const Matrix& A);

/// Which activation a layer has.
struct Activation {
    enum class Kind { identity, tanh, leaky_relu, relu, sigmoid, softmax };

    Kind kind = Kind::identity;
    double alpha = 0.2;  // the slope of leaky_relu for z < 0; the others have none

    friend bool operator==(const Activation& f, const Activation& g) {
        return f.kind == g.kind && (f.kind != Kind::leaky_relu || f.alpha == g.alpha);
    }
};

/// Calls the forward or the backward of the pair that `f` names.
void activation_forward(Matrix& A, const Matrix& Z, const Activation& f);
void activation_backward(Matrix& dZ, const Matrix& dA, const Matrix& A, const Activation& f);

/// "tanh", "leaky_relu" (alpha 0.2) or "leaky_relu(0.1)", ...; the two are each other's inverse.
/// @throws Error  for an unknown name (the message lists those allowed) or a negative alpha
Activation activation_from_name(std::string_view name);
std::string name_of(const Activation& f);

}  // namespace hourglass
