#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "exercises/running.hpp"
#include "temporary_folder.hpp"
#include "testing.hpp"

// What the programs make of the machine around them: other runs, disks, terminals, the home folder.

namespace hourglass {
namespace {

namespace fs = std::filesystem;

using testing::contains;
using testing::Ended;
using testing::Names;
using testing::TemporaryFolder;

/// The least that each exercise can do: no claim here is about what it learns.
const std::string letters = "$L --epochs 2 --layers 35,4,1", denoising = "$D --epochs 1 --sets 1 --draws 2 --layers 35,4",
                  flowers = "$F --epochs 1 --layers 1024,2 --list two --batch-size 2";

/// Runs a line of shell in `folder` that calls the letters $L, the denoising $D and the flowers $F.
Ended shell(const TemporaryFolder& folder, const std::string& line,
            const std::string& gnuplot = testing::without_gnuplot) {
    const auto link = [&](const char* name, const char* program) {  // for a path may hold spaces and quotes
        if (!fs::exists(folder.path() / name)) {
            fs::create_symlink(program, folder.path() / name);
        }
    };
    link(".letters", HOURGLASS_LETTERS);
    link(".denoising", HOURGLASS_DENOISING);
    link(".flowers", HOURGLASS_FLOWERS);
    folder.write("two", "rose.png\niris.png\n");
    folder.write("line.sh", "export L=./.letters; D=./.denoising; F=./.flowers\n" + line + "\n");
    return testing::run_program("/bin/sh", folder, "line.sh", gnuplot);
}

/// A stand-in for gnuplot that sends Ctrl-C to the program that started it.
void write_interrupting_gnuplot(const TemporaryFolder& folder) {
    // Once: a second Ctrl-C would end the program at once.
    folder.write("gnuplot", "#!/bin/sh\n[ -e sent ] || kill -INT $PPID\n>sent\nexit 1\n");
    fs::permissions(folder.path() / "gnuplot", fs::perms::owner_all);
}

/// The longest line that a terminal would have to show, of what was written to it.
std::size_t longest_line(const std::string& written) {
    std::size_t longest = 0, length = 0;
    for (const char c : written) {
        length = c == '\r' || c == '\n' ? 0 : length + 1;
        longest = std::max(longest, length);
    }
    return longest;
}

}  // namespace

TEST_CASE("programs: the second run into one folder is told that another is writing there") {
    const TemporaryFolder folder;
    // The lock is one that any program may take, so that the first run need not be caught at work.
    const Ended ended = shell(folder,
                              "mkdir -p o\n"
                              "flock o sh -c '" + letters + " --out o --quiet'; echo $?\n" +
                                  letters + " --out o --quiet; echo $?");
    CHECK(ended.out == "2\n1\n");
    CHECK(ended.err == "letters: o: another run is writing there; expected a folder of its own\n");
}

TEST_CASE("programs: ~ is the home folder in every option that names a file or folder") {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "home");
    fs::copy(HOURGLASS_SOURCE_DIR "/data/fonts/font3.txt", folder.path() / "home/font.txt");
    folder.write("home/my.cfg", "out = ~/a\nepochs = 2\nlayers = 35,4,1\nfont = ~/font.txt\nquiet = true\n");
    const Ended ended = shell(folder,
                              "export HOME=$PWD/home\n"
                              "$L --config='~/my.cfg'\n"
                              "$L --load '~/a/model.safetensors' --epochs 0 --out=home/b --quiet\n"
                              "$F --images '~/none'; $F --list '~/none.lst'");
    CHECK(contains(ended.err, (folder.path() / "home/none:").string()));
    CHECK(contains(ended.err, (folder.path() / "home/none.lst:").string()));
    CHECK(std::ranges::count(ended.err, '\n') == 2);
    CHECK(fs::exists(folder.path() / "home/a/model.safetensors"));
    CHECK(fs::exists(folder.path() / "home/b/results.json"));
    CHECK_FALSE(fs::exists(folder.path() / "~"));
}

TEST_CASE("programs: a standard output that cannot be written is said and ends in status 2") {
    const TemporaryFolder folder;
    for (const std::string program : {"$L", "$D", "$F"}) {
        CAPTURE(program);
        const Ended ended = shell(folder, program +
                                              " --help >/dev/full; echo $?\n" + program +
                                              " --help >&-; echo $?");
        CHECK(ended.out == "2\n2\n");
        CHECK(std::ranges::count(ended.err, '\n') == 2);
        CHECK(contains(ended.err, ": standard output cannot be written: No space left on device\n"));
    }
    const Ended report = shell(folder, letters + " --out o >/dev/full; echo $?");
    CHECK(report.out == "2\n");
    CHECK(std::ranges::count(report.err, '\n') == 1);
    CHECK(fs::exists(folder.path() / "o/error.gp"));  // what can be done is done
}

TEST_CASE("programs: too little memory is said in these words") {
#ifndef __SANITIZE_ADDRESS__  // which wants terabytes for itself
    const TemporaryFolder folder;
    const Ended ended = shell(folder, "ulimit -v 2000000; $L --layers 35,100000,100000,2; echo $?");
    CHECK(ended.out == "2\n");
    CHECK(ended.err == "letters: not enough memory\n");
#endif
}

