// Optimized also in a build to step through, whose programs link it before all else: the accessors that a plain loop
// calls for each number, of which the linker takes the first copy it finds. Nobody steps into them, the rest stays as
// it is, the assertions in them too, and a program takes half the time.

#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"

template class std::span<hourglass::Scalar>;
template class std::span<const hourglass::Scalar>;
template class std::vector<hourglass::Scalar, hourglass::AlignedAllocator<hourglass::Scalar>>;
