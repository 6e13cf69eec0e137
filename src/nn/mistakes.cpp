#include "mistakes.hpp"

#include <algorithm>
#include <cmath>

#include "comparison.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

/// The largest difference, as a share of the largest number; infinite where that is no number, or there are not
/// as many.
double misfit(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size()) {
        return INFINITY;
    }
    double difference = 0;
    for (std::size_t e = 0; e < a.size(); ++e) {
        difference = std::max(difference, std::abs(a[e] - b[e]));
        if (std::isnan(a[e] - b[e])) {
            return INFINITY;
        }
    }
    const double size = std::max(largest_magnitude(a), largest_magnitude(b));
    return size == 0 ? 0 : difference / size;
}

std::vector<double> times(double factor, std::vector<double> values) {
    for (double& value : values) {
        value *= factor;
    }
    return values;
}

/// By least squares: found = factor * right.
double factor_between(const std::vector<double>& found, const std::vector<double>& right) {
    double fr = 0, rr = 0;
    for (std::size_t e = 0; e < found.size(); ++e) {
        fr += found[e] * right[e];
        rr += right[e] * right[e];
    }
    return fr / rr;
}

}  // namespace

std::string name_mistake(const std::vector<double>& found, const std::vector<double>& right,
                         const std::vector<Guess>& guesses) {
    if (!std::isfinite(largest_magnitude(found)) || !std::isfinite(largest_magnitude(right))) {
        return "a number that is NaN or infinite";
    }
    if (largest_magnitude(found) == 0) {
        return "never computed: all of it is zero";
    }
    if (largest_magnitude(right) == 0) {
        return "not used by forward: the loss does not depend on it";
    }
    // A guess has to fit as well as central differences can say, and far better than what is right.
    const double limit = std::min(sizeof(Scalar) == 8 ? 1e-4 : 1e-2, misfit(found, right) / 4);
    std::string best;
    double least = limit;
    const auto consider = [&](const std::string& name, const std::vector<double>& value) {
        const double how_far = misfit(found, value);
        if (how_far < least * (best.empty() ? 1 : 0.1)) {  // of two that fit alike, the first
            least = how_far;
            best = name;
        }
    };
    for (const Guess& guess : guesses) {
        consider(guess.name, guess.value);
    }
    consider("the wrong sign", times(-1, right));
    const double factor = factor_between(found, right);
    if (best.empty() && found.size() > 1 && std::isfinite(factor) && factor != 0) {
        consider(to_text(factor, 4) + " times what it should be", times(factor, right));
    }
    return best;
}

}  // namespace hourglass
