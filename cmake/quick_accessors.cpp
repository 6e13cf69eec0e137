// Optimized also in a build to step through, whose programs link it before all else: the accessors that a plain loop
// calls for each number, of which the linker takes the first copy it finds. A program takes less than half the time; all
// else stays as it is, the assertions in them too. Without symbols, so that every debugger steps over them.

#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"

template class std::span<hourglass::Scalar>;
template class std::span<const hourglass::Scalar>;
template class std::vector<hourglass::Scalar, hourglass::AlignedAllocator<hourglass::Scalar>>;
