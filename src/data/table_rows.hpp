#pragma once

#include <deque>
#include <optional>
#include <span>

#include "gz_file.hpp"
#include "hourglass/data/table.hpp"

namespace hourglass {

/// A table that is read row by row. Its numbers lie in blocks until all are there: a vector that doubles would have three
/// times their size at once.
class TableRows {
public:
    Table table;  // without X

    /// @param row  (d), NaN where a value is missing   @param drop  leave it out then?
    /// @returns false if it was left out
    bool add(std::span<const double> row, bool drop);

    /// The column of a number of the last row that is finite as a double, and not as a Scalar.
    std::optional<std::size_t> too_large() const { return too_large_; }

    /// The table, with X. @throws Error  naming the file, if it has fewer than 2 rows
    Table finish(const GzFile& file);

private:
    std::deque<Scalar> values_;
    std::size_t met_ = 0;
    std::optional<std::size_t> too_large_;
};

}  // namespace hourglass
