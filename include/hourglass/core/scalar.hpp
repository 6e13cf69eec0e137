#pragma once

/// The number type of every matrix: float in release builds (fast), double in debug and sanitizer
/// builds (so that a gradient check there is exact to 1e-6). Chosen by the CMake cache variable
/// HOURGLASS_SCALAR.
#ifndef HOURGLASS_SCALAR
#define HOURGLASS_SCALAR float
#endif

namespace hourglass {

using Scalar = HOURGLASS_SCALAR;

}  // namespace hourglass
