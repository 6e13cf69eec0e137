#include "hourglass/data/prepared_rows.hpp"

#include <numeric>

#include "hourglass/core/rows.hpp"

namespace hourglass {

std::vector<std::size_t> PreparedRows::judged() const {
    std::vector<std::size_t> all(table.rows());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return !held_out.empty() ? held_out : !train.empty() ? train : all;
}

std::string PreparedRows::judged_name() const {
    return !held_out.empty() ? "rows held out" : !train.empty() ? "rows trained on" : "new rows";
}

std::vector<std::string> PreparedRows::sets() const {
    std::vector<std::string> names(table.rows(), "new");
    const auto name = [&](const std::vector<std::size_t>& rows, const char* set) {
        for (const std::size_t i : rows) {
            names[i] = set;
        }
    };
    name(train, "train");
    name(held_out, "held_out");
    name(left_out, "left_out");
    return names;
}

std::vector<std::string> PreparedRows::labels_of(std::size_t i) const {
    std::vector<std::string> labels = {table.row_name(i)};
    if (!table.labels.empty()) {
        labels.push_back(table.classes[table.labels[i]]);
    }
    return labels;
}

PreparedRows prepare_rows(Table table, Split split, Scaling::Kind kind, const std::optional<SavedScaling>& saved) {
    PreparedRows rows;
    static_cast<Split&>(rows) = std::move(split);
    rows.saved = saved ? *saved
                       : SavedScaling{fit_scaling(kind, table, rows.train), table.columns, table.height, table.channels};
    rows.saved.scaling.apply(table);
    rows.table = std::move(table);
    rows.X = rows_of(rows.table.X, rows.train);
    rows.H = rows_of(rows.table.X, rows.held_out);
    return rows;
}

}  // namespace hourglass
