#include "hourglass/data/csv.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {
namespace {

using Strings = std::vector<std::string>;

Table read(const std::string& text, const TableOptions& options = {}) {
    const testing::TemporaryFolder folder;
    return read_csv(folder.write("t.csv", text), options);
}

/// What is said of such a file, without the path of its folder.
std::string complaint(const std::string& text, const TableOptions& options = {}) {
    const testing::TemporaryFolder folder;
    const auto path = folder.write("t.csv", text);
    const std::string message = testing::error_message([&] { read_csv(path, options); });
    CAPTURE(text);
    CHECK(message.starts_with(path.string()));
    CHECK(std::ranges::count(message, '\n') == 0);
    return message.substr(std::min(folder.path().string().size() + 1, message.size()));
}

/// X in its own unit.
double value(const Table& table, std::size_t i, std::size_t j) {
    return static_cast<double>(table.X(i, j)) + table.origin[j];
}

}  // namespace

TEST_CASE("read_csv: columns by name or number, in the order asked for, and labels") {
    const std::string text = "a,b,kind,c\n1,2,x,3\n4,5,y,6\n7,8,x,9\n";
    Table table = read(text, {.label = "kind"});
    CHECK(table.columns == Strings{"a", "b", "c"});
    CHECK(table.classes == Strings{"x", "y"});
    CHECK(table.labels == std::vector<std::size_t>{0, 1, 0});
    CHECK(value(table, 1, 2) == 6);
    CHECK(table.row_name(2) == "3");
    table = read(text, {.columns = {"c", "1"}});
    CHECK(table.columns == Strings{"c", "a"});
    CHECK(value(table, 2, 0) == 9);
    CHECK(table.labels.empty());
    table = read(text, {.ignored = {"kind", "2"}});
    CHECK(table.columns == Strings{"a", "c"});
    CHECK(complaint(text, {.columns = {"d"}}) ==
          "t.csv: --columns: there is no column 'd'; expected one of 'a', 'b', 'kind', 'c', or a number from 1 to 4");
    CHECK(complaint(text, {.label = "5"}).starts_with("t.csv: --label: there is no column '5'"));
    CHECK(complaint(text, {.ignored = {"a", "b", "c", "kind"}}) ==
          "t.csv: expected at least 1 column of numbers, all are left out");
}

TEST_CASE("read_csv: a header is found out, and can be told") {
    CHECK(read("1,2\n3,4\n").columns == Strings{"1", "2"});
    CHECK(read("1,2\n3,4\n").rows() == 2);
    CHECK(read("x,\n3,4\n5,6").columns == Strings{"x", "2"});
    CHECK(read("1,2\n3,4\n5,6", {.header = true}).rows() == 2);
    CHECK(read("5.1,setosa\n4.9,setosa\n", {.label = "2"}).rows() == 2);  // text alone is not yet a header
    CHECK(complaint("a,b\n1,2\n", {.header = false}).starts_with("t.csv:1: column '1': expected a number, got 'a'"));
    CHECK(read("a,a,a\n1,2,3\n4,5,6\n").columns == Strings{"a", "a'", "a''"});
}

TEST_CASE("read_csv: the delimiter is found out outside of quotes, and can be told") {
    for (const std::string delimiter : {",", ";", "\t", "|"}) {
        CAPTURE(delimiter);
        CHECK(read("\"x;|\t,y\"" + delimiter + "b\n1" + delimiter + "2\n3" + delimiter + "4\n").columns ==
              Strings{"x;|\t,y", "b"});
    }
    CHECK(read("a:b\n1:2\n3:4\n", {.delimiter = ":"}).columns == Strings{"a", "b"});
}

TEST_CASE("read_csv: numbers as programs write them") {
    const Table table = read("x\n+1.5\n-2e-3\n .5 \n7.\n1e-400\n1E3\n\"8\"\n");
    const std::vector<double> expected = {1.5, -0.002, 0.5, 7, 0, 1000, 8};
    REQUIRE(table.rows() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(value(table, i, 0) == doctest::Approx(expected[i]).epsilon(1e-6));
    }
    for (const std::string bad : {"1,5", "0x10", "1e", "--1", "+-1", "1 2", "1_000", "abc", "-nan"}) {
        CAPTURE(bad);
        CHECK(testing::contains(complaint("x\n1\n2\n\"" + bad + "\"\n"), "t.csv:4: column 'x': expected a number, got '" + bad));
    }
    for (const std::string bad : {"inf", "-inf", "1e400", "Infinity"}) {
        CHECK(complaint("x\n1\n" + bad + "\n") == "t.csv:3: column 'x': expected a finite number, got '" + bad + "'");
    }
}

