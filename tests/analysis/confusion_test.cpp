#include "hourglass/analysis/confusion.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hourglass/data/font.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using doctest::Approx;
using Indices = std::vector<std::size_t>;

const Matrix three = {{1, 1, 1, 1}, {-1, -1, -1, -1}, {1, 1, -1, -1}};

}  // namespace

TEST_CASE("taken_for: is the sample with the fewest wrong pixels") {
    const Matrix Y = {{1, 1, 1, -1}, {-1, -1, -1, 1}, {1, Scalar(0.1), Scalar(-0.1), -1}};
    CHECK(taken_for(Y, three) == Indices{0, 1, 2});
}

TEST_CASE("taken_for: fewer wrong pixels win over a smaller squared distance") {
    const Matrix X = {{-1, -1, -1}, {1, 1, 1}};
    // Two pixels are on the side of the second, just so; the third is very much on that of the first.
    CHECK(taken_for({{Scalar(0.01), Scalar(0.01), -1}}, X) == Indices{1});
}

TEST_CASE("taken_for: of as many wrong pixels the smaller squared distance wins") {
    const Matrix X = {{1, 1}, {-1, -1}};
    CHECK(taken_for({{Scalar(0.9), Scalar(-0.1)}}, X) == Indices{0});
    CHECK(taken_for({{Scalar(0.1), Scalar(-0.9)}}, X) == Indices{1});
}

TEST_CASE("taken_for: of all equally near the first wins") {
    const Matrix X = {{-1, 1}, {1, 1}, {-1, -1}, {1, 1}};
    CHECK(taken_for({{1, 1}, {Scalar(0.5), Scalar(-0.5)}}, X) == Indices{1, 1});
    CHECK(taken_for({{Scalar(0.5), Scalar(-0.5)}}, {{-1, -1}, {1, 1}}) == Indices{0});
}

TEST_CASE("taken_for: every letter of every font is taken for itself") {
    for (const char* file : {"font1.txt", "font2.txt", "font3.txt"}) {
        const Matrix X = read_font(std::filesystem::path(HOURGLASS_SOURCE_DIR "/data/fonts") / file).pixels();
        const Indices taken = taken_for(X, X);
        for (std::size_t i = 0; i < X.rows(); ++i) {
            CHECK(taken[i] == i);
        }
    }
}

TEST_CASE("confusion_counts: rows are what was shown and columns what it was taken for") {
    const Indices truth = {0, 0, 0, 1, 2, 2}, taken = {0, 1, 1, 1, 0, 2};
    CHECK(confusion_counts(3, truth, taken) == Matrix{{1, 2, 0}, {0, 1, 0}, {1, 0, 1}});
    CHECK(confusion_counts(2, Indices{}, Indices{}) == Matrix(2, 2));
}

TEST_CASE("latent_distances: of a 3-4-5 triangle") {
    CHECK(latent_distances({{0, 0}, {3, 4}, {3, 0}}) == Matrix{{0, 5, 3}, {5, 0, 4}, {3, 4, 0}});
    CHECK(latent_distances({{1, 1, 1}, {2, 3, 3}}) == Matrix{{0, 3}, {3, 0}});  // all components
}

TEST_CASE("hamming_distances: count the pixels on different sides") {
    CHECK(hamming_distances(three) == Matrix{{0, 4, 2}, {4, 0, 2}, {2, 2, 0}});
}

TEST_CASE("pair_table: holds every pair once with its distances and its rate") {
    const Matrix codes = {{0, 0}, {3, 4}, {3, 0}};
    const Matrix counts = {{6, 1, 3}, {0, 4, 0}, {10, 5, 5}};  // shown 10, 4 and 20 times
    const PairTable table = pair_table(codes, three, counts);
    REQUIRE(table.size() == 3);
    CHECK(table.first == Indices{0, 0, 1});
    CHECK(table.second == Indices{1, 2, 2});
    CHECK(table.latent_distance == std::vector<double>{5, 3, 4});
    CHECK(table.hamming_distance == std::vector<double>{4, 2, 2});
    CHECK(table.confusion[0] == Approx((0.1 + 0.0) / 2).epsilon(1e-12));
    CHECK(table.confusion[1] == Approx((0.3 + 0.5) / 2).epsilon(1e-12));
    CHECK(table.confusion[2] == Approx((0.0 + 0.25) / 2).epsilon(1e-12));
}

TEST_CASE("pair_table: the rate of a sample that was never shown is not known") {
    const PairTable table = pair_table({{0, 0}, {3, 4}, {3, 0}}, three, {{5, 5, 0}, {1, 1, 0}, {0, 0, 0}});
    CHECK(table.confusion[0] == 0.5);
    CHECK(std::isnan(table.confusion[1]));
    CHECK(std::isnan(table.confusion[2]));
}

TEST_CASE("nearest_others: is never the sample itself unless it is alone") {
    CHECK(nearest_others(Matrix{{0, 3, 1}, {3, 0, 2}, {1, 2, 0}}) == std::vector<std::size_t>{2, 2, 0});
    CHECK(nearest_others(Matrix{{0, 5, 5}, {5, 0, 5}, {5, 5, 0}}) == std::vector<std::size_t>{1, 0, 0});
    CHECK(nearest_others(Matrix{{0}}) == std::vector<std::size_t>{0});
}

}  // namespace hourglass
