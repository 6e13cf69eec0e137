#include "hourglass/core/window.hpp"

#include <doctest/doctest.h>

#include "hourglass/core/error.hpp"
#include "windows.hpp"

namespace hourglass {

using testing::same;

namespace {

// Keras: tf.keras.layers.Conv2D, output sizes and borders by hand from its documented rule.
TEST_CASE("Window: places and border are those of Keras") {
    const Window plain({28, 28, 1}, 3, 3);
    CHECK(plain.places_down == 26);
    CHECK(plain.places() == 26 * 26);
    CHECK(plain.top == 0);

    const Window even({28, 28, 1}, 3, 3, 2, same);  // one row of border, and it is below
    CHECK(even.places_down == 14);
    CHECK(even.top == 0);
    CHECK(even.left == 0);

    const Window odd({7, 7, 8}, 3, 3, 2, same);  // two rows: one above, one below
    CHECK(odd.places_down == 4);
    CHECK(odd.top == 1);

    const Window tall({5, 9, 2}, 4, 1, 1, same);  // three rows: one above, two below
    CHECK(tall.places_down == 5);
    CHECK(tall.places_across == 9);
    CHECK(tall.top == 1);
    CHECK(tall.left == 0);
    CHECK(tall.patch() == 8);

    const Window apart({7, 8, 1}, 2, 2, 3);  // what the last step does not reach is left out
    CHECK(apart.places_down == 2);
    CHECK(apart.places_across == 3);
    const Window apart_same({7, 7, 1}, 1, 1, 3, same);
    CHECK(apart_same.places() == 9);
    CHECK(apart_same.top == 0);
}

TEST_CASE("Window: that of a transposed convolution has its places on the pixels that come in") {
    for (const auto padding : {Window::Padding::valid, same}) {
        for (std::size_t stride = 1; stride <= 4; ++stride) {
            const Window window = transposed_window({3, 4, 8}, 5, 2, 3, stride, padding);
            CAPTURE(window.text());
            CHECK(window.places_down == 3);
            CHECK(window.places_across == 4);
            CHECK(window.image.channels == 5);
        }
    }
    CHECK(transposed_window({7, 7, 8}, 8, 3, 3, 2, same).image.text() == "14x14x8");
    CHECK(transposed_window({7, 7, 8}, 8, 3, 3, 2).image.text() == "15x15x8");
    CHECK(transposed_window({7, 7, 8}, 8, 1, 1, 2).image.text() == "14x14x8");
}

TEST_CASE("Window: its text leaves out what goes without saying") {
    CHECK(Window({28, 28, 1}, 3, 3).text() == "3x3");
    CHECK(Window({28, 28, 1}, 5, 3, 2, same).text() == "5x3,s2,same");
}

TEST_CASE("Window: one that does not fit says what does") {
    CHECK_THROWS_WITH_AS(Window({3, 5, 2}, 4, 5),
                         "a window of 4x5 is larger than its image of 3x5x2: at most 3x5 fits", Error);
    CHECK_THROWS_WITH_AS(Window({3, 3, 1}, 5, 5, 2, same),
                         "a window of 5x5 is larger than its image of 3x3x1: at most 3x3 fits", Error);
    CHECK_THROWS_WITH_AS(Window({3, 5, 2}, 1, 1, 0),
                         "a stride of 0: expected 1 or more, 1 to look at every place", Error);
    CHECK_THROWS_WITH_AS(transposed_window({3, 5, 2}, 1, 1, 1, 0),
                         "a stride of 0: expected 1 or more, 1 to look at every place", Error);
    CHECK_THROWS_WITH_AS(Window({3, 0, 2}, 1, 1), "an image of 3x0x2: expected positive numbers, got a 0",
                         Error);
    CHECK_THROWS_WITH_AS(Window({3, 5, 2}, 0, 1), "a window of 0x1: expected positive numbers, got a 0",
                         Error);
    constexpr std::size_t huge = std::size_t{1} << 40;
    CHECK_THROWS_AS(Window({huge, huge, huge}, 1, 1), Error);
    CHECK_THROWS_AS(transposed_window({huge, 1, 1}, 1, 1, 1), Error);
    CHECK_THROWS_AS(transposed_window({3, 1, 1}, 1, 1, 1, std::size_t{1} << 63), Error);
}

}  // namespace
}  // namespace hourglass
