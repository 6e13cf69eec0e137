// repulsion.hpp by the kernel of simd/repulsion.hpp, many points on all threads.

#include "hourglass/core/repulsion.hpp"

#include "hourglass/core/reference.hpp"
#include "run_kernel.hpp"

namespace hourglass {

void repulsion(Values fx, Values fy, Values z, Given x, Given y, const Repelling& s) {
    require_one_length("repulsion", fx, fy, z, x, y);
    require_one_length("repulsion", s.x, s.y, s.mass);
    if constexpr (reference_kernels) { return reference::repulsion(fx, fy, z, x, y, s); }
    run_kernel(2 * worth_a_part / (s.x.size() + 1) + 1, with(kernels().repulsion, s), fx, fy, z, x, y);
}

}  // namespace hourglass
