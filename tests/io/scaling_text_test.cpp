#include <doctest/doctest.h>

#include <limits>

#include "hourglass/io/scaling_text.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

TEST_CASE("scaling_text: is read back, and what cannot be is refused") {
    SavedScaling saved{{Scaling::Kind::range, {0, 7}, {2.5, 1}, {2.5, 7}}, {"a", "\"b\xff"}, 8, 3, 0.25};
    const std::string text = scaling_text(saved);
    const SavedScaling again = parse_scaling(text, 2);
    CHECK(again.scaling.kind == Scaling::Kind::range);
    CHECK(again.scaling.shift == saved.scaling.shift);
    CHECK(again.scaling.scale == saved.scaling.scale);
    CHECK(again.scaling.mean == saved.scaling.mean);
    CHECK(again.columns[0] == "a");
    CHECK(again.side == 8);
    CHECK(again.channels == 3);
    CHECK(again.limit == 0.25);
    const auto message = [](const std::string& bad, std::size_t columns) {
        return testing::error_message([&] { parse_scaling(bad, columns); });
    };
    CHECK(message(text, 3) == "expected finite numbers to scale each of its 3 columns by");
    CHECK(message("{", 2) == "its scaling of columns is damaged");
    CHECK(message("{\"kind\": \"range\"}", 2) == "its scaling of columns is damaged");
    CHECK(message("[1, 2]", 2) == "its scaling of columns is damaged");
    saved.scaling.scale[1] = 0;
    CHECK(message(scaling_text(saved), 2) == "its scaling of columns is not one of 2");
    saved.scaling.scale[1] = std::numeric_limits<double>::infinity();
    CHECK(message(scaling_text(saved), 2) == "its scaling of columns is damaged");  // JSON has no infinity
}

}  // namespace
}  // namespace hourglass
