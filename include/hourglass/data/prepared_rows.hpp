#pragma once

#include <optional>

#include "hourglass/data/saved_scaling.hpp"
#include "hourglass/data/split.hpp"

namespace hourglass {

/// The rows of a table, scaled, and what each is for.
struct PreparedRows : Split {
    Table table;
    SavedScaling saved;  // for the model's file
    Matrix X, H;         // the rows trained on, and those held out

    /// The rows whose errors count: those held out; where there are none, those trained on; where these are none, all.
    std::vector<std::size_t> judged() const;
    std::string judged_name() const;        // in words
    std::vector<std::string> sets() const;  // (n) "train", "held_out", "left_out" or "new"

    /// A row for a table: what it is called, and its class if rows have one.
    std::vector<std::string> labels_of(std::size_t i) const;
};

/// Scales the columns as `saved` says or, where it says nothing, by the rows that `split` trains on.
/// @pre  `saved` is of as many columns   @throws Error  as fit_scaling
PreparedRows prepare_rows(Table table, Split split, Scaling::Kind kind, const std::optional<SavedScaling>& saved);

}  // namespace hourglass
