// The updates of updates.hpp by the kernels of simd/elementwise.hpp, large tensors on all threads.

#include "hourglass/core/updates.hpp"

#include "hourglass/core/reference.hpp"
#include "hourglass/core/threads.hpp"
#include "one_length.hpp"
#include "simd/kernels.hpp"

namespace hourglass {
namespace {

constexpr std::size_t worth_a_part = 1 << 14;  // numbers: several microseconds of work

}  // namespace

void sgd_update(std::span<Scalar> w, std::span<Scalar> v, std::span<const Scalar> g,
                const SgdUpdate& update) {
    require_one_length("sgd_update", w, v, g);
    if constexpr (reference_kernels) {
        reference::sgd_update(w, v, g, update);
    } else {
        in_parallel_by_lines(w.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
            kernels().sgd(w.data() + first, v.data() + first, g.data() + first, last - first,
                          update);
        });
    }
}

void adagrad_update(std::span<Scalar> w, std::span<Scalar> G, std::span<const Scalar> g,
                    const AdagradUpdate& update) {
    require_one_length("adagrad_update", w, G, g);
    if constexpr (reference_kernels) {
        reference::adagrad_update(w, G, g, update);
    } else {
        in_parallel_by_lines(w.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
            kernels().adagrad(w.data() + first, G.data() + first, g.data() + first, last - first,
                              update);
        });
    }
}

void adam_update(std::span<Scalar> w, std::span<Scalar> m, std::span<Scalar> v,
                 std::span<const Scalar> g, const AdamUpdate& update) {
    require_one_length("adam_update", w, m, v, g);
    if constexpr (reference_kernels) {
        reference::adam_update(w, m, v, g, update);
    } else {
        in_parallel_by_lines(w.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
            kernels().adam(w.data() + first, m.data() + first, v.data() + first, g.data() + first,
                           last - first, update);
        });
    }
}

}  // namespace hourglass
