#include "hourglass/core/text.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

namespace hourglass {

TEST_CASE("to_text: keeps so many significant digits and no trailing zeros") {
    CHECK(to_text(0) == "0");
    CHECK(to_text(0.003) == "0.003");
    CHECK(to_text(-2.5) == "-2.5");
    CHECK(to_text(1e-8) == "1e-08");
    CHECK(to_text(1.0 / 3) == "0.333333");
    CHECK(to_text(1.0 / 3, 3) == "0.333");
    CHECK(to_text(1234567) == "1.23457e+06");
    CHECK(to_text(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(to_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("to_exact_text: reads back as the same number") {
    CHECK(to_exact_text(0.1) == "0.1");
    for (const double value : {0.1, 1.0 / 3, 1e-300, -0x1.fffffffffffffp+1023, 123456789.0}) {
        CHECK(std::stod(to_exact_text(value)) == value);
    }
}

TEST_CASE("position_from_text: counts from 1, to the last") {
    CHECK(position_from_text("1", 3) == 0);
    CHECK(position_from_text("3", 3) == 2);
    for (const char* text : {"", "0", "4", "-1", "1.5", "1 ", "one", "99999999999999999999"}) {
        CHECK_FALSE(position_from_text(text, 3));
    }
}

TEST_CASE("trimmed: takes the blanks from both ends") {
    CHECK(trimmed("  dense(5, 2) tanh ") == "dense(5, 2) tanh");
    CHECK(trimmed("x") == "x");
    CHECK(trimmed("   ").empty());
    CHECK(trimmed("").empty());
}

}  // namespace hourglass
