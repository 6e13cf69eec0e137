#include "hourglass/analysis/rank_correlation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "hourglass/core/random.hpp"

namespace hourglass {
namespace {

using doctest::Approx;
using Numbers = std::vector<double>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

/// The four columns of iris.csv.
std::array<Numbers, 4> iris() {
    std::ifstream file(HOURGLASS_SOURCE_DIR "/data/iris/iris.csv");
    std::array<Numbers, 4> columns;
    std::string line;
    std::getline(file, line);  // the header
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        for (Numbers& column : columns) {
            double value = nan;
            fields >> value;
            fields.ignore();  // the comma
            column.push_back(value);
        }
    }
    REQUIRE(columns[0].size() == 150);
    return columns;
}

}  // namespace

TEST_CASE("ranks: the smallest has 1 and equal values share the mean of their ranks") {
    CHECK(ranks(Numbers{30, 10, 20}) == Numbers{3, 1, 2});
    CHECK(ranks(Numbers{5, 1, 5, 5, 0}) == Numbers{4, 2, 4, 4, 1});
    CHECK(ranks(Numbers{2, 2}) == Numbers{1.5, 1.5});
    CHECK(ranks(Numbers{inf, -inf, 0}) == Numbers{3, 1, 2});
    CHECK(ranks(Numbers{}).empty());
}

TEST_CASE("spearman: any rising function is 1 and any falling one is -1") {
    const Numbers x = {3, 1, 4, 1.5, 9}, rising = {27, 1, 64, 3.375, 1e9};
    Numbers falling = rising;
    for (double& value : falling) {
        value = -value;
    }
    CHECK(spearman(x, rising) == 1);
    CHECK(spearman(x, falling) == -1);
}

TEST_CASE("spearman: without ties it is the textbook formula") {
    // The squared differences of the ranks sum to 194: 1 - 6 * 194 / (10 * 99) = -29 / 165.
    const Numbers iq = {106, 86, 100, 101, 99, 103, 97, 113, 112, 110};
    const Numbers hours = {7, 0, 27, 50, 28, 29, 20, 12, 6, 17};
    CHECK(spearman(iq, hours) == Approx(-29.0 / 165).epsilon(1e-12));
}

TEST_CASE("spearman: with ties it is that of the averaged ranks") {
    // Ranks 1, 2.5, 2.5 and 1.5, 1.5, 3, from their mean -1, 0.5, 0.5 and -0.5, -0.5, 1:
    // (0.5 - 0.25 + 0.5) / sqrt(1.5 * 1.5) = 0.5
    CHECK(spearman(Numbers{1, 2, 2}, Numbers{5, 5, 6}) == Approx(0.5).epsilon(1e-12));
    CHECK(spearman(Numbers{1, 2, 2, 3, 3, 3, 5}, Numbers{2, 1, 4, 4, 0, 9, 9}) ==
          Approx(0.485912657903775).epsilon(1e-12));
}

TEST_CASE("spearman: of the iris columns is what scipy says") {
    const auto columns = iris();
    const double expected[4][4] = {{},
                                   {-0.166777658283235},
                                   {0.881898126434986, -0.309635086015578},
                                   {0.834288775908005, -0.289031748660584, 0.937666823576341}};
    for (std::size_t a = 0; a < 4; ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            CHECK(spearman(columns[a], columns[b]) == Approx(expected[a][b]).epsilon(1e-12));
            CHECK(spearman(columns[b], columns[a]) == Approx(expected[a][b]).epsilon(1e-12));
        }
    }
}

TEST_CASE("spearman: is not known where one is constant or a value is missing") {
    CHECK(std::isnan(spearman(Numbers{1, 2, 3}, Numbers{7, 7, 7})));
    CHECK(std::isnan(spearman(Numbers{7, 7, 7}, Numbers{1, 2, 3})));
    CHECK(std::isnan(spearman(Numbers{1, 2, nan}, Numbers{1, 2, 3})));
    CHECK(std::isnan(spearman(Numbers{1, 2, 3}, Numbers{nan, 2, 3})));
    CHECK(std::isnan(spearman(Numbers{1}, Numbers{2})));
    CHECK(std::isnan(spearman(Numbers{}, Numbers{})));
}

TEST_CASE("student_t: is what scipy says") {
    const std::size_t degrees[] = {1, 2, 3, 4, 5, 10, 19, 30, 100};
    const double half[] = {1.000000000013, 0.816496580928, 0.764892328081, 0.740697084091, 0.726686843798,
                           0.699812061312, 0.687621459782, 0.682755691993, 0.676951043008};
    const double most[] = {12.706204736432, 4.302652729911, 3.182446305284, 2.776445105198, 2.570581836615,
                           2.228138851965,  2.093024054408, 2.042272456301, 1.983971518450};
    const double nearly_all[] = {63.656741162874, 9.924843200918, 5.840909299756,
                                 4.604094871416,  4.032142983558, 3.169272667176,
                                 2.860934606450,  2.749995653567, 2.625890520586};
    for (std::size_t i = 0; i < std::size(degrees); ++i) {  // scipy's own are good to about 2e-9
        CHECK(student_t(0.5, degrees[i]) == Approx(half[i]).epsilon(1e-8));
        CHECK(student_t(0.95, degrees[i]) == Approx(most[i]).epsilon(1e-8));
        CHECK(student_t(0.99, degrees[i]) == Approx(nearly_all[i]).epsilon(1e-8));
    }
    CHECK(student_t(0, 3) < 1e-9);
    CHECK(student_t(0.95, 100000) == Approx(1.959964).epsilon(1e-4));  // the normal distribution's
}

TEST_CASE("mean_interval: of five values is what scipy says") {
    const MeanInterval interval = mean_interval(Numbers{0.61, 0.72, 0.55, 0.68, 0.70});
    CHECK(interval.mean == Approx(0.652).epsilon(1e-12));
    CHECK(interval.low == Approx(0.564464889686231).epsilon(1e-9));
    CHECK(interval.high == Approx(0.739535110313769).epsilon(1e-9));
}

TEST_CASE("mean_interval: of equal values has no width and of one value is not known") {
    const MeanInterval equal = mean_interval(Numbers{2, 2, 2});
    CHECK(equal.low == 2);
    CHECK(equal.mean == 2);
    CHECK(equal.high == 2);
    const MeanInterval one = mean_interval(Numbers{2});
    CHECK(one.mean == 2);
    CHECK(std::isnan(one.low));
    CHECK(std::isnan(one.high));
    CHECK(std::isnan(mean_interval(Numbers{}).mean));
}

TEST_CASE("mean_interval: holds the true mean in 95 of 100 experiments") {
    Rng rng(1);
    constexpr int experiments = 4000;
    for (const std::size_t n : {3u, 10u}) {
        int held = 0;
        for (int e = 0; e < experiments; ++e) {
            Numbers values(n);
            std::ranges::generate(values, [&] { return 5 + 2 * rng.normal(); });
            const MeanInterval interval = mean_interval(values);
            held += interval.low <= 5 && 5 <= interval.high;
        }
        CHECK(std::abs(held / static_cast<double>(experiments) - 0.95) < 5 * 0.218 / std::sqrt(experiments));
    }
}

}  // namespace hourglass
