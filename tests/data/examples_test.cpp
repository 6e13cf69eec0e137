#include "hourglass/data/examples.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "testing.hpp"

namespace hourglass {

TEST_CASE("Examples: what is shown and what is asked, by kind") {
    const LabelledImages images{1, 2, {{0, 1}, {0.5, 0.5}}, {3, 0}};
    const Examples plain{images};
    CHECK(&plain.X() == &images.X);
    CHECK(&plain.T() == &images.X);
    const Examples noisy = noisy_examples(images, 0.5, 1);
    CHECK(noisy.X() != images.X);
    CHECK(&noisy.T() == &images.X);
    CHECK(noisy.X() == noisy_examples(images, 0.5, 1).X());
    CHECK(noisy.X() != noisy_examples(images, 0.5, 2).X());
    CHECK(std::ranges::all_of(noisy.X().flat(), [](Scalar x) { return 0 <= x && x <= 1; }));
    const Examples classes = class_examples(images);
    CHECK(&classes.X() == &images.X);
    CHECK(classes.T() == one_hot({3, 0}, 10));
}

}  // namespace hourglass
