#include "hourglass/io/formatting.hpp"

#include <doctest/doctest.h>

namespace hourglass {

TEST_CASE("padded: counts the characters of UTF-8 and not its bytes") {
    CHECK(padded("ab", 4) == "ab  ");
    CHECK(padded("\xc3\xa4", 3) == "\xc3\xa4  ");
    CHECK(padded("longer", 3) == "longer");
}

TEST_CASE("listed: has a comma between every two") {
    CHECK(listed({}).empty());
    CHECK(listed({"a", "b", "c"}) == "a, b, c");
}

TEST_CASE("numbered: counts from 1") {
    CHECK(numbered(0).empty());
    CHECK(listed(numbered(11)) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11");
}

TEST_CASE("numbers_from_text: is the inverse of widths_text and refuses all else") {
    CHECK(widths_text({35, 25, 2}, ",") == "35,25,2");
    CHECK(mirrored_text({35, 25, 2}) == "35-25-2-25-35");
    CHECK(numbers_from_text<std::size_t>("35,25,2") == std::vector<std::size_t>{35, 25, 2});
    CHECK(numbers_from_text<double>("-1.5,2e3") == std::vector<double>{-1.5, 2000});
    for (const char* text : {"", ",", "1,", ",1", "1,,2", "1 ", "1x", "one"}) {
        CAPTURE(text);
        CHECK(numbers_from_text<double>(text).empty());
        CHECK(numbers_from_text<std::size_t>(text).empty());
    }
    CHECK(numbers_from_text<std::size_t>("1,-2").empty());
    CHECK(numbers_from_text<std::size_t>("1,2.5").empty());
}

}  // namespace hourglass
