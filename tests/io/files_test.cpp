#include "hourglass/io/files.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {

using Names = std::vector<std::string>;
using testing::contains;
using testing::error_message;

TEST_CASE("read_file: gives back what write_file was given and all bytes of it") {
    const testing::TemporaryFolder folder;
    std::string bytes("\0\r\n\xff\x1a", 5);
    bytes += std::string(100'000, 'x');
    write_file(folder.path() / "a", bytes);
    CHECK(testing::bytes_of(folder.path() / "a") == bytes);
    CHECK(read_file(folder.path() / "a") == bytes);
    write_file(folder.path() / "a", "");
    CHECK(read_file(folder.path() / "a").empty());
}

TEST_CASE("write_file: replaces the file and leaves nothing beside it") {
    const testing::TemporaryFolder folder;
    write_file(folder.path() / "a.txt", "a long first text");
    write_file(folder.path() / "a.txt", "second");
    CHECK(testing::bytes_of(folder.path() / "a.txt") == "second");
    CHECK(folder.names() == Names{"a.txt"});
}

TEST_CASE("write_file: what cannot be written throws and leaves everything as it was") {
    const testing::TemporaryFolder folder;
    folder.write("file", "kept");
    std::filesystem::create_directories(folder.path() / "taken" / "inside");
    const Names before = folder.names();
    for (const char* name : {"none/a.txt", "file/a.txt", "taken"}) {
        const auto path = folder.path() / name;
        CHECK(contains(error_message([&] { write_file(path, "text"); }),
                       path.string() + ": cannot be written: "));
    }
    CHECK(folder.names() == before);
    CHECK(testing::bytes_of(folder.path() / "file") == "kept");
}

TEST_CASE("write_file: where there is no room the old file stays") {
    const testing::TemporaryFolder folder;
    folder.write("a.txt", "old");
    std::filesystem::create_symlink("/dev/full", folder.path() / "a.txt.part");  // a full disk
    CHECK(contains(error_message([&] { write_file(folder.path() / "a.txt", "new"); }),
                   "a.txt: cannot be written: "));
    CHECK(testing::bytes_of(folder.path() / "a.txt") == "old");
    CHECK(folder.names() == Names{"a.txt"});
}

TEST_CASE("read_file: what cannot be read throws and names it") {
    const testing::TemporaryFolder folder;
    for (const auto& path : {folder.path() / "none", folder.path()}) {
        CHECK(error_message([&] { read_file(path); }) == path.string() + ": cannot be opened");
    }
}

TEST_CASE("make_writable_folder: makes it and its parents and leaves nothing in it") {
    const testing::TemporaryFolder folder;
    make_writable_folder(folder.path() / "a" / "b c");
    make_writable_folder(folder.path() / "a" / "b c");  // it is there: nothing to complain about
    CHECK(folder.names() == Names{"a", "a/b c"});
}

TEST_CASE("make_writable_folder: a file in the way throws and is named") {
    const testing::TemporaryFolder folder;
    folder.write("file", "kept");
    for (const char* name : {"file", "file/below", "file/below/that"}) {
        const auto path = folder.path() / name;
        CHECK(contains(error_message([&] { make_writable_folder(path); }),
                       path.string() + ": the output folder cannot be made: "));
    }
    CHECK(folder.names() == Names{"file"});
    CHECK(testing::bytes_of(folder.path() / "file") == "kept");
}

TEST_CASE("make_writable_folder: where nothing can be written it throws") {
    CHECK(!error_message([] { make_writable_folder("/proc/self/hourglass"); }).empty());
    CHECK(!error_message([] { make_writable_folder("/proc/self"); }).empty());  // also as root
}

TEST_CASE("CsvTable: has its header and a line a row") {
    CsvTable table("epoch,error");
    CHECK(table.text() == "epoch,error\n");
    table.add({1, 0.5});
    table.add({2, -1e-9});
    table.add("a", {3});
    CHECK(table.text() == "epoch,error\n1,0.5\n2,-1e-09\na,3\n");
}

TEST_CASE("CsvTable: numbers have nine significant digits") {
    CsvTable table("x");
    table.add({1.0 / 3, 123456789, 1234567890123.0, std::numeric_limits<double>::infinity()});
    CHECK(table.text() == "x\n0.333333333,123456789,1.23456789e+12,inf\n");
    CsvTable large("x");
    large.add({-1.23456789e-300});
    CHECK(large.text() == "x\n-1.23456789e-300\n");
}

TEST_CASE("CsvTable: a label is quoted where CSV asks for it") {
    const auto line = [](const char* label) {
        CsvTable table("h");
        table.add(label, {1});
        return table.text().substr(2);
    };
    CHECK(line("a b") == "a b,1\n");
    CHECK(line(",") == "\",\",1\n");
    CHECK(line("\"") == "\"\"\"\",1\n");
    CHECK(line("say \"a\"") == "\"say \"\"a\"\"\",1\n");
    CHECK(line("a\nb") == "\"a\nb\",1\n");
    CHECK(line("a\rb") == "\"a\rb\",1\n");  // RFC 4180: CR as well as LF
    CHECK(line("'") == "',1\n");
}

}  // namespace hourglass
