// The updates of updates.hpp by the kernels of simd/elementwise.hpp, large tensors on all threads.

#include "hourglass/core/updates.hpp"

#include "hourglass/core/reference.hpp"
#include "run_kernel.hpp"

namespace hourglass {

void sgd_update(Values w, Values v, Given g, const SgdUpdate& update) {
    require_one_length("sgd_update", w, v, g);
    if constexpr (reference_kernels) { return reference::sgd_update(w, v, g, update); }
    run_kernel(2 * worth_a_part, with(kernels().sgd, update), w, v, g);
}

void adagrad_update(Values w, Values G, Given g, const AdagradUpdate& update) {
    require_one_length("adagrad_update", w, G, g);
    if constexpr (reference_kernels) { return reference::adagrad_update(w, G, g, update); }
    run_kernel(2 * worth_a_part, with(kernels().adagrad, update), w, G, g);
}

void adam_update(Values w, Values m, Values v, Given g, const AdamUpdate& update) {
    require_one_length("adam_update", w, m, v, g);
    if constexpr (reference_kernels) { return reference::adam_update(w, m, v, g, update); }
    run_kernel(2 * worth_a_part, with(kernels().adam, update), w, m, v, g);
}

}  // namespace hourglass