TEST_CASE("read_csv: what differs from row to row keeps its digits") {
    const Table table = read("seconds\n1700000000.25\n1700000001.5\n1700000002.75\n");
    CHECK(table.origin[0] == 1700000000.25);
    CHECK(table.X(1, 0) == Scalar(1.25));
    CHECK(table.X(2, 0) == Scalar(2.5));
    if (!testing::scalar_is_double) {
        CHECK(complaint("x\n1e39\n-1e39\n") ==
              "t.csv:3: column 'x': a number too large for this build's precision");
    }
}

TEST_CASE("read_csv: missing values are refused, kept or dropped with their rows") {
    const std::string text = "a,b\n1,2\n3,?\n,6\n7,8\n";
    CHECK(complaint(text).starts_with("t.csv:3: column 'b': the value is missing; --missing mean"));
    const Table kept = read(text, {.missing = Missing::mean});
    CHECK(kept.rows() == 4);
    CHECK(std::isnan(kept.X(1, 1)));
    CHECK(std::isnan(kept.X(2, 0)));
    CHECK(value(kept, 1, 0) == 3);
    const Table dropped = read(text, {.missing = Missing::drop});
    CHECK(dropped.rows() == 2);
    CHECK(dropped.row_name(1) == "4");
    CHECK(dropped.notes == Strings{"2 of 4 rows are dropped, in which a value is missing"});
    const Table first = read("a,b\n,2\n3,4\n5,6\n", {.missing = Missing::mean});
    CHECK(std::isnan(first.X(0, 0)));
    CHECK(value(first, 2, 0) == 5);
    CHECK(complaint("a\n?\n1\n?\n", {.missing = Missing::drop}) ==
          "t.csv: expected at least 2 rows, found 1 without missing values among 3");
}

TEST_CASE("read_csv: a row of another length is named by its line, also behind line breaks in quotes") {
    CHECK(complaint("a,b\n1,2\n3\n") == "t.csv:3: expected 2 values, as in the first line, got 1");
    CHECK(complaint("a,b\r\n1,2\r\n\r\n3,4,5\r\n") == "t.csv:4: expected 2 values, as in the first line, got 3");
    CHECK(complaint("\"a\n\n\",k\n1,\"x\ny\"\n2\n", {.label = "k"}) ==
          "t.csv:6: expected 2 values, as in the first line, got 1");
    CHECK(complaint("a,b\n1,2\n3,4,") == "t.csv:3: expected 2 values, as in the first line, got 3");
}

TEST_CASE("read_csv: quotes that are wrong or never closed are named by the line they are in") {
    CHECK(complaint("a,b\n1,2\n3,\"4\n5,6\n7,8\n") == "t.csv:3: a quote is opened and never closed");
    CHECK(complaint("a,b\n1,2\n3,4\n\"5,6\n") == "t.csv:4: a quote is opened and never closed");
    const std::string within = ": a quote within a value: expected quotes around the whole of it, and those within doubled";
    CHECK(complaint("a,b\n1,2\n3,4\"5\n") == "t.csv:3" + within);
    CHECK(complaint("a,b\n1,2\n3,\"4\"5\n") == "t.csv:3" + within);
    CHECK(read("\"a\"\"b\",\" c\"\n1,2\n3,4\n").columns == Strings{"a\"b", " c"});
    CHECK(complaint("a,b\n1,2\n3,\"" + std::string(3'000'000, '4')) ==
          "t.csv:3: a value of more than 1000000 bytes; is a quote never closed?");
}

TEST_CASE("read_csv: byte order marks, other line ends and empty lines") {
    const Strings columns = {"a", "b"};
    for (const std::string text : {"\xef\xbb\xbf" "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "\n\na , b\n\n 1,2\n3,\t4\n\n",
                                   "a,b\r1,2\r3,4\r"}) {
        CAPTURE(text);
        const Table table = read(text);
        CHECK(table.columns == columns);
        CHECK(table.rows() == 2);
        CHECK(value(table, 1, 1) == 4);
    }
    CHECK(complaint("\xff\xfe" "a\n") == "t.csv: expected a csv file in UTF-8, found UTF-16; save it as UTF-8");
}

TEST_CASE("read_csv: files without rows, of zeros and of one endless line are refused") {
    CHECK(complaint("") == "t.csv: expected at least 2 rows, found 0");
    CHECK(complaint("a,b\n") == "t.csv: expected at least 2 rows, found 0");
    CHECK(complaint("a,b\n1,2\n") == "t.csv: expected at least 2 rows, found 1");
    CHECK(complaint(std::string(2'000'000, '\0')) == "t.csv:1: a value of more than 1000000 bytes; is a quote never closed?");
    CHECK(complaint("a\n1\n" + std::string("2\0", 2) + "\n").starts_with("t.csv:3: column 'a': expected a number, got '2?'"));
    std::string classes = "k,x\n";
    for (int i = 0; i < 1001; ++i) {
        classes += "c" + std::to_string(i) + ",1\n";
    }
    CHECK(complaint(classes, {.label = "k"}) == "t.csv:1002: column 'k': expected at most 1000 classes, found more");
}

}  // namespace hourglass
