#pragma once

#include "hourglass/core/scalar.hpp"

namespace hourglass {

// What one step of an optimizer does to the numbers of one tensor, in one pass over them: w the values,
// g the gradient, and the moments that the optimizer keeps, all of one length, or a ShapeError is thrown.
// nn/optimizer.hpp has their papers and keeps the state.

struct SgdUpdate {
    Scalar eta;  // the learning rate
    Scalar mu;   // momentum
    bool nesterov;
};
struct AdagradUpdate {
    Scalar eta;
    Scalar eps;
};
struct AdamUpdate {
    Scalar eta;
    Scalar eps;
    Scalar one_minus_beta1;  // rounded from double: 1 - 0.999f is off by 1e-5 of itself
    Scalar one_minus_beta2;
    Scalar correct1;  // 1 / (1 - beta1^t)
    Scalar correct2;  // 1 / (1 - beta2^t)
};

/// v = mu v + g     w -= eta v,  or  w -= eta (g + mu v)
void sgd_update(Values w, Values v, Given g, const SgdUpdate& update);

/// G += g^2     w -= eta g / (sqrt(G) + eps)
void adagrad_update(Values w, Values G, Given g, const AdagradUpdate& update);

/// m += (1 - beta1) (g - m)     v += (1 - beta2) (g^2 - v)     w -= eta m_hat / (sqrt(v_hat) + eps)
void adam_update(Values w, Values m, Values v, Given g, const AdamUpdate& update);

}  // namespace hourglass
