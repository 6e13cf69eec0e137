#include "hourglass/data/scaling.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "hourglass/core/error.hpp"
#include "hourglass/core/names.hpp"
#include "utf8.hpp"

namespace hourglass {
namespace {

constexpr std::array<std::string_view, 3> scaling_names = {"standardize", "range", "none"};

/// What there is in a column, as differences from its origin.
struct ColumnSpread {
    double count = 0, mean = 0, squares = 0;  // of differences from the mean, which may be small beside it (Welford 1962)
    double low = std::numeric_limits<double>::infinity(), high = -low;

    void add(double x) {
        const double difference = x - mean;
        mean += difference / ++count;
        squares += difference * (x - mean);
        low = std::min(low, x);
        high = std::max(high, x);
    }
};

std::vector<ColumnSpread> spread_of_columns(const Table& table, std::span<const std::size_t> rows) {
    std::vector<ColumnSpread> spread(table.X.cols());
    for (const std::size_t i : rows) {
        for (std::size_t j = 0; j < spread.size(); ++j) {
            if (const auto x = static_cast<double>(table.X(i, j)); !std::isnan(x)) {
                spread[j].add(x);
            }
        }
    }
    return spread;
}

}  // namespace

void Scaling::apply(Table& table) const {
    assert(table.X.cols() == shift.size());
    for (std::size_t i = 0; i < table.rows(); ++i) {
        for (std::size_t j = 0; j < shift.size(); ++j) {
            const auto difference = static_cast<double>(table.X(i, j));
            const double from_shift = std::isnan(difference) ? mean[j] - shift[j] : difference + (table.origin[j] - shift[j]);
            table.X(i, j) = static_cast<Scalar>(from_shift / scale[j]);
        }
    }
    std::ranges::fill(table.origin, 0.0);
}

double Scaling::shown(double y, std::size_t column) const {
    const double digit = std::pow(10, std::floor(std::log10(scale[column])) - 5);
    return std::round(unscaled(y, column) / digit) * digit + 0.0;  // no -0
}

void Scaling::undo(Matrix& Y) const {
    for (std::size_t i = 0; i < Y.rows(); ++i) {
        for (std::size_t j = 0; j < Y.cols(); ++j) {
            Y(i, j) = static_cast<Scalar>(unscaled(static_cast<double>(Y(i, j)), j));
        }
    }
}

Scaling fit_scaling(Scaling::Kind kind, const Table& table, std::span<const std::size_t> rows) {
    const std::vector<ColumnSpread> spread = spread_of_columns(table, rows);
    Scaling scaling{kind, {}, {}, {}};
    for (std::size_t j = 0; j < spread.size(); ++j) {
        const auto& [count, mean, squares, low, high] = spread[j];
        if (count == 0) {
            throw Error("column " + printable(table.columns[j]) + ": all its values in the training rows are missing");
        }
        const bool standardize = kind == Scaling::Kind::standardize, none = kind == Scaling::Kind::none;
        const double shift = table.origin[j] + (standardize ? mean : (low + high) / 2);
        const double scale = standardize ? std::sqrt(squares / count) : (high - low) / 2;
        scaling.mean.push_back(table.origin[j] + mean);
        scaling.shift.push_back(none ? 0 : shift);
        scaling.scale.push_back(none || low == high ? 1 : scale);
    }
    return scaling;
}

Scaling::Kind scaling_from_name(std::string_view name) {
    using Kind = Scaling::Kind;
    return value_from_name("scaling", name, {Kind::standardize, Kind::range, Kind::none});
}

std::string_view name_of(Scaling::Kind kind) {
    return scaling_names[static_cast<std::size_t>(kind)];
}

}  // namespace hourglass
