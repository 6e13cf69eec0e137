#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hourglass {

/// The rank of each value, the smallest has 1; equal values share the mean of their ranks.
/// @pre  no value is NaN
std::vector<double> ranks(std::span<const double> values);

/// Spearman's rank correlation: Pearson's correlation of the ranks, so that ties are counted right.
///   rho = sum_i (r_i - r)(s_i - s) / sqrt(sum_i (r_i - r)^2 sum_i (s_i - s)^2)
/// In [-1, 1]. NaN if one of the two is constant or holds a NaN, or if there are fewer than two pairs.
/// @pre  x.size() == y.size()
double spearman(std::span<const double> x, std::span<const double> y);

/// A mean over a few runs, and how well they determine it.
struct MeanInterval {
    double mean = 0;
    double low = 0;  // of the 95 % confidence interval of the mean
    double high = 0;
};

/// The mean of independent values, such as one of each seed, with the interval that would hold the
/// true mean over all seeds in 95 of 100 such experiments:
///   mean +- t s / sqrt(n)     s: standard deviation over n - 1, t: student_t(0.95, n - 1)
/// Student's t and not the normal 1.96: of 3 values t is 4.30, of 20 it is 2.09. It speaks of the seeds
/// alone: another font may differ by more. Not cut to the range of the quantity. One value: low and high are
/// NaN; none: all are.
MeanInterval mean_interval(std::span<const double> values);

/// The t that Student's distribution stays within on both sides with probability `confidence`.
/// @pre  0 <= confidence < 1, degrees > 0
/// @see  Abramowitz & Stegun 1964, 26.7.3 and 26.7.4: the sum for whole degrees of freedom, by bisection
double student_t(double confidence, std::size_t degrees);

}  // namespace hourglass
