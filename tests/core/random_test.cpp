#include "hourglass/core/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

namespace hourglass {

// The stream that the generator's authors' C code makes from this state, as other implementations
// quote it in their tests.
TEST_CASE("Rng: bits are the published xoshiro256++ stream") {
    Rng rng(std::array<std::uint64_t, 4>{1, 2, 3, 4});
    for (const std::uint64_t expected : {41943041u, 58720359u}) {
        CHECK(rng.bits() == expected);
    }
    for (const std::uint64_t expected :
         {3588806011781223u, 3591011842654386u, 9228616714210784205u, 9973669472204895162u,
          14011001112246962877u, 12406186145184390807u, 15849039046786891736u,
          10450023813501588000u}) {
        CHECK(rng.bits() == expected);
    }
}

TEST_CASE("Rng: a seed fills the state with the published splitmix64 stream") {
    Rng seeded(1234567);
    Rng stated(std::array<std::uint64_t, 4>{6457827717110365317u, 3203168211198807973u,
                                            9817491932198370423u, 4593380528125082431u});
    for (int i = 0; i < 10; ++i) {
        CHECK(seeded.bits() == stated.bits());
    }
}

// From here to the next rule: values of an implementation of the same algorithms in Python, whose
// floats round as IEEE 754 says. Compared as bits.
TEST_CASE("Rng: the first bits of a seed are pinned") {
    Rng rng(42);
    for (const std::uint64_t expected : {15021278609987233951u, 5881210131331364753u,
                                         18149643915985481100u, 12933668939759105464u}) {
        CHECK(rng.bits() == expected);
    }
}

TEST_CASE("Rng: the first uniform numbers of a seed are pinned") {
    Rng rng(42);
    for (const double expected :
         {0x1.a0ec9a9e88ecdp-1, 0x1.467905d15dbccp-2, 0x1.f7c0f9f61849dp-1}) {
        CHECK(rng.uniform() == expected);
    }
    Rng again(42);
    for (const double expected :
         {0x1.0927c1462b280p+1, -0x1.9fa2e2e92b504p-2, 0x1.75b138739e5c4p+1}) {
        CHECK(again.uniform(-2, 3) == expected);
    }
}

TEST_CASE("Rng: the first normal numbers of a seed are pinned") {
    Rng rng(42);
    for (const double expected :
         {0x1.f679d98b6ab7bp-1, -0x1.21a610c887574p-1, 0x1.571f94d19c30ap+0, 0x1.9bf7e7b2c7e67p-2,
          -0x1.edae4f6954ef1p-1, 0x1.150b492b02ca5p-2}) {
        CHECK(rng.normal() == expected);
    }
}

TEST_CASE("Rng: a thousand normal numbers have a pinned hash of their bits") {
    Rng rng(42);
    std::uint64_t hash = 0;
    for (int i = 0; i < 1000; ++i) {
        hash = hash * 0x100000001b3 ^ std::bit_cast<std::uint64_t>(rng.normal());
    }
    CHECK(hash == 11011458687532104039u);
}

TEST_CASE("Rng: the first choices and the first shuffle of a seed are pinned") {
    Rng rng(42);
    for (const std::size_t expected : {1u, 3u, 0u, 4u, 1u, 5u, 8u, 0u, 5u, 8u, 4u, 9u}) {
        CHECK(rng.below(10) == expected);
    }
    Rng again(42);
    std::array<int, 10> values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    again.shuffle(std::span<int>(values));
    CHECK(values == std::array<int, 10>{6, 9, 7, 8, 0, 5, 3, 4, 2, 1});
}
// ------------------------------------------------------------------------------------------------

TEST_CASE("Rng: the same seed gives the same stream and another seed another") {
    Rng a(5), b(5), c(6);
    const double first = a.normal();
    CHECK(first == b.normal());
    CHECK(first != c.normal());
    Rng copy = a;  // with the spare normal number it holds
    CHECK(copy.normal() == a.normal());
    CHECK(copy.bits() == a.bits());
}

TEST_CASE("Rng: uniform stays below 1 when all bits are ones") {
    constexpr std::uint64_t ones = ~std::uint64_t{0};
    const std::array<std::uint64_t, 4> state = {0, 1, 1, ones};
    REQUIRE(Rng(state).bits() == ones);
    CHECK(Rng(state).uniform() == 1 - 0x1p-53);
}

TEST_CASE("Rng: uniform numbers have the moments of a uniform distribution") {
    Rng rng(7);
    constexpr int count = 50000;
    double sum = 0, squares = 0, low = 1, high = 0;
    for (int i = 0; i < count; ++i) {
        const double u = rng.uniform();
        sum += u;
        squares += u * u;
        low = std::min(low, u);
        high = std::max(high, u);
    }
    const double mean = sum / count;
    CHECK(std::abs(mean - 0.5) < 5 * std::sqrt(1.0 / 12 / count));
    CHECK(std::abs(squares / count - mean * mean - 1.0 / 12) < 0.002);
    CHECK(low >= 0);
    CHECK(low < 0.001);
    CHECK(high < 1);
    CHECK(high > 0.999);
}

TEST_CASE("Rng: normal numbers have the moments and the shares of a normal distribution") {
    Rng rng(8);
    constexpr int count = 100000;
    std::array<double, 5> moment = {};
    std::array<double, 4> within = {};  // within so many standard deviations
    double products = 0, previous = 0;
    for (int i = 0; i < count; ++i) {
        const double x = rng.normal();
        for (std::size_t k = 1; k < moment.size(); ++k) {
            moment[k] += std::pow(x, static_cast<int>(k)) / count;
            if (k < within.size() && std::abs(x) < static_cast<double>(k)) {
                within[k] += 1.0 / count;
            }
        }
        products += x * previous / count;
        previous = x;
    }
    CHECK(std::abs(moment[1]) < 0.016);  // five standard errors each
    CHECK(std::abs(moment[2] - 1) < 0.023);
    CHECK(std::abs(moment[3]) < 0.062);
    CHECK(std::abs(moment[4] - 3) < 0.16);
    CHECK(std::abs(products) < 0.016);  // the two of a pair are independent
    for (std::size_t k = 1; k < within.size(); ++k) {
        CHECK(std::abs(within[k] - std::erf(static_cast<double>(k) / std::sqrt(2.0))) < 0.008);
    }
}

TEST_CASE("Rng: below gives every number equally often") {
    Rng rng(9);
    CHECK(rng.below(1) == 0);
    std::array<double, 7> counts = {};
    for (int i = 0; i < 70000; ++i) {
        counts.at(rng.below(7)) += 1;
    }
    double chi_squared = 0;
    for (const double count : counts) {
        chi_squared += (count - 10000) * (count - 10000) / 10000;
    }
    CHECK(chi_squared < 27);  // six degrees of freedom: one seed in 7000 would exceed it
}

// Of 2^64 values modulo 3 * 2^62, the lowest third would come up half of the time.
TEST_CASE("Rng: below has no bias for a large bound") {
    Rng rng(10);
    constexpr std::size_t third = std::size_t{1} << 62;
    int lowest = 0;
    bool below = true;
    for (int i = 0; i < 10000; ++i) {
        const std::size_t value = rng.below(3 * third);
        below &= value < 3 * third;
        lowest += value < third;
    }
    CHECK(below);
    CHECK(std::abs(lowest - 3333) < 240);
}

TEST_CASE("Rng: shuffle gives every order equally often and loses nothing") {
    Rng rng(11);
    std::map<std::vector<int>, int> orders;
    for (int i = 0; i < 6000; ++i) {
        std::vector<int> values = {1, 2, 3};
        rng.shuffle(std::span<int>(values));
        ++orders[values];
        std::ranges::sort(values);
        REQUIRE(values == std::vector<int>{1, 2, 3});
    }
    CHECK(orders.size() == 6);
    for (const auto& [order, count] : orders) {
        CHECK(std::abs(count - 1000) < 150);
    }
    std::vector<int> none;
    rng.shuffle(std::span<int>(none));
    CHECK(none.empty());
}

}  // namespace hourglass
