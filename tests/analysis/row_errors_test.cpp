#include "hourglass/analysis/row_errors.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hourglass/analysis/metrics.hpp"
#include "hourglass/analysis/roc.hpp"
#include "hourglass/core/error.hpp"

namespace hourglass {
namespace {

const Matrix X = {{1, 2, 3}, {4, 5, 6}, {0, 0, 0}};
const Matrix Y = {{1, 4, 3}, {1, 5, 6}, {0, 0, 0}};

}  // namespace

TEST_CASE("compare_rows: the mean squared difference of a row, and the column that has most of it") {
    const RowErrors errors = compare_rows(Y, X);
    CHECK(errors.error == std::vector<double>{4.0 / 3, 3, 0});
    CHECK(errors.worst == std::vector<std::size_t>{1, 0, 0});
    CHECK(errors.said == std::vector<double>{4, 1, 0});
    CHECK_THROWS_AS(compare_rows(Y, Matrix(3, 2)), ShapeError);
}

TEST_CASE("column_errors: over the rows named") {
    const std::vector<std::size_t> two = {0, 1};
    CHECK(column_errors(Y, X, two) == std::vector<double>{4.5, 2, 0});
}

TEST_CASE("mean_over, largest_first: of the rows named, ties in their order") {
    const std::vector<double> values = {1, 5, 3, 5};
    const std::vector<std::size_t> rows = {0, 2};
    CHECK(mean_over(values, rows) == 2);
    CHECK(std::isnan(mean_over(values, {})));
    CHECK(largest_first(values) == std::vector<std::size_t>{1, 3, 2, 0});
}

TEST_CASE("roc_area: the share of the pairs in which the anomaly has the higher score") {
    CHECK(roc_area({1, 2, 3}, {4, 5}) == 1);
    CHECK(roc_area({4, 5}, {1, 2, 3}) == 0);
    CHECK(roc_area({1, 1}, {1}) == 0.5);
    CHECK(roc_area({1, 3, 5}, {4, 3}) == doctest::Approx((2 + 1.5) / 6));
}

}  // namespace hourglass
