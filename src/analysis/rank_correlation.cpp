#include "hourglass/analysis/rank_correlation.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace hourglass {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool has_nan(std::span<const double> values) {
    return std::ranges::any_of(values, [](double value) { return std::isnan(value); });
}

double mean_of(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// P(|T| < t), where tan(theta) = t / sqrt(degrees).
///   degrees odd:   2/pi (theta + sin (cos + 2/3 cos^3 + 2*4/(3*5) cos^5 + ... up to cos^(degrees-2)))
///   degrees even:  sin (1 + 1/2 cos^2 + 1*3/(2*4) cos^4 + ... up to cos^(degrees-2))
double probability_within(double theta, std::size_t degrees) {
    const bool odd = degrees % 2 == 1;
    const double cosine = std::cos(theta);
    double term = odd ? cosine : 1;
    double sum = 0;
    for (std::size_t power = odd ? 1 : 0; power + 2 <= degrees; power += 2) {
        sum += term;
        const double k = static_cast<double>(power);
        term *= (k + 1) / (k + 2) * cosine * cosine;
    }
    return odd ? 2 / std::numbers::pi * (theta + std::sin(theta) * sum) : std::sin(theta) * sum;
}

}  // namespace

std::vector<double> ranks(std::span<const double> values) {
    assert(!has_nan(values));
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
    std::vector<double> result(values.size());
    for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
        while (last < order.size() && values[order[last]] == values[order[first]]) {
            ++last;  // [first, last) in this order have one value: ranks first + 1 ... last
        }
        for (std::size_t k = first; k < last; ++k) {
            result[order[k]] = static_cast<double>(first + 1 + last) / 2;
        }
    }
    return result;
}

double spearman(std::span<const double> x, std::span<const double> y) {
    assert(x.size() == y.size());
    if (has_nan(x) || has_nan(y)) {
        return nan;
    }
    const std::vector<double> r = ranks(x);
    const std::vector<double> s = ranks(y);
    const double middle = (static_cast<double>(r.size()) + 1) / 2;  // the mean of all ranks
    double rs = 0, rr = 0, ss = 0;
    for (std::size_t i = 0; i < r.size(); ++i) {
        rs += (r[i] - middle) * (s[i] - middle);
        rr += (r[i] - middle) * (r[i] - middle);
        ss += (s[i] - middle) * (s[i] - middle);
    }
    if (rr == 0 || ss == 0) {
        return nan;
    }
    return std::clamp(rs / std::sqrt(rr * ss), -1.0, 1.0);  // rounding may carry it beyond
}

MeanInterval mean_interval(std::span<const double> values) {
    const std::size_t n = values.size();
    if (n == 0) {
        return {nan, nan, nan};
    }
    const double mean = mean_of(values);
    if (n == 1) {
        return {mean, nan, nan};
    }
    double squares = 0;
    for (const double value : values) {
        squares += (value - mean) * (value - mean);
    }
    const double deviation = std::sqrt(squares / static_cast<double>(n - 1));
    const double half = student_t(0.95, n - 1) * deviation / std::sqrt(static_cast<double>(n));
    return {mean, mean - half, mean + half};
}

double student_t(double confidence, std::size_t degrees) {
    assert(confidence >= 0 && confidence < 1 && degrees > 0);
    double low = 0;
    double high = std::numbers::pi / 2;
    for (int step = 0; step < 60;
         ++step) {  // each halves the interval: 60 are all that double holds
        const double middle = (low + high) / 2;
        (probability_within(middle, degrees) < confidence ? low : high) = middle;
    }
    return std::sqrt(static_cast<double>(degrees)) * std::tan(low);
}

}  // namespace hourglass
