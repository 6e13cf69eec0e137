#include "hourglass/data/noise.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "testing.hpp"

namespace hourglass {
namespace {

using Kind = Noise::Kind;

constexpr std::size_t images = 400, pixels = 500;

/// Half of the columns ink, half paper.
Matrix clean_images() {
    Matrix X(images, pixels, -1);
    for (std::size_t i = 0; i < images; ++i) {
        for (std::size_t j = 0; j < pixels / 2; ++j) {
            X(i, j) = 1;
        }
    }
    return X;
}

/// Of the ink and of the paper: the share of pixels that changed their sign.
struct Changes {
    double ink = 0, paper = 0;
};
Changes changes(const Matrix& noisy, const Matrix& clean) {
    Changes result;
    for (std::size_t i = 0; i < clean.size(); ++i) {
        const bool changed = (noisy.flat()[i] > 0) != (clean.flat()[i] > 0);
        (clean.flat()[i] > 0 ? result.ink : result.paper) += changed;
    }
    const double half = static_cast<double>(clean.size()) / 2;
    return {result.ink / half, result.paper / half};
}

/// Five standard deviations of a share of `p` in half of the pixels.
double sampling_error(double p) {
    return 5 * std::sqrt(p * (1 - p) / (images * pixels / 2)) + 1e-12;
}

Matrix noisy_of(const Matrix& clean, const Noise& noise, std::uint64_t seed) {
    Rng rng(seed);
    Matrix noisy;
    add_noise(noisy, clean, noise, rng);
    return noisy;
}

bool all_plus_or_minus_one(const Matrix& X) {
    return std::ranges::all_of(X.flat(), [](Scalar x) { return x == 1 || x == -1; });
}

}  // namespace

TEST_CASE("add_noise: flip changes ink and paper alike with the probability that it says") {
    const Matrix clean = clean_images();
    for (const double level : {0.0, 0.01, 0.1, 0.3, 0.5, 0.9, 1.0}) {
        const Matrix noisy = noisy_of(clean, {Kind::flip, level}, 1);
        const Changes share = changes(noisy, clean);
        CHECK(std::abs(share.ink - level) <= sampling_error(level));
        CHECK(std::abs(share.paper - level) <= sampling_error(level));
        CHECK(all_plus_or_minus_one(noisy));
    }
}

TEST_CASE("add_noise: salt and pepper changes half of what it replaces") {
    const Matrix clean = clean_images();
    for (const double level : {0.0, 0.02, 0.2, 0.6, 1.0}) {
        const Matrix noisy = noisy_of(clean, {Kind::salt_and_pepper, level}, 2);
        const Changes share = changes(noisy, clean);
        CHECK(std::abs(share.ink - level / 2) <= sampling_error(level / 2));
        CHECK(std::abs(share.paper - level / 2) <= sampling_error(level / 2));
        CHECK(all_plus_or_minus_one(noisy));
    }
}

TEST_CASE("add_noise: gaussian adds normal numbers of the standard deviation that it says") {
    const Matrix clean = clean_images();
    for (const double level : {0.1, 0.5, 2.0}) {
        const Matrix noisy = noisy_of(clean, {Kind::gaussian, level}, 3);
        double sum = 0, squares = 0, within = 0;
        for (std::size_t i = 0; i < clean.size(); ++i) {
            const double added = static_cast<double>(noisy.flat()[i] - clean.flat()[i]) / level;
            sum += added;
            squares += added * added;
            within += std::abs(added) < 1;
        }
        const double n = static_cast<double>(clean.size());
        CHECK(std::abs(sum / n) < 5 / std::sqrt(n));
        CHECK(std::abs(squares / n - 1) < 5 * std::sqrt(2 / n));
        CHECK(std::abs(within / n - std::erf(1 / std::sqrt(2.0))) < 5 * 0.47 / std::sqrt(n));
    }
}

TEST_CASE("add_noise: gaussian crosses zero as often as the normal distribution says") {
    const Matrix clean = clean_images();
    const double crossing = std::erfc(1 / (0.8 * std::sqrt(2.0))) / 2;  // P(0.8 g > 1)
    const Changes share = changes(noisy_of(clean, {Kind::gaussian, 0.8}, 4), clean);
    CHECK(std::abs(share.ink - crossing) <= sampling_error(crossing));
    CHECK(std::abs(share.paper - crossing) <= sampling_error(crossing));
}

TEST_CASE("add_noise: at level 0 nothing changes and at level 1 every pixel is flipped") {
    const Matrix clean = clean_images();
    for (const Kind kind : {Kind::flip, Kind::salt_and_pepper, Kind::gaussian}) {
        CHECK(noisy_of(clean, {kind, 0}, 5) == clean);
    }
    const Matrix flipped = noisy_of(clean, {Kind::flip, 1}, 5);
    for (std::size_t i = 0; i < clean.size(); ++i) {
        REQUIRE(flipped.flat()[i] == -clean.flat()[i]);
    }
}

TEST_CASE("add_noise: pixels are distorted independently of their neighbours") {
    const Matrix clean = clean_images();
    const Matrix noisy = noisy_of(clean, {Kind::flip, 0.3}, 6);
    double both = 0;
    for (std::size_t i = 0; i + 1 < clean.size(); ++i) {
        both += noisy.flat()[i] != clean.flat()[i] && noisy.flat()[i + 1] != clean.flat()[i + 1];
    }
    CHECK(std::abs(both / static_cast<double>(clean.size()) - 0.09) < 0.005);
}

TEST_CASE("add_noise: the same seed gives the same bits and going on gives others") {
    const Matrix clean = clean_images();
    for (const Kind kind : {Kind::flip, Kind::salt_and_pepper, Kind::gaussian}) {
        CHECK(noisy_of(clean, {kind, 0.2}, 7) == noisy_of(clean, {kind, 0.2}, 7));
        CHECK(noisy_of(clean, {kind, 0.2}, 7) != noisy_of(clean, {kind, 0.2}, 8));
        Rng rng(7);
        Matrix first, second;
        add_noise(first, clean, {kind, 0.2}, rng);
        add_noise(second, clean, {kind, 0.2}, rng);
        CHECK(first != second);
    }
}

TEST_CASE("add_noise: works in place and takes the shape of the clean images") {
    const Matrix clean = clean_images();
    for (const Kind kind : {Kind::flip, Kind::salt_and_pepper, Kind::gaussian}) {
        Matrix in_place = clean;
        Rng rng(9);
        add_noise(in_place, in_place, {kind, 0.2}, rng);
        CHECK(in_place == noisy_of(clean, {kind, 0.2}, 9));
        Matrix larger(1000, 1000);
        Rng same(9);
        add_noise(larger, clean, {kind, 0.2}, same);
        CHECK(larger == in_place);
    }
}

TEST_CASE("noise_from_name: is the inverse of name_of") {
    for (const Kind kind : {Kind::flip, Kind::salt_and_pepper, Kind::gaussian}) {
        CHECK(noise_from_name(name_of(kind)) == kind);
    }
    CHECK(name_of(Kind::flip) == "flip");
    CHECK(name_of(Kind::salt_and_pepper) == "salt_and_pepper");
    CHECK(name_of(Kind::gaussian) == "gaussian");
    for (const char* name : {"", "Flip", "salt"}) {
        CHECK(testing::error_message([&] { noise_from_name(name); }) ==
              "unknown noise " + testing::quoted(name) + ": expected flip, salt_and_pepper or gaussian");
    }
}

TEST_CASE("require_level: takes what the kind has and says what it expected") {
    constexpr double inf = std::numeric_limits<double>::infinity();
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const auto complaint = [](Kind kind, double level) {
        return testing::error_message([&] { require_level({kind, level}); });
    };
    for (const Kind kind : {Kind::flip, Kind::salt_and_pepper}) {
        for (const double level : {0.0, 0.5, 1.0}) {
            CHECK(complaint(kind, level).empty());
        }
        for (const double level : {-0.01, 1.01, inf, nan}) {
            CHECK(testing::contains(complaint(kind, level), "expected a probability in [0, 1], got "));
        }
    }
    for (const double level : {0.0, 1.0, 25.0}) {
        CHECK(complaint(Kind::gaussian, level).empty());
    }
    for (const double level : {-0.01, inf, -inf, nan}) {
        CHECK(testing::contains(complaint(Kind::gaussian, level), "a standard deviation of at least 0"));
    }
    CHECK(complaint(Kind::flip, 2) == "noise level of flip: expected a probability in [0, 1], got 2");
}

TEST_CASE("usual_levels: of every kind are allowed and most of those tested are trained") {
    for (const auto kind : {Noise::Kind::flip, Noise::Kind::salt_and_pepper, Noise::Kind::gaussian}) {
        const UsualLevels levels = usual_levels(kind);
        const std::vector<double>& training = levels.training;
        CHECK(training.front() == 0);
        CHECK(std::ranges::count_if(levels.test, [&](double level) {
                  require_level({kind, level});
                  return std::ranges::count(training, level) == 1;
              }) == 4);
    }
}

TEST_CASE("clip: values outside of the range become its ends") {
    Matrix X = {{-0.5, 0, 0.25}, {1, 1.5, 2}};
    clip(X, 0, 1);
    CHECK(X == Matrix{{0, 0, 0.25}, {1, 1, 1}});
}

TEST_CASE("median_filter: the median of the pixels around, fewer at the edges") {
    // 1 2 3     each pixel's own part of the image:
    // 4 5 6     1 2 4 5 | 1 2 3 4 5 6 | 2 3 5 6 | 1 2 4 5 7 8 | all | ...
    // 7 8 9
    const Matrix X = {{1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 0, 0, 0, 9, 0, 0, 0, 0}};
    const Matrix Y = median_filter(X, 3, 3);
    CHECK(testing::same_bits(Y.row(0), Vector{2, 3, 3, 4, 5, 5, 5, 6, 6}));
    CHECK(testing::same_bits(Y.row(1), Vector(9, 0)));  // a lone speck is gone
    CHECK(median_filter({{3, 1, 2, 9}}, 1, 4) == Matrix{{1, 2, 2, 2}});
    CHECK(median_filter({{3, 1, 2, 9}}, 4, 1) == Matrix{{1, 2, 2, 2}});
}

}  // namespace hourglass
