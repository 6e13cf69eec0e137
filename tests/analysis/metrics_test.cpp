#include "hourglass/analysis/metrics.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "testing.hpp"

namespace hourglass {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Against T: a right image, one with one saturated wrong pixel, and one with three wrong pixels of
// which two are saturated. Beyond 0.99 is saturated, 0.99 itself is not.
const Matrix T = {{1, -1, 1, -1}, {1, 1, -1, -1}, {-1, -1, 1, 1}};
const Matrix Y = {{Scalar(0.1), -1, 1, Scalar(-0.1)},
                  {1, Scalar(-0.995), -1, -1},
                  {1, 1, Scalar(-0.5), Scalar(0.3)}};

}  // namespace

TEST_CASE("wrong_pixels: counts those on the other side of zero") {
    CHECK(wrong_pixels(Y.row(0), T.row(0)) == 0);
    CHECK(wrong_pixels(Y.row(1), T.row(1)) == 1);
    CHECK(wrong_pixels(Y.row(2), T.row(2)) == 3);
    CHECK(wrong_pixels(Y, T) == std::vector<std::size_t>{0, 1, 3});
}

TEST_CASE("wrong_pixels: a pixel of just zero is paper") {
    const Vector zero = {0, 0}, target = {1, -1};
    CHECK(wrong_pixels(zero, target) == 1);
}

TEST_CASE("PixelErrors: counts images and pixels and those that are saturated") {
    const PixelErrors errors = count_pixel_errors(Y, T);
    CHECK(errors.total == 4);
    CHECK(errors.worst == 3);
    CHECK(errors.exact == 1);
    CHECK(errors.at_most_one == 2);
    CHECK(errors.saturated == 3);
    CHECK(errors.mean == doctest::Approx(4.0 / 3).epsilon(1e-15));
}

TEST_CASE("PixelErrors: an image that is its target has none") {
    const PixelErrors errors = count_pixel_errors(T, T);
    CHECK(errors.total == 0);
    CHECK(errors.worst == 0);
    CHECK(errors.saturated == 0);  // right pixels do not count, though all are beyond 0.99
    CHECK(errors.exact == 3);
    CHECK(errors.at_most_one == 3);
    CHECK(errors.mean == 0);
}

TEST_CASE("PixelErrors: saturated is beyond 0.99 on either side") {
    const Matrix outputs = {{Scalar(0.989), Scalar(0.991), Scalar(-0.989), Scalar(-0.991)}};
    const Matrix targets = {{-1, -1, 1, 1}};
    CHECK(count_pixel_errors(outputs, targets).total == 4);
    CHECK(count_pixel_errors(outputs, targets).saturated == 2);
}

TEST_CASE("first_epoch_within: what was before the first epoch does not count") {
    std::vector<PixelErrors> history(4);
    history[1].worst = 3;
    history[2].worst = 1;
    CHECK(first_epoch_within(history, 1) == 2);
    CHECK(first_epoch_within(history, 3) == 1);
    CHECK(first_epoch_within(history, 0) == 3);
    history.resize(2);
    CHECK_FALSE(first_epoch_within(history, 1));
}

TEST_CASE("numbers_of: a member of each, or what a function makes of it") {
    std::vector<PixelErrors> errors(2);
    errors[1].exact = 7;
    errors[1].mean = 3;
    CHECK(numbers_of(errors, &PixelErrors::exact) == std::vector<double>{0, 7});
    const auto half = [](const PixelErrors& e) { return 0.5 * e.mean; };
    CHECK(numbers_of(errors, half) == std::vector<double>{0, 1.5});
}

TEST_CASE("mean_squared_difference: over samples and pixels") {
    const Matrix A = {{1, 2, 3}, {4, 5, 6}};
    const Matrix B = {{1, 0, 3}, {4, 5, 2}};
    CHECK(mean_squared_difference(A, B) == doctest::Approx((4.0 + 16.0) / 6).epsilon(1e-12));
    CHECK(mean_squared_difference(A, A) == 0);
}

TEST_CASE("mean_image: is the mean of each pixel in every row") {
    const Matrix X = {{1, -1, 4}, {3, -1, -2}};
    CHECK(mean_image(X) == Matrix{{2, -1, 1}, {2, -1, 1}});
}

TEST_CASE("median: is the middle value and of two the lower") {
    CHECK(median({3, 1, 2}) == 2);
    CHECK(median({4, 1, 3, 2}) == 2);
    CHECK(median({7}) == 7);
    CHECK(std::isnan(median({})));
}

TEST_CASE("median: infinity sorts last") {
    CHECK(median({infinity, 5, infinity, 4, 3}) == 5);
    CHECK(median({infinity, 5, infinity, 4}) == 5);
    CHECK(median({infinity, 5, infinity}) == infinity);
    CHECK(median({-infinity, 5, infinity}) == 5);
}

TEST_CASE("quantile: is the nearest rank") {
    const std::vector<double> values = {50, 15, 40, 20,
                                        35};  // the example of Wikipedia's Percentile
    CHECK(quantile(values, 0.05) == 15);
    CHECK(quantile(values, 0.30) == 20);
    CHECK(quantile(values, 0.40) == 20);
    CHECK(quantile(values, 0.50) == 35);
    CHECK(quantile(values, 0) == 15);
    CHECK(quantile(values, 1) == 50);
    CHECK(quantile({1, 2, 3, 4}, 0.25) == 1);
    CHECK(quantile({1, 2, 3, 4}, 0.75) == 3);
    CHECK(quantile({1, infinity}, 0.75) == infinity);
    CHECK(std::isnan(quantile({}, 0.25)));
}

}  // namespace hourglass
