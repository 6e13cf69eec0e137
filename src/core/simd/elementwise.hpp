// The simple functions of core/elementwise.hpp, and the updates of core/updates.hpp, a pack at a time.
// Included by kernels.cpp alone.
//
// Every expression below can be fused into multiply-adds in one way only, and square root and division
// are exact, so that all instruction sets with a fused multiply-add agree on the bits. Adam's quotient is the one
// exception: with AVX-512 it is approximate, which makes Adam a quarter faster.
#pragma once

#include "simd/kernels.hpp"
#include "simd/simd.hpp"

namespace hourglass::HOURGLASS_ISA {

/// Calls step(load, store) for each pack of some arrays of `size` numbers, with load(p) and store(p, x)
/// for that pack of the array p. The last pack may be partly filled.
template <class Step>
HOURGLASS_INLINE void for_each_pack(std::size_t size, const Step& step) {
    std::size_t i = 0;
    for (; i + Pack::size() <= size; i += Pack::size()) {
        step([i](const Scalar* p) { return load(p + i); },
             [i](Scalar* p, const Pack& x) { store(p + i, x); });
    }
    if (i < size) {
        const Mask rest = first_lanes(size - i);
        step([=](const Scalar* p) { return load(p + i, rest); },
             [=](Scalar* p, const Pack& x) { store(p + i, x, rest); });
    }
}

// ---- Activations ---------------------------------------------------------------------------------

inline void tanh_backward(Scalar* dz, const Scalar* da, const Scalar* a, std::size_t size) {
    for_each_pack(size, [=](auto load, auto store) {
        const Pack a_i = load(a);
        store(dz, load(da) * (Pack(1) - a_i * a_i));
    });
}

inline void sigmoid_backward(Scalar* dz, const Scalar* da, const Scalar* a, std::size_t size) {
    for_each_pack(size, [=](auto load, auto store) {
        const Pack a_i = load(a);
        store(dz, load(da) * a_i * (Pack(1) - a_i));
    });
}

inline void leaky_relu(Scalar* a, const Scalar* z, std::size_t size, Scalar alpha) {
    for_each_pack(size, [=](auto load, auto store) {
        const Pack z_i = load(z);
        store(a, where_positive(z_i, z_i, Pack(alpha) * z_i));
    });
}

inline void leaky_relu_backward(Scalar* dz, const Scalar* da, const Scalar* a, std::size_t size,
                                Scalar alpha) {
    for_each_pack(size, [=](auto load, auto store) {
        const Pack da_i = load(da);
        store(dz, where_positive(load(a), da_i, Pack(alpha) * da_i));
    });
}

// ---- Losses and biases ---------------------------------------------------------------------------

/// In 16 partial sums on every machine. Reads 16 numbers before it writes any, so that d may be y or t.
inline double difference(Scalar* d, const Scalar* y, const Scalar* t, std::size_t size,
                         Scalar scale) {
    constexpr std::size_t partial = 16;
    double sums[partial] = {};
    const auto step = [&](std::size_t first, std::size_t count) __attribute__((always_inline)) {
        Scalar differences[partial];
        for (std::size_t j = 0; j < count; ++j) {
            differences[j] = y[first + j] - t[first + j];
        }
        for (std::size_t j = 0; j < count; ++j) {
            d[first + j] = scale * differences[j];
            sums[j] += static_cast<double>(differences[j]) * static_cast<double>(differences[j]);
        }
    };
    std::size_t i = 0;
    for (; i + partial <= size; i += partial) {
        step(i, partial);
    }
    step(i, size - i);
    for (std::size_t half = partial / 2; half > 0; half /= 2) {
        for (std::size_t j = 0; j < half; ++j) {
            sums[j] += sums[j + half];
        }
    }
    return sums[0];
}

inline void add_to_rows(Output Z, const Scalar* b, std::size_t rows, std::size_t cols) {
    for_each_pack(cols, [=](auto load, auto store) {
        const Pack b_j = load(b);
        for (std::size_t i = 0; i < rows; ++i) {
            store(Z.row(i), load(Z.row(i)) + b_j);
        }
    });
}

inline void sum_rows(Scalar* s, Input V, std::size_t rows, std::size_t cols) {
    for_each_pack(cols, [=](auto load, auto store) {
        Pack sum = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            sum += load(V.row(i));
        }
        store(s, sum);
    });
}

// ---- Optimizers ----------------------------------------------------------------------------------
//
// All loads stand before the stores: a load waits for a store whose address differs from its own by about a
// multiple of 4096 bytes, and where w, m and v lie is up to the heap.

inline void sgd(Scalar* w, Scalar* v, const Scalar* g, std::size_t size, const SgdUpdate& update) {
    const Pack eta = update.eta;
    const Pack mu = update.mu;
    const bool nesterov = update.nesterov;
    for_each_pack(size, [=](auto load, auto store) {
        const Pack g_i = load(g);
        const Pack w_i = load(w);
        const Pack v_i = mu * load(v) + g_i;
        store(v, v_i);
        store(w, w_i - eta * (nesterov ? mu * v_i + g_i : v_i));
    });
}

inline void adagrad(Scalar* w, Scalar* G, const Scalar* g, std::size_t size,
                    const AdagradUpdate& update) {
    const Pack eta = update.eta;
    const Pack eps = update.eps;
    for_each_pack(size, [=](auto load, auto store) {
        const Pack g_i = load(g);
        const Pack w_i = load(w);
        const Pack G_i = g_i * g_i + load(G);
        store(G, G_i);
        store(w, w_i - eta * g_i / (sqrt(G_i) + eps));
    });
}

inline void adam(Scalar* w, Scalar* m, Scalar* v, const Scalar* g, std::size_t size,
                 const AdamUpdate& update) {
    const Pack eps = update.eps;
    const Pack one_minus_beta1 = update.one_minus_beta1;
    const Pack one_minus_beta2 = update.one_minus_beta2;
    const Pack eta_correct1 = update.eta * update.correct1;
    const Pack correct2 = update.correct2;
    for_each_pack(size, [=](auto load, auto store) {
        const Pack g_i = load(g);
        const Pack w_i = load(w);
        Pack m_i = load(m);
        Pack v_i = load(v);
        m_i += one_minus_beta1 * (g_i - m_i);
        v_i += one_minus_beta2 * (g_i * g_i - v_i);
        store(m, m_i);
        store(v, v_i);
        const Pack eta_m_hat = m_i * eta_correct1;
        const Pack v_hat = v_i * correct2;
        store(w, w_i - fast_quotient(eta_m_hat, sqrt(v_hat) + eps));
    });
}

}  // namespace hourglass::HOURGLASS_ISA
