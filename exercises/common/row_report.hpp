#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "hourglass/analysis/row_scores.hpp"

// What there is to say, as text and as CSV, about a net's errors of rows and columns. `pca` may be null.

namespace hourglass {

/// Each row with its error and its code.
std::string codes_csv(const PreparedRows& rows, const RowScores& net);

/// Rows in this order, each with the column that is most unusual in it, its value, and what the net would have expected
/// there, both in the column's own unit.
std::string errors_csv(const PreparedRows& rows, const RowScores& net, const std::vector<std::size_t>& order);

/// The columns, that of the largest error first.
std::string columns_csv(const PreparedRows& rows, const RowScores& net, const RowScores* pca);

/// The first eight of these columns, and of the rows in this order.
void print_columns(const PreparedRows& rows, const RowScores& net, const RowScores* pca, std::ostream& output);
void print_unusual(const PreparedRows& rows, const RowScores& net, const std::vector<std::size_t>& order,
                   std::ostream& output);

}  // namespace hourglass
