#pragma once

#include <span>
#include <string_view>

#include "hourglass/data/table.hpp"

namespace hourglass {

/// What is done to each column before a net sees it, so that none weighs more than another for its unit alone:
///   y_ij = (x_ij - shift_j) / scale_j
struct Scaling {
    enum class Kind {
        standardize,  // mean 0 and variance 1 (over n)
        range,        // from -1 to 1
        none,         // shift 0 and scale 1
    };

    Kind kind = Kind::standardize;
    std::vector<double> shift, scale;  // (d)
    std::vector<double> mean;          // (d) of each column, in its own unit: what stands in for a missing value

    /// Scales a table's X, filling in what is missing; its origin is 0 then. @pre  as many columns
    void apply(Table& table) const;

    /// The inverse, for rows (m, d) that are scaled. @pre  as many columns
    void undo(Matrix& Y) const;

    /// A scaled value of a column in its own unit.
    double unscaled(double y, std::size_t column) const { return shift[column] + scale[column] * y; }

    /// The same for a person, without the digits in which a float is only rounding: 3.9, not 3.90000015.
    double shown(double y, std::size_t column) const;
};

/// The scaling that does this to the rows named, and to others what they ask for. A column that does not vary in them has
/// the scale 1.
/// @throws Error  naming a column that has no value in these rows
Scaling fit_scaling(Scaling::Kind kind, const Table& table, std::span<const std::size_t> rows);

/// "standardize", "range" or "none"; the two are each other's inverse.
/// @throws Error  for an unknown name; the message lists those allowed
Scaling::Kind scaling_from_name(std::string_view name);
std::string_view name_of(Scaling::Kind kind);

}  // namespace hourglass
