#include "hourglass/nn/central_differences.hpp"

#include <algorithm>
#include <array>

namespace hourglass {

std::vector<double> Derivatives::sum() const {
    std::vector<double> result(positions.size());
    for (const std::vector<double>& of_number : of) {
        for (std::size_t e = 0; e < result.size(); ++e) {
            result[e] += of_number[e];
        }
    }
    return result;
}

Derivatives central_differences(std::span<Scalar> values, const std::vector<std::size_t>& positions,
                                const Numbers& f, const Sides& sides, double h) {
    Derivatives result;
    std::array<std::vector<double>, 4> f_at;  // the numbers at v - 2h, v - h, v + h, v + 2h
    std::vector<int> sides_here, sides_there;
    f(f_at[0]);
    result.of.resize(f_at[0].size());
    if (sides) {
        sides(sides_here);
    }
    for (const std::size_t position : positions) {
        Scalar& v = values[position];
        const Scalar v_here = v;
        bool smooth = true;
        constexpr std::array<double, 4> steps = {-2, -1, 1, 2};
        for (std::size_t s = 0; s < steps.size(); ++s) {
            v = static_cast<Scalar>(static_cast<double>(v_here) + steps[s] * h);
            f(f_at[s]);
            if (!sides_here.empty()) {
                sides_there.clear();
                sides(sides_there);
                smooth = smooth && sides_there == sides_here;
            }
        }
        v = v_here;
        if (!smooth) {
            ++result.skipped;
            continue;
        }
        result.positions.push_back(position);
        for (std::size_t k = 0; k < result.of.size(); ++k) {
            result.of[k].push_back((8 * (f_at[2][k] - f_at[1][k]) - (f_at[3][k] - f_at[0][k])) / (12 * h));
        }
    }
    return result;
}

std::vector<std::size_t> spread_positions(std::size_t size, std::size_t at_most) {
    const std::size_t count = at_most == 0 ? size : std::min(size, at_most);
    std::vector<std::size_t> result(count);
    for (std::size_t e = 0; e < count; ++e) {
        result[e] = e * size / count;
    }
    return result;
}

}  // namespace hourglass
