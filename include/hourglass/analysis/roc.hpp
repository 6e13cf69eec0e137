#pragma once

#include <vector>

namespace hourglass {

/// The area under the receiver operating characteristic curve: how likely it is that an anomaly has a higher score than a
/// usual sample, each drawn at random; equal scores count one half. 1 tells all apart, 0.5 none.
/// @pre  there is one of each at least
/// @see  Hanley & McNeil 1982; it is the statistic of Mann & Whitney over the number of pairs
double roc_area(const std::vector<double>& usual, const std::vector<double>& anomalies);

}  // namespace hourglass
