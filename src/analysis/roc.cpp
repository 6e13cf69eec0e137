#include "hourglass/analysis/roc.hpp"

#include <cassert>
#include <numeric>

#include "hourglass/analysis/rank_correlation.hpp"

namespace hourglass {

double roc_area(const std::vector<double>& usual, const std::vector<double>& anomalies) {
    assert(!usual.empty() && !anomalies.empty());
    std::vector<double> all = anomalies;
    all.insert(all.end(), usual.begin(), usual.end());
    const std::vector<double> rank = ranks(all);
    const auto m = static_cast<double>(anomalies.size()), n = static_cast<double>(usual.size());
    const double sum = std::accumulate(rank.begin(), rank.begin() + std::ssize(anomalies), 0.0);
    return (sum - m * (m + 1) / 2) / (m * n);  // the share of the pairs in which the anomaly is above
}

}  // namespace hourglass
