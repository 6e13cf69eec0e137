// ./lab doctor: the examination of an exercise, as its program runs it.

#include <doctest/doctest.h>

#include <algorithm>

#include "exercises/running.hpp"

namespace hourglass {

using testing::bytes_of;
using testing::contains;
using testing::run_program;
using testing::TemporaryFolder;

namespace {

// Thousands of steps of plain loops that are not optimized take a minute.
const auto too_slow = doctest::skip(testing::scalar_is_double);

std::string verdict_of(const testing::Json& doctor, const std::string& topic) {
    for (const testing::Json& finding : doctor.at("findings")) {
        if (finding.at("topic") == topic) {
            return finding.at("verdict");
        }
    }
    return "none";
}

}  // namespace

TEST_CASE("doctor: letters are healthy, and text, doctor.json and a page say so" * too_slow) {
    const TemporaryFolder folder;
    const testing::Ended ended = run_program(HOURGLASS_LETTERS, folder, "--doctor --out d");
    CAPTURE(ended.out);
    CHECK(ended.status == 0);
    CHECK(ended.out.starts_with("The doctor looks at letters: 35-25-15-2-15-25-35, seed 1\n\n  well    gradients: "));
    CHECK(contains(ended.out, "\nNothing is wrong among 17 findings.\n"));
    const auto doctor = testing::Json::parse(bytes_of(folder.path() / "d" / "doctor.json"));
    CHECK(doctor.at("findings").size() == 17);
    CHECK(verdict_of(doctor, "gradients") == "well");
    CHECK(doctor.at("signal").at("at_initialization").size() == 6);
    CHECK(doctor.at("range_test").at("suggestion") > 1e-4);
    CHECK(std::ranges::count(folder.names(), "d/doctor.gp") == 1);
}

TEST_CASE("doctor: a learning rate of 3 is wrong, and the exit status says so" * too_slow) {
    const TemporaryFolder folder;
    const testing::Ended ended = run_program(HOURGLASS_LETTERS, folder, "--doctor --learning-rate 3 --out d");
    CAPTURE(ended.out);
    CHECK(ended.status == 1);
    CHECK(contains(ended.out, "  WRONG   learning rate: 3; the range test suggests about 0.00"));
    const auto doctor = testing::Json::parse(bytes_of(folder.path() / "d" / "doctor.json"));
    CHECK(verdict_of(doctor, "learning rate") == "wrong");
    CHECK(verdict_of(doctor, "gradients") == "well");
}

TEST_CASE("doctor: looks at a table of one's own" * too_slow) {
    const TemporaryFolder folder;
    folder.write("t.csv", "a,b\n1,2.5\n2,3.5\n3,8\n4,7\n5,11.5\n6,12.5\n7,14\n8,15\n");
    const testing::Ended ended = run_program(HOURGLASS_DATA, folder, "t.csv --doctor --out d");
    CAPTURE(ended.out);
    CHECK(ended.status < 2);
    CHECK(contains(ended.out, "data: duplicates: 0 of 8 samples are there before"));
}

TEST_CASE("doctor: is no study and starts from no model") {
    const TemporaryFolder folder;
    testing::check_refused(HOURGLASS_LETTERS, folder, "--doctor --study losses", {"--study is of no use to --doctor"});
    testing::check_refused(HOURGLASS_LETTERS, folder, "--doctor --seeds 3", {"--seeds is of no use to --doctor"});
}

}  // namespace hourglass
