#include "table_rows.hpp"

#include <algorithm>
#include <cmath>

namespace hourglass {

bool TableRows::add(std::span<const double> row, bool drop) {
    ++met_;
    if (drop && std::ranges::any_of(row, [](double value) { return std::isnan(value); })) {
        return false;
    }
    if (table.origin.empty()) {
        table.origin.assign(row.begin(), row.end());
        std::ranges::replace_if(table.origin, [](double value) { return std::isnan(value); }, 0.0);
    }
    for (std::size_t j = 0; j < row.size(); ++j) {
        values_.push_back(static_cast<Scalar>(row[j] - table.origin[j]));
        if (std::isinf(values_.back())) {
            too_large_ = j;
        }
    }
    if (drop) {
        table.numbers.push_back(met_);
    }
    return true;
}

Table TableRows::finish(const GzFile& file) {
    const std::size_t d = std::max<std::size_t>(table.columns.size(), 1), n = values_.size() / d;
    if (n < 2) {
        file.fail("expected at least 2 rows, found " + std::to_string(n) +
                  (met_ > n ? " without missing values among " + std::to_string(met_) : ""));
    }
    table.X.resize(n, d);
    std::ranges::copy(values_, table.X.flat().begin());
    if (met_ > n) {
        table.notes.push_back(std::to_string(met_ - n) + " of " + std::to_string(met_) +
                              " rows are dropped, in which a value is missing");
    }
    return std::move(table);
}

}  // namespace hourglass
