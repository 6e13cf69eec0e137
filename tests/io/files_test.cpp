#include "hourglass/io/files.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "temporary_folder.hpp"
#include "testing.hpp"

namespace hourglass {

using Names = std::vector<std::string>;
using testing::contains;
using testing::error_message;

namespace {

/// While it lives, no file of this program may be longer than this: a disk that is full.
class SmallFiles {
public:
    explicit SmallFiles(rlim_t longest) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{.rlim_cur = longest, .rlim_max = before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
        signal_ = std::signal(SIGXFSZ, SIG_IGN);  // so that a write fails in place of the program
    }
    ~SmallFiles() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_);
    }
    SmallFiles(const SmallFiles&) = delete;
    SmallFiles& operator=(const SmallFiles&) = delete;

private:
    rlimit before_{};
    void (*signal_)(int) = nullptr;
};

}  // namespace

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

TEST_CASE("write_file: where there is no room the old file stays and the reason is said") {
    const testing::TemporaryFolder folder;
    folder.write("a.txt", "old");
    const SmallFiles full_disk(100'000);
    const std::string text(100'001, 'x');
    const auto path = folder.path() / "a.txt";
    CHECK(error_message([&] { write_file(path, text); }) ==
          path.string() + ": cannot be written: " + std::strerror(EFBIG));
    CHECK(testing::bytes_of(path) == "old");
    CHECK(folder.names() == Names{"a.txt"});
    write_file(path, text.substr(1));
    CHECK(testing::bytes_of(path).size() == 100'000);
}

TEST_CASE("write_file: what a killed run left beside is neither used nor touched") {
    const testing::TemporaryFolder folder;
    const std::string left = "a.txt." + std::to_string(getpid()) + "-0.part";  // the next name
    folder.write(left, "left");
    std::filesystem::create_symlink("none/a", folder.path() / "a.txt.part");
    write_file(folder.path() / "a.txt", "new");
    CHECK(testing::bytes_of(folder.path() / "a.txt") == "new");
    CHECK(testing::bytes_of(folder.path() / left) == "left");
    CHECK(folder.names() == Names{"a.txt", left, "a.txt.part"});
}

TEST_CASE("write_file: two programs that write one file leave it whole and nothing beside it") {
    const testing::TemporaryFolder folder;
    const auto path = folder.path() / "a.txt";
    const auto write_many = [&](char letter) {
        for (int n = 0; n < 300; ++n) {
            make_writable_folder(folder.path());
            write_file(path, std::string(20'000, letter));
        }
    };
    const pid_t other = fork();
    if (other == 0) {  // no check in here: its result is the exit status
        _exit(error_message([&] { write_many('b'); }).empty() ? 0 : 1);
    }
    CHECK(error_message([&] { write_many('a'); }).empty());
    int status = -1;
    REQUIRE(waitpid(other, &status, 0) == other);
    CHECK(status == 0);
    const std::string bytes = testing::bytes_of(path);
    CHECK((bytes == std::string(20'000, 'a') || bytes == std::string(20'000, 'b')));
    CHECK(folder.names() == Names{"a.txt"});
}

TEST_CASE("write_file: a file may be read by others as far as the umask allows") {
    const testing::TemporaryFolder folder;
    const mode_t before = umask(027);
    write_file(folder.path() / "a.txt", "text");
    umask(before);
    CHECK(std::filesystem::status(folder.path() / "a.txt").permissions() ==
          static_cast<std::filesystem::perms>(0640));
}

TEST_CASE("read_file: what cannot be read throws and names it and the reason") {
    const testing::TemporaryFolder folder;
    const auto message = [](const std::filesystem::path& path) {
        return error_message([&] { read_file(path); });
    };
    const std::string none = (folder.path() / "none").string();
    CHECK(message(none) == none + ": cannot be opened: No such file or directory");
    CHECK(message(folder.path()) == folder.path().string() + ": cannot be opened: it is a folder");
    const std::string below = folder.write("file", "") / "below";
    CHECK(message(below) == below + ": cannot be opened: Not a directory");
    const std::string longer = (folder.path() / std::string(300, 'x')).string();
    CHECK(message(longer) == longer + ": cannot be opened: File name too long");
    CHECK(message("/proc/self/mem") == "/proc/self/mem: cannot be read: Input/output error");
}

TEST_CASE("make_writable_folder: paths that the system refuses throw an Error with the reason") {
    const testing::TemporaryFolder folder;
    std::filesystem::create_symlink("round", folder.path() / "round");  // a link to itself
    for (const auto& path : {folder.path() / std::string(300, 'x'), folder.path() / "round",
                             folder.path() / "round" / "a", std::filesystem::path()}) {
        CAPTURE(path);
        CHECK(contains(error_message([&] { make_writable_folder(path); }),
                       path.string() + ": the output folder cannot be made: "));
    }
    std::filesystem::remove(folder.path() / "round");
    CHECK(folder.names().empty());
}

TEST_CASE("FolderLock: one at a time has a folder and it leaves nothing there") {
    const testing::TemporaryFolder folder;
    {
        const FolderLock first(folder.path());
        const std::string message = error_message([&] { FolderLock second(folder.path()); });
        CHECK(contains(message, folder.path().string() + ": another run is writing there"));
    }
    CHECK_NOTHROW(FolderLock(folder.path()));
    CHECK_NOTHROW(FolderLock(folder.path() / "none"));  // whoever writes there is told
    CHECK(folder.names().empty());
}

TEST_CASE("expand_home: only a ~ that stands alone at the front is the home folder") {
    const char* before = std::getenv("HOME");
    const std::string kept = before ? before : "";
    setenv("HOME", "/home/ada", 1);
    CHECK(expand_home("~/out/letters") == "/home/ada/out/letters");
    CHECK(expand_home("~") == "/home/ada");
    CHECK(expand_home("~/") == "/home/ada/");
    for (const char* path : {"", "out", "./~/out", "out/~/a", "~ada/out", "~out", "/~", "a~"}) {
        CHECK(expand_home(path) == path);
    }
    unsetenv("HOME");
    CHECK(contains(error_message([] { expand_home("~/out"); }), "~/out: expected the home folder"));
    CHECK(expand_home("out") == "out");
    if (before) {
        setenv("HOME", kept.c_str(), 1);
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

TEST_CASE("rows_csv: a line a row has its name, the columns before and its numbers") {
    CHECK(rows_csv("letter,error", {"a", "b,c"}, {{0.5, 7}}, "code", Matrix{{1, 2}, {3, 4}}) ==
          "letter,error,code0,code1\na,0.5,1,2\n\"b,c\",7,3,4\n");
    CHECK(rows_csv("letter", {"a"}, {}, "y", Matrix{{-1}}) == "letter,y0\na,-1\n");
}

}  // namespace hourglass
