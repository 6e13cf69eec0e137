#pragma once

#include <cstddef>

namespace hourglass::bench {

/// Sizes in bytes.
struct Caches {
    std::size_t l2 = 0;  // of one core
    std::size_t l3 = 0;  // as the machine says, which may share it with machines beside this one
};

/// What the system says, and a usual size where it does not.
Caches find_caches();

}  // namespace hourglass::bench
