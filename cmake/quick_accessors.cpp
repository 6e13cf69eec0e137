// Optimized also in a build to step through, whose programs link it before all else: the accessors that a plain loop
// calls for each number, of which the linker takes the first copy it finds. A program takes less than half the time; all
// else stays as it is, the assertions in them too. Without symbols, so that every debugger steps over them.

#include <algorithm>
#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/window.hpp"

template class std::span<hourglass::Scalar>;
template class std::span<const hourglass::Scalar>;
template class std::vector<hourglass::Scalar, hourglass::AlignedAllocator<hourglass::Scalar>>;
template class std::vector<double>;
template class std::vector<int>;

namespace hourglass {

/// Never called: for the iterators of spans.
void use_iterators(std::span<Scalar> u, std::span<const Scalar> v) {
    std::ranges::copy(v, u.begin());
    for (Scalar& value : u) {
        std::ranges::fill(u, value);
    }
}

}  // namespace hourglass
