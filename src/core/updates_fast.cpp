// The updates of updates.hpp by the kernels of simd/elementwise.hpp, large tensors on all threads.

#include <cassert>

#include "hourglass/core/threads.hpp"
#include "hourglass/core/updates.hpp"
#include "simd/kernels.hpp"

namespace hourglass::fast {
namespace {

constexpr std::size_t worth_a_part = 1 << 14;  // numbers: several microseconds of work

}  // namespace

void sgd_update(std::span<Scalar> w, std::span<Scalar> v, std::span<const Scalar> g,
                const SgdUpdate& update) {
    assert(v.size() == w.size() && g.size() == w.size());
    in_parallel_by_lines(w.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
        kernels().sgd(w.data() + first, v.data() + first, g.data() + first, last - first, update);
    });
}

void adagrad_update(std::span<Scalar> w, std::span<Scalar> G, std::span<const Scalar> g,
                    const AdagradUpdate& update) {
    assert(G.size() == w.size() && g.size() == w.size());
    in_parallel_by_lines(w.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
        kernels().adagrad(w.data() + first, G.data() + first, g.data() + first, last - first,
                          update);
    });
}

void adam_update(std::span<Scalar> w, std::span<Scalar> m, std::span<Scalar> v,
                 std::span<const Scalar> g, const AdamUpdate& update) {
    assert(m.size() == w.size() && v.size() == w.size() && g.size() == w.size());
    in_parallel_by_lines(w.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
        kernels().adam(w.data() + first, m.data() + first, v.data() + first, g.data() + first,
                       last - first, update);
    });
}

}  // namespace hourglass::fast
