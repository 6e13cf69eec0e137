#pragma once

#include <cstddef>
#include <span>

/// The number type of every matrix: float in release builds (fast), double in debug and sanitizer
/// builds (so that a gradient check there is exact to 1e-6). Chosen by the CMake cache variable
/// HOURGLASS_SCALAR.
#ifndef HOURGLASS_SCALAR
#define HOURGLASS_SCALAR float
#endif

namespace hourglass {

using Scalar = HOURGLASS_SCALAR;

using Values = std::span<Scalar>;       // what a function writes
using Given = std::span<const Scalar>;  // what it only reads

/// How many numbers lie in one cache line of 64 bytes. Every Matrix and Vector starts with a whole one.
inline constexpr std::size_t cache_line = 64 / sizeof(Scalar);

}  // namespace hourglass
