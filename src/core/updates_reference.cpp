#include <cassert>
#include <cmath>

#include "hourglass/core/updates.hpp"

namespace hourglass::reference {

// v = mu v + g     w -= eta v,  or  w -= eta (g + mu v)
void sgd_update(std::span<Scalar> w, std::span<Scalar> v, std::span<const Scalar> g,
                const SgdUpdate& update) {
    assert(v.size() == w.size() && g.size() == w.size());
    const auto [eta, mu, nesterov] = update;
    for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = mu * v[i] + g[i];
        w[i] -= eta * (nesterov ? g[i] + mu * v[i] : v[i]);
    }
}

// G += g^2     w -= eta g / (sqrt(G) + eps)
void adagrad_update(std::span<Scalar> w, std::span<Scalar> G, std::span<const Scalar> g,
                    const AdagradUpdate& update) {
    assert(G.size() == w.size() && g.size() == w.size());
    const auto [eta, eps] = update;
    for (std::size_t i = 0; i < w.size(); ++i) {
        G[i] += g[i] * g[i];
        w[i] -= eta * g[i] / (std::sqrt(G[i]) + eps);
    }
}

// m += (1 - beta1) (g - m)     v += (1 - beta2) (g^2 - v)     w -= eta m_hat / (sqrt(v_hat) + eps)
void adam_update(std::span<Scalar> w, std::span<Scalar> m, std::span<Scalar> v,
                 std::span<const Scalar> g, const AdamUpdate& update) {
    assert(m.size() == w.size() && v.size() == w.size() && g.size() == w.size());
    const auto [eta, eps, one_minus_beta1, one_minus_beta2, correct1, correct2] = update;
    for (std::size_t i = 0; i < w.size(); ++i) {
        m[i] += one_minus_beta1 * (g[i] - m[i]);
        v[i] += one_minus_beta2 * (g[i] * g[i] - v[i]);
        const Scalar m_hat = m[i] * correct1;
        const Scalar v_hat = v[i] * correct2;
        w[i] -= eta * m_hat / (std::sqrt(v_hat) + eps);
    }
}

}  // namespace hourglass::reference
