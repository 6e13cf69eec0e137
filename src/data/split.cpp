#include "hourglass/data/split.hpp"

#include <algorithm>

#include "hourglass/core/error.hpp"
#include "hourglass/core/random.hpp"
#include "utf8.hpp"

namespace hourglass {

Split split_rows(const Table& table, double share, const std::string& left_out, std::uint64_t seed) {
    const auto found = std::ranges::find(table.classes, left_out);
    if (!left_out.empty() && found == table.classes.end()) {
        throw Error("there is no class " + printable(left_out) + " to leave out among the " +
                    std::to_string(table.classes.size()) + " that the rows have");
    }
    const auto number = static_cast<std::size_t>(found - table.classes.begin());
    Split split;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < table.rows(); ++i) {
        const bool out = !left_out.empty() && table.labels[i] == number;
        (out ? split.left_out : order).push_back(i);
    }
    Rng rng(seed);
    rng.shuffle(std::span(order));
    const auto count = static_cast<std::size_t>(share * static_cast<double>(order.size()) + 0.5);
    if (order.size() < count + 2) {
        throw Error("expected at least 2 rows to train on, found " + std::to_string(order.size() - count));
    }
    split.held_out.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
    split.train.assign(order.begin() + static_cast<std::ptrdiff_t>(count), order.end());
    std::ranges::sort(split.held_out);
    std::ranges::sort(split.train);
    return split;
}

}  // namespace hourglass
