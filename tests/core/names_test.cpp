#include "hourglass/core/names.hpp"

#include <doctest/doctest.h>

#include "testing.hpp"

namespace hourglass {
namespace {

enum class Coin { heads, tails, edge };

std::string_view name_of(Coin coin) {
    return coin == Coin::heads ? "heads" : coin == Coin::tails ? "tails" : "edge";
}

}  // namespace

TEST_CASE("value_from_name: is the inverse of name_of, and says what there is instead of an unknown name") {
    const auto coin = [](std::string_view name) {
        return value_from_name("side", name, {Coin::heads, Coin::tails, Coin::edge});
    };
    CHECK(coin("heads") == Coin::heads);
    CHECK(coin("edge") == Coin::edge);
    CHECK(testing::error_message([&] { coin("Edge"); }) == "unknown side 'Edge': expected heads, tails or edge");
}

}  // namespace hourglass
