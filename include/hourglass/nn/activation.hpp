#pragma once

#include <string>
#include <string_view>

#include "hourglass/core/matrix.hpp"

namespace hourglass {

/// Which activation a layer has, A = f(Z). Element by element for all but softmax, whose outputs depend on
/// their whole row.
struct Activation {
    enum class Kind {
        identity,    // a = z
        tanh,        // a = tanh z,                    f' = 1 - a^2
        leaky_relu,  // a = z > 0 ? z : alpha z,       f' = 1 or alpha; Maas, Hannun & Ng 2013
        relu,        // a = z > 0 ? z : 0,             f' = 1 or 0, and 0 at the kink
        sigmoid,     // a = 1 / (1 + exp(-z)),         f' = a (1 - a)
        softmax,     // a_j = exp z_j / sum_k exp z_k, dz_j = a_j (da_j - sum_k da_k a_k)
    };

    Kind kind = Kind::identity;
    double alpha = 0.2;  // the slope of leaky_relu for z < 0, at least 0; the others have none

    friend bool operator==(const Activation& f, const Activation& g) {
        return f.kind == g.kind && (f.kind != Kind::leaky_relu || f.alpha == g.alpha);
    }
};

// The derivative is written in terms of A, which the forward pass has left in the workspace. All matrices are
// (n, out). The loops of the element-wise kinds are in core/reference.cpp.

/// A = f(Z)
void activation_forward(Matrix& A, const Matrix& Z, const Activation& f);

/// dZ = dA * f'(Z). @throws ShapeError  if dA has not the shape of A
void activation_backward(Matrix& dZ, const Matrix& dA, const Matrix& A, const Activation& f);

void softmax_forward(Matrix& A, const Matrix& Z);
void softmax_backward(Matrix& dZ, const Matrix& dA, const Matrix& A);

/// Is f flat far from zero, so that no gradient comes back from there?
bool saturates(const Activation& f);

/// Can the outputs stand for probabilities, and does the library have that cross-entropy?
bool has_cross_entropy(const Activation& f);

/// Does each output depend on one input alone? Those of softmax share a sum of 1.
inline bool is_elementwise(const Activation& f) { return f.kind != Activation::Kind::softmax; }

/// Has f a kink at zero, where central differences see two slopes?
bool has_kink(const Activation& f);

/// "tanh", "leaky_relu" (alpha 0.2) or "leaky_relu(0.1)", ...; the two are each other's inverse.
/// @throws Error  for an unknown name (the message lists those allowed) or a negative alpha
Activation activation_from_name(std::string_view name);
std::string name_of(const Activation& f);

}  // namespace hourglass
