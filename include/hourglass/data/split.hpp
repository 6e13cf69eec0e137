#pragma once

#include <cstdint>
#include <string>

#include "hourglass/data/table.hpp"

namespace hourglass {

/// What the rows of a table are for, each part in the order of the table.
struct Split {
    std::vector<std::size_t> train;     // trained on
    std::vector<std::size_t> held_out;  // not, but of the same kind
    std::vector<std::size_t> left_out;  // all of one class
};

/// A share of the rows is held out, drawn by `seed`; of those that are not left out.
/// @param left_out  the class that is; empty: none
/// @pre  0 <= share < 1
/// @throws Error  if there is no such class, or fewer than 2 rows are left to train on
Split split_rows(const Table& table, double share, const std::string& left_out, std::uint64_t seed);

}  // namespace hourglass