TEST_CASE("programs: a file that cannot be written costs this file alone") {
    const TemporaryFolder folder;
    for (const std::string& program : {letters, denoising, flowers}) {
        CAPTURE(program);
        fs::remove_all(folder.path() / "o");
        fs::create_directories(folder.path() / "o/error.csv");  // in the way
        fs::create_directories(folder.path() / "o/results.json");
        const Ended ended = shell(folder, program + " --out o; echo status $?");
        CHECK(ended.out.ends_with("status 1\n"));
        CHECK(contains(ended.out, "Criterion"));
        CHECK(std::ranges::count(ended.err, '\n') == 2);
        CHECK(contains(ended.err, "o/error.csv: cannot be written: "));
        CHECK(contains(ended.err, "o/results.json: cannot be written: "));
        CHECK(contains(ended.out, "Files in o: model.safetensors"));
        CHECK(fs::exists(folder.path() / "o/error.gp"));
    }
}

TEST_CASE("programs: Ctrl-C while the pictures are drawn is status 130 in every exercise") {
    const TemporaryFolder folder;
    write_interrupting_gnuplot(folder);
    for (const std::string& program : {letters, denoising, flowers, letters + " --seeds 1 --study losses"}) {
        CAPTURE(program);
        const Ended ended = shell(folder, "rm -rf out; " + program + " >/dev/null; echo $?",
                                  "HOURGLASS_GNUPLOT=" + testing::shell_word((folder.path() / "gnuplot").string()) + " ");
        CHECK(ended.out == "130\n");
        CHECK(ended.err.empty());
    }
}

TEST_CASE("programs: the progress line fits the terminal and a pipe has none") {
    const TemporaryFolder folder;
    for (const std::size_t columns : {40u, 80u}) {
        CAPTURE(columns);
        shell(folder, "script -qec \"stty cols " + std::to_string(columns) +
                          "; TERM=dumb '$L' --epochs 30 --layers 35,4,1 --out o\" written >/dev/null");
        const std::string written = testing::bytes_of(folder.path() / "written");
        const std::string progress = written.substr(0, written.find("Exercise"));
        CHECK(contains(progress, "s left"));
        CHECK_FALSE(contains(progress, "\033"));
        CHECK(longest_line(progress.substr(progress.find('\n') + 1)) < columns);
    }
}

TEST_CASE("programs: a number that is no whole one is told what a whole one is") {
    const TemporaryFolder folder;
    for (const std::string bad : {"--epochs 1e3", "--seed 1.5", "--threads=99999999999999999999"}) {
        CAPTURE(bad);
        const Ended ended = shell(folder, "$L " + bad);
        CHECK(contains(ended.err, "expected a whole number, in digits, of at most 9223372036854775807"));
    }
    folder.write("my.cfg", "epochs = 1e3\n");
    CHECK(contains(shell(folder, "$L --config my.cfg").err, "expected a whole number, in digits"));
    CHECK(contains(shell(folder, "$L --momentum much").err, "expected a number;"));
}

TEST_CASE("letters: what was not learned stands beside the letter of the nearest code, in columns") {
    const TemporaryFolder folder;
    const std::string font = testing::bytes_of(HOURGLASS_SOURCE_DIR "/data/fonts/font3.txt");
    const std::size_t name = font.find('\n', 49);
    std::string renamed = font.substr(0, 98);
    renamed.replace(49, name - 49, "0x61 \xc3\xa4\xc3\xb6");  // two characters of two bytes each
    folder.write("two.txt", renamed);
    const std::string out = shell(folder, "$L --font two.txt --layers 35,4,1 --epochs 1 --batch-size 2").out;
    CAPTURE(out);
    const std::size_t begin = out.find("Letters with wrong pixels, and the letter of the nearest code\n");
    REQUIRE(begin != std::string::npos);
    const auto column = [&](const std::string& letter) {  // of the number, in characters
        const std::size_t line = out.find("\n  " + letter + " ", begin) + 3;
        const std::size_t number = out.find_first_of("0123456789", line);
        return std::ranges::count_if(out.substr(line, number - line),
                                     [](char byte) { return (byte & 0xc0) != 0x80; });
    };
    CHECK(column("`") == column("\xc3\xa4\xc3\xb6"));
    CHECK(contains(out, " away"));
}

TEST_CASE("flowers: the name of an image is never cut within a character") {
    const TemporaryFolder folder;
    std::string name = "x";
    for (int i = 0; i < 20; ++i) {
        name += "\xc3\xa4";
    }
    fs::create_directory(folder.path() / "images");
    for (const std::string& image : {name + ".png", std::string("y.png")}) {
        folder.write("images/" + image, testing::bytes_of(HOURGLASS_SOURCE_DIR
                                                          "/tests/reference/images/one_gray.png"));
    }
    const std::string out =
        shell(folder, "$F --images images --batch-size 2 --layers 1024,2 --epochs 1").out;
    CHECK(contains(out, ": x" + name.substr(1, 28)));
    CHECK_FALSE(contains(out, ": x" + name.substr(1, 29)));
}

}  // namespace hourglass
