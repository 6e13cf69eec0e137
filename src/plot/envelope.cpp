#include "envelope.hpp"

#include <algorithm>
#include <numeric>

namespace hourglass {

std::vector<std::size_t> envelope(const std::vector<double>& values, std::size_t columns) {
    const std::size_t n = values.size();
    std::vector<std::size_t> points;
    if (n <= 2 * columns) {
        points.resize(n);
        std::iota(points.begin(), points.end(), std::size_t{0});
        return points;
    }
    points.push_back(0);
    const auto at = [&](std::size_t i) { return values.begin() + static_cast<std::ptrdiff_t>(i); };
    for (std::size_t c = 0; c < columns; ++c) {
        const auto [low, high] =
            std::minmax_element(at(c * n / columns), at((c + 1) * n / columns));
        points.push_back(static_cast<std::size_t>(std::min(low, high) - values.begin()));
        points.push_back(static_cast<std::size_t>(std::max(low, high) - values.begin()));
    }
    points.push_back(n - 1);
    points.erase(std::unique(points.begin(), points.end()), points.end());
    return points;
}

}  // namespace hourglass
