#pragma once

#include <string>

namespace hourglass {

/// A number for a message: with so many significant digits and no trailing zeros, as 0.003 or 1e-08.
std::string to_text(double value, int digits = 6);

/// The shortest text that reads back as just this number.
std::string to_exact_text(double value);

}  // namespace hourglass
