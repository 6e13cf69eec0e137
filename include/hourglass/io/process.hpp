#pragma once

#include <cstddef>

namespace hourglass {

/// The most that this process has had in main memory so far, libraries included, as the system counts it, in
/// bytes; 0 if it does not say.
std::size_t process_peak_bytes();

}  // namespace hourglass
