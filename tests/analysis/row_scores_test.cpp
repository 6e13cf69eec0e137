#include "hourglass/analysis/row_scores.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace hourglass {
namespace {

/// Four rows of two columns: two trained on, one held out, one of a class that was left out.
PreparedRows four_rows() {
    Table table;
    table.columns = {"a", "b"};
    table.X = {{0, 10}, {2, 30}, {1, 20}, {5, 50}};
    table.origin = {0, 0};
    table.classes = {"usual", "odd"};
    table.labels = {0, 0, 0, 1};
    return prepare_rows(table, {.train = {0, 1}, .held_out = {2}, .left_out = {3}}, Scaling::Kind::standardize, {});
}

}  // namespace

TEST_CASE("prepare_rows: columns are scaled by the rows trained on alone") {
    const PreparedRows rows = four_rows();
    CHECK(rows.X == Matrix{{-1, -1}, {1, 1}});
    CHECK(rows.H == Matrix{{0, 0}});
    CHECK(rows.table.X == Matrix{{-1, -1}, {1, 1}, {0, 0}, {4, 3}});
    CHECK(rows.sets() == std::vector<std::string>{"train", "train", "held_out", "left_out"});
    CHECK(rows.labels_of(3) == std::vector<std::string>{"4", "odd"});
    CHECK(rows.judged() == std::vector<std::size_t>{2});
}

TEST_CASE("prepare_rows: new rows are scaled as those that a model was trained on, and all count") {
    Table table;
    table.columns = {"a", "b"};
    table.X = {{0, 10}, {4, 10}};
    table.origin = {0, 0};
    const PreparedRows rows = prepare_rows(table, {}, Scaling::Kind::none, four_rows().saved);
    CHECK(rows.table.X == Matrix{{-1, -1}, {3, -1}});
    CHECK(rows.judged() == std::vector<std::size_t>{0, 1});
    CHECK(rows.judged_name() == "new rows");
    CHECK(rows.sets() == std::vector<std::string>{"new", "new"});
}

TEST_CASE("score_rows: each kind of rows by itself, and how well errors tell the class that was left out") {
    const PreparedRows rows = four_rows();
    const RowScores scores = score_rows(rows, Matrix(4, 1), Matrix{{-1, 0}, {1, 1}, {0, 1}, {0, 0}});
    CHECK(scores.rows.error == std::vector<double>{0.5, 0, 0.5, 12.5});
    CHECK(scores.train == 0.25);
    CHECK(scores.held_out == 0.5);
    CHECK(scores.error == 0.5);
    CHECK(scores.columns == std::vector<double>{0, 1});
    CHECK(scores.roc_area == 1);
}

}  // namespace hourglass
