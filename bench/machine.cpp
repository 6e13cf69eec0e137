// bench_machine: what this machine can do at best, for a training step to be held against.

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <iostream>
#include <string_view>
#include <vector>

#include "caches.hpp"
#include "common/report.hpp"
#include "hourglass/io/program.hpp"
#include "participant.hpp"

namespace hourglass::bench {
namespace {

constexpr const char* usage =
    "What one core of this machine can do at best. For each line 'run SECONDS' on standard input "
    "it "
    "prints\n"
    "\n"
    "  machine fma_gflops F l2_gbs A l3_gbs B dram_gbs C\n"
    "\n"
    "F: multiply-adds of floats in registers, each counted as two operations, in 10^9 a second.\n"
    "A, B, C: bytes read and written by a loop that moves what Adam moves, in 10^9 a second, with "
    "as\n"
    "much data as fits into the L2 cache, only into the L3 cache, and into neither.\n"
    "Arguments are ignored, so that it can be started as the programs are that train.\n";

using Clock = std::chrono::steady_clock;

// The widest vector of floats that the compiler was told to use.
#if defined(__AVX512F__)
constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX__)
constexpr std::size_t vector_bytes = 32;
#else
constexpr std::size_t vector_bytes = 16;
#endif
typedef float Floats __attribute__((vector_size(vector_bytes)));
constexpr std::size_t lanes = vector_bytes / sizeof(float);

Floats all(float value) {
    return value - Floats{};
}

/// Forces `value` to be computed, which the compiler would else leave out.
void keep(Floats value) {
    [[maybe_unused]] volatile float sink = value[0];
}

/// The highest rate of a `slice` of work that comes back as an amount, within so many seconds. The
/// highest and not the mean: what disturbs a machine only ever slows it down.
double best_rate(double seconds, const std::function<double()>& slice) {
    const Clock::time_point start = Clock::now();
    double best = 0;
    double elapsed = 0;
    while (elapsed < seconds || best == 0) {
        const Clock::time_point before = Clock::now();
        const double amount = slice();
        const Clock::time_point after = Clock::now();
        best = std::max(best, amount / std::chrono::duration<double>(after - before).count());
        elapsed = std::chrono::duration<double>(after - start).count();
    }
    return best;
}

/// Multiply-adds on numbers that stay in registers. Each sum waits for its last result for some four
/// cycles; twelve of them keep every unit busy, and with the two factors fit into sixteen registers.
double fma_flops() {
    constexpr std::size_t sums = 12;
    constexpr std::size_t rounds = 100'000;  // about a millisecond
    const Floats half = all(0.5f);
    const Floats one = all(1);
    volatile float start = 3;  // twelve starts that a compiler cannot know to be alike, or to stay
    std::array<Floats, sums> sum;
    for (Floats& one_sum : sum) {
        one_sum = all(start);
    }
    for (std::size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
        for (std::size_t s = 0; s < sums; ++s) {
            sum[s] = sum[s] * half + one;
        }
    }
    Floats total = {};
    for (const Floats& one_sum : sum) {
        total += one_sum;
    }
    keep(total);
    return 2.0 * rounds * sums * lanes;
}

/// What Adam moves, without its roots and quotients: w, g, m and v are read, w, m and v written back.
class Arrays {
public:
    /// @param bytes  of all four together
    explicit Arrays(std::size_t bytes) : size_(bytes / 4 / vector_bytes) {
        // Each array begins 512 bytes further into its memory page than the last. Where they begin alike,
        // the processor takes the loads of one to depend on the stores of another, and waits.
        const std::size_t page = 4096 / vector_bytes;
        distance_ = (size_ + page - 1) / page * page + 512 / vector_bytes;
        block_.assign(4 * distance_, all(1));
    }

    /// Passes over them for about as long as a clock can measure well. @returns the bytes moved
    double move() {
        const std::size_t bytes = 7 * vector_bytes * size_;  // in a pass
        const std::size_t passes = std::max<std::size_t>(1, 20'000'000 / bytes);
        Floats* const w = block_.data();
        const Floats* const g = w + distance_;
        Floats* const m = w + 2 * distance_;
        Floats* const v = w + 3 * distance_;
        for (std::size_t pass = 0; pass < passes; ++pass) {
            for (std::size_t i = 0; i < size_; ++i) {
                const Floats new_m = 0.5f * m[i] + g[i];
                const Floats new_v = 0.5f * v[i] + g[i];
                m[i] = new_m;
                v[i] = new_v;
                w[i] = w[i] - new_m - new_v;
            }
        }
        return static_cast<double>(bytes * passes);
    }

private:
    std::size_t size_;  // of each, in vectors
    std::size_t distance_ = 0;
    std::vector<Floats> block_;
};

double bytes_a_second(double seconds, std::size_t bytes) {
    Arrays arrays(bytes);
    arrays.move();  // brings them into the cache
    return best_rate(seconds, [&] { return arrays.move(); });
}

Outcome measure_machine() {
    const Caches caches = find_caches();
    answer_runs(std::cin, [&](double seconds) {
        const double each = seconds / 4;
        const double flops = best_rate(each, fma_flops);
        const double l2 = bytes_a_second(each, caches.l2 / 2);
        const double l3 = bytes_a_second(each, std::max(caches.l3 / 3, 4 * caches.l2));
        const double dram = bytes_a_second(each, 4 * caches.l3);
        std::cout << text("machine fma_gflops %.9g l2_gbs %.9g l3_gbs %.9g dram_gbs %.9g",
                          1e-9 * flops, 1e-9 * l2, 1e-9 * l3, 1e-9 * dram)
                  << std::endl;
    });
    return Outcome::criterion_held;
}

}  // namespace
}  // namespace hourglass::bench

int main(int argc, char** argv) {
    using namespace hourglass;
    if (argc > 1 && (std::string_view(argv[1]) == "--help" || std::string_view(argv[1]) == "-h")) {
        std::cout << bench::usage;
        return 0;
    }
    return run_program("bench_machine", bench::measure_machine);
}
