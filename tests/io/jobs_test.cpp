#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "hourglass/core/threads.hpp"
#include "hourglass/io/jobs.hpp"

namespace hourglass {
namespace {

TEST_CASE("run_jobs: each job is done once, whatever the number of threads") {
    for (const int threads : {1, 2, 3, 8}) {
        std::vector<std::atomic<int>> done(5);
        run_jobs(done.size(), threads, true, [&](std::size_t j) { ++done[j]; });
        for (const std::atomic<int>& count : done) {
            CHECK(count == 1);
        }
    }
    run_jobs(0, 4, true, [](std::size_t) { FAIL("there is none"); });
}

TEST_CASE("run_jobs: fewer jobs than threads share them") {
    std::vector<std::atomic<int>> used(2);
    run_jobs(used.size(), 6, true, [&](std::size_t j) { used[j] = threads(); });
    CHECK(used[0] == 3);
    CHECK(used[1] == 3);
}

TEST_CASE("run_jobs: one that throws does not keep the others from their end") {
    std::atomic<int> done = 0;
    const auto job = [&](std::size_t j) {
        if (j == 1) {
            throw std::runtime_error("job 1");
        }
        ++done;
    };
    CHECK_THROWS_WITH(run_jobs(6, 2, true, job), "job 1");
    CHECK(done == 5);
}

}  // namespace
}  // namespace hourglass
