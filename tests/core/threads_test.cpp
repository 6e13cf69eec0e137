#include "hourglass/core/threads.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "testing.hpp"

namespace hourglass {
namespace {

using Range = std::pair<std::size_t, std::size_t>;

/// The parts that in_parallel makes, in the order of their calls.
std::vector<Range> parts(std::size_t size, std::size_t least) {
    std::mutex mutex;
    std::vector<Range> result;
    in_parallel(size, least, [&](std::size_t first, std::size_t last) {
        const std::lock_guard lock(mutex);
        result.emplace_back(first, last);
    });
    return result;
}

}  // namespace

TEST_CASE("threads: set_threads says how many there are and it can be put back") {
    const int before = threads();
    CHECK(before >= 1);
    for (const int count : {1, 2, 3, 7}) {
        const testing::WithThreads with(count);
        CHECK(threads() == count);
    }
    CHECK(threads() == before);
}

TEST_CASE("parts_of: a multiple of the threads where there are enough, none below the least") {
    for (const int count : {2, 3, 7}) {
        const testing::WithThreads with(count);
        const auto all = static_cast<std::size_t>(count);
        for (const std::size_t least : {1u, 2u, 10u}) {
            for (std::size_t size = 0; size < 100 * least; ++size) {
                CAPTURE(count);
                CAPTURE(least);
                CAPTURE(size);
                const std::size_t parts = parts_of(size, least);
                REQUIRE(parts >= 1);
                REQUIRE(parts <= 4 * all);
                REQUIRE((parts == 1 || size / parts >= least));
                REQUIRE((parts < all || parts % all == 0));
                REQUIRE(parts >= std::min(size / least, all));  // nobody is idle
            }
            REQUIRE(parts_of(100 * least, least) == 4 * all);
        }
    }
}

TEST_CASE("parts_of: one for one thread, and never more than can be counted") {
    {
        const testing::WithThreads with(1);
        for (const std::size_t size : {0u, 1u, 10u, 1000u}) {
            CHECK(parts_of(size, 1) == 1);
        }
    }
    const testing::WithThreads with(20'000);
    CHECK(parts_of(1'000'000, 1) == 60'000);  // of 65535
}

TEST_CASE("in_parallel_by_lines: the parts start where a cache line does and cover everything") {
    const testing::WithThreads with(3);
    const std::size_t many = 100 * cache_line;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, cache_line - 1, cache_line,
                                   cache_line + 1, many - 3, many, many + 3}) {
        CAPTURE(size);
        std::mutex mutex;
        std::vector<Range> ranges;
        in_parallel_by_lines(size, 2 * cache_line, [&](std::size_t first, std::size_t last) {
            const std::lock_guard lock(mutex);
            ranges.emplace_back(first, last);
        });
        std::ranges::sort(ranges);
        CHECK(ranges.size() == (size < 4 * cache_line ? 1 : 12));
        std::size_t covered = 0;
        for (const auto& [first, last] : ranges) {
            CHECK(first == covered);
            CHECK(first % cache_line == 0);
            covered = last;
        }
        CHECK(covered == size);
    }
}

TEST_CASE("in_parallel: the parts cover everything once and none is empty") {
    for (const int count : {1, 2, 3, 7}) {
        const testing::WithThreads with(count);
        for (const std::size_t least : {1u, 2u, 3u, 10u}) {
            for (const std::size_t size : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 13u, 14u, 15u, 19u, 20u,
                                           21u, 69u, 70u, 71u, 100u, 1009u}) {
                CAPTURE(count);
                CAPTURE(least);
                CAPTURE(size);
                std::vector<std::atomic<int>> visits(size);
                in_parallel(size, least, [&](std::size_t first, std::size_t last) {
                    for (std::size_t i = first; i < last; ++i) {
                        ++visits[i];
                    }
                });
                bool once = true;
                for (const std::atomic<int>& visit : visits) {
                    once = once && visit == 1;
                }
                CHECK(once);

                const std::vector<Range> ranges = parts(size, least);
                CHECK(ranges.size() <= 4 * static_cast<std::size_t>(threads()));
                for (const auto& [first, last] : ranges) {
                    CHECK(first < last);
                    CHECK((ranges.size() == 1 || last - first >= least));
                }
            }
        }
    }
}

TEST_CASE("in_parallel: a small operation is one part and a large one four for each thread") {
    const testing::WithThreads with(3);
    CHECK(parts(0, 5) == std::vector<Range>{{0, 0}});
    CHECK(parts(1, 5) == std::vector<Range>{{0, 1}});
    CHECK(parts(9, 5) == std::vector<Range>{{0, 9}});
    CHECK(parts(10, 5).size() == 2);
    CHECK(parts(15, 5).size() == 3);
    CHECK(parts(1000, 5).size() == 12);
}

TEST_CASE(
    "in_parallel: a part may itself be an operation with parts, on the caller and on a helper") {
    const testing::WithThreads with(3);
    std::vector<std::atomic<int>> visits(1200);
    in_parallel(12, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            in_parallel(100, 1, [&](std::size_t from, std::size_t to) {
                for (std::size_t j = from; j < to; ++j) {
                    ++visits[i * 100 + j];
                }
            });
        }
    });
    CHECK(std::ranges::all_of(visits, [](const std::atomic<int>& count) { return count == 1; }));
}

TEST_CASE("in_parallel: many operations in a row from several threads at once are all done") {
    std::vector<std::thread> callers;
    std::atomic<int> wrong = 0;
    for (int caller = 0; caller < 3; ++caller) {
        callers.emplace_back([&wrong, caller] {
            set_threads(1 + caller);
            for (std::size_t round = 0; round < 3000; ++round) {
                std::array<int, 40> visits = {};
                in_parallel(visits.size(), 1 + round % 7, [&](std::size_t first, std::size_t last) {
                    for (std::size_t i = first; i < last; ++i) {
                        ++visits[i];
                    }
                });
                wrong += static_cast<int>(std::ranges::count(visits, 1)) != 40;
            }
        });
    }
    for (std::thread& caller : callers) {
        caller.join();
    }
    CHECK(wrong == 0);
}

}  // namespace hourglass
