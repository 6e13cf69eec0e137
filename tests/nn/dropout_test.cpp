#include "hourglass/nn/layers/dropout.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/layer_testing.hpp"

namespace hourglass {

TEST_CASE("Dropout: its description, and what it keeps") {
    CHECK(Dropout(row_of(64), 0.2).description() == "dropout(64,0.2)");
    CHECK(Dropout({14, 14, 8}, 0.5).description() == "dropout(14x14x8,0.5)");
    CHECK(Dropout({14, 14, 8}, 0.5).in() == 14 * 14 * 8);
    CHECK(Dropout(row_of(64), 0.2).kept() == std::vector<std::string>{"M"});
}

TEST_CASE(
    "Dropout: in training each number is left out or divided by 1 - p, with a mask of its own each batch") {
    const Dropout dropout(row_of(50), 0.2);
    Pass pass = testing::training_pass(dropout);
    const Matrix X(40, 50, 4), Z = testing::forward(dropout, pass, X);
    std::size_t left_out = 0;
    for (const Scalar z : Z.flat()) {
        left_out += z == 0 ? 1 : 0;
        CHECK((z == 0 || z == doctest::Approx(5)));  // 4 / 0.8
    }
    CHECK(std::abs(static_cast<double>(left_out) / 2000 - 0.2) < 4 * std::sqrt(0.2 * 0.8 / 2000));
    const Matrix first = pass[Dropout::M];
    testing::forward(dropout, pass, X);
    CHECK(pass[Dropout::M] != first);
}

TEST_CASE("Dropout: where it evaluates, and with p = 0, X comes out as it is") {
    Rng rng(1);
    const Matrix X = testing::random_matrix(6, 5, rng);
    const Dropout dropout(row_of(5), 0.5), none(row_of(5), 0);
    Pass evaluates(dropout), trains = testing::training_pass(none);
    CHECK(testing::forward(dropout, evaluates, X) == X);
    CHECK(testing::forward(none, trains, X) == X);
    CHECK(evaluates.rng.bits() == Pass(dropout).rng.bits());  // nothing was drawn
}

TEST_CASE("Dropout: a replay has the mask of the last batch") {
    const Dropout dropout(row_of(30), 0.5);
    Pass pass = testing::training_pass(dropout);
    const Matrix X(3, 30, 1), Z = testing::forward(dropout, pass, X);
    pass.mode = Pass::Mode::replay;
    CHECK(testing::forward(dropout, pass, X) == Z);
}

TEST_CASE("Dropout: backward matches central differences") {
    std::uint64_t seed = 700;
    for (const double p : {0.0, 0.2, 0.7}) {
        testing::check_layer(Dropout(row_of(7), p), 1, seed++);
        testing::check_layer(Dropout(row_of(1), p), 9, seed++);
        testing::check_layer(Dropout({3, 2, 2}, p), 4, seed++);
    }
}

}  // namespace hourglass
