#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "hourglass/data/scaling.hpp"
#include "hourglass/data/split.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();

/// Columns of 1, 2, 3, 6 and of 7 each; the last is far from all.
Table small_table() {
    Table table;
    table.columns = {"a", "b"};
    table.X = {{0, 0}, {1, 0}, {2, 0}, {5, 0}, {99, 99}};
    table.origin = {1, 7};
    return table;
}

}  // namespace

TEST_CASE("fit_scaling: standardizes and stretches by the rows named alone") {
    const std::vector<std::size_t> rows = {0, 1, 2, 3};
    Table table = small_table();
    Scaling scaling = fit_scaling(Scaling::Kind::standardize, table, rows);
    CHECK(scaling.shift == std::vector<double>{3, 7});
    CHECK(scaling.scale[0] == doctest::Approx(std::sqrt(3.5)));  // (4 + 1 + 0 + 9) / 4
    CHECK(scaling.scale[1] == 1);                                // it does not vary
    scaling.apply(table);
    CHECK(table.origin == std::vector<double>{0, 0});
    CHECK(table.X(3, 0) == doctest::Approx(3 / std::sqrt(3.5)));
    CHECK(table.X(4, 1) == 99);
    CHECK(scaling.unscaled(static_cast<double>(table.X(1, 0)), 0) == doctest::Approx(2));
    scaling.undo(table.X);
    CHECK(table.X(3, 0) == doctest::Approx(6));

    table = small_table();
    scaling = fit_scaling(Scaling::Kind::range, table, rows);
    scaling.apply(table);
    CHECK(table.X(0, 0) == -1);
    CHECK(table.X(3, 0) == 1);
    CHECK(table.X(1, 0) == doctest::Approx(-0.6));

    table = small_table();
    fit_scaling(Scaling::Kind::none, table, rows).apply(table);
    CHECK(table.X(3, 0) == 6);
    CHECK(table.X(3, 1) == 7);
}

TEST_CASE("fit_scaling: a missing value is the mean of those in the rows named") {
    Table table = small_table();
    table.X(1, 0) = table.X(4, 0) = nan;
    const std::vector<std::size_t> rows = {0, 1, 2, 3};
    for (const Scaling::Kind kind : {Scaling::Kind::standardize, Scaling::Kind::range, Scaling::Kind::none}) {
        Table scaled = table;
        const Scaling scaling = fit_scaling(kind, table, rows);
        CHECK(scaling.mean[0] == doctest::Approx(10.0 / 3));
        scaling.apply(scaled);
        CHECK(scaling.unscaled(static_cast<double>(scaled.X(4, 0)), 0) == doctest::Approx(10.0 / 3));
    }
    for (Scalar& value : table.X.flat()) {
        value = nan;
    }
    CHECK(testing::error_message([&] { fit_scaling(Scaling::Kind::range, table, rows); }) ==
          "column 'a': all its values in the training rows are missing");
}

TEST_CASE("fit_scaling: the variance of values far from zero is that of what differs") {
    Table table;
    table.columns = {"year"};
    table.X = {{0}, {1}, {2}};
    table.origin = {1.7e9};
    const std::vector<std::size_t> rows = {0, 1, 2};
    const Scaling scaling = fit_scaling(Scaling::Kind::standardize, table, rows);
    CHECK(scaling.scale[0] == doctest::Approx(std::sqrt(2.0 / 3)).epsilon(1e-12));
    scaling.apply(table);
    CHECK(table.X(2, 0) == doctest::Approx(std::sqrt(1.5)).epsilon(1e-6));
}

TEST_CASE("Scaling: a value is shown without the digits of rounding") {
    const Scaling scaling{Scaling::Kind::standardize, {2, 0}, {1.5, 3000}, {2, 0}};
    CHECK(scaling.shown(static_cast<double>(1.9f / 1.5f), 0) == doctest::Approx(3.9).epsilon(1e-12));
    CHECK(scaling.shown(-2 / 1.5 + 1e-9, 0) == 0);
    CHECK_FALSE(std::signbit(scaling.shown(-2 / 1.5 - 1e-9, 0)));
    CHECK(scaling.shown(0.123456789, 1) == doctest::Approx(370.37).epsilon(1e-12));
}

TEST_CASE("split_rows: each row is in one part, drawn by the seed, and a class is left out whole") {
    Table table;
    table.X.resize(50, 1);
    table.classes = {"x", "y"};
    for (std::size_t i = 0; i < 50; ++i) {
        table.labels.push_back(i % 5 == 0);
    }
    const Split split = split_rows(table, 0.25, "y", 3);
    CHECK(split.left_out.size() == 10);
    CHECK(split.held_out.size() == 10);
    CHECK(split.train.size() == 30);
    std::vector<int> met(50);
    for (const auto* part : {&split.train, &split.held_out, &split.left_out}) {
        CHECK(std::ranges::is_sorted(*part));
        for (const std::size_t i : *part) {
            ++met[i];
            CHECK((table.labels[i] == 1) == (part == &split.left_out));
        }
    }
    CHECK(met == std::vector<int>(50, 1));
    CHECK(split_rows(table, 0.25, "y", 3).held_out == split.held_out);
    CHECK(split_rows(table, 0.25, "y", 4).held_out != split.held_out);
    CHECK(split_rows(table, 0, "", 1).train.size() == 50);
    CHECK(testing::error_message([&] { split_rows(table, 0, "z", 1); }) ==
          "there is no class 'z' to leave out among the 2 that the rows have");
    CHECK(testing::error_message([&] { split_rows(table, 0.99, "", 1); }) == "expected at least 2 rows to train on, found 0");
}

}  // namespace hourglass
