#include "hourglass/analysis/row_errors.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "hourglass/analysis/half_way.hpp"

namespace hourglass {
namespace {

double squared_difference(const Matrix& Y, const Matrix& X, std::size_t i, std::size_t j) {
    const double difference = static_cast<double>(Y(i, j)) - static_cast<double>(X(i, j));
    return difference * difference;
}

}  // namespace

RowErrors compare_rows(const Matrix& Y, const Matrix& X) {
    require_same_shape("compare_rows", Y, X);
    RowErrors errors{row_errors(Y, X), std::vector<std::size_t>(X.rows()), std::vector<double>(X.rows())};
    for (std::size_t i = 0; i < X.rows(); ++i) {
        double largest = -1;
        for (std::size_t j = 0; j < X.cols(); ++j) {
            const double square = squared_difference(Y, X, i, j);
            if (square > largest) {
                largest = square;
                errors.worst[i] = j;
            }
        }
        errors.said[i] = static_cast<double>(Y(i, errors.worst[i]));
    }
    return errors;
}

std::vector<double> column_errors(const Matrix& Y, const Matrix& X, std::span<const std::size_t> rows) {
    std::vector<double> errors(X.cols());
    for (const std::size_t i : rows) {
        for (std::size_t j = 0; j < X.cols(); ++j) {
            errors[j] += squared_difference(Y, X, i, j) / static_cast<double>(rows.size());
        }
    }
    return errors;
}

std::vector<double> values_of(const std::vector<double>& values, std::span<const std::size_t> rows) {
    std::vector<double> named;
    std::ranges::transform(rows, std::back_inserter(named), [&](std::size_t i) { return values[i]; });
    return named;
}

double mean_over(const std::vector<double>& values, std::span<const std::size_t> rows) {
    const std::vector<double> named = values_of(values, rows);
    return std::accumulate(named.begin(), named.end(), 0.0) / static_cast<double>(named.size());  // 0 / 0 is NaN
}

}  // namespace hourglass
