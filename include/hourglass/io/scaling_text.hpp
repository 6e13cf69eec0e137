#pragma once

#include <string>

#include "hourglass/data/saved_scaling.hpp"

namespace hourglass {

/// As JSON; what is no UTF-8 in a name becomes U+FFFD.
std::string scaling_text(const SavedScaling& saved);

/// The inverse. @throws Error  if it is not that of `columns` columns, or its numbers cannot be
SavedScaling parse_scaling(const std::string& text, std::size_t columns);

}  // namespace hourglass
