#pragma once

#include <cstddef>
#include <vector>

namespace hourglass {

/// Which points of a curve to draw so that it looks as if all were: of each of `columns` equal parts the
/// lowest and the highest, and the first and the last of all. In order; all of them where that is few enough.
/// A million epochs on a screen of a thousand pixels are two thousand points, and no peak is lost.
std::vector<std::size_t> envelope(const std::vector<double>& values, std::size_t columns);

}  // namespace hourglass
