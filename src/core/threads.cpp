// A pool of threads that share the parts of one operation at a time.
//
// A part belongs to whoever takes it first, and the thread that started the operation takes parts too. So
// nobody ever waits for a thread that has not begun: on a busy machine the caller does it all by itself,
// where OpenMP's equal shares would wait for the slowest. The caller begins at the front and its helpers at
// the back, in every operation, so that most of what a thread reads is in its own cache: it wrote it.

#include "hourglass/core/threads.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstdint>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace hourglass {
namespace {

/// How often a thread looks for something to do, or for the others to be done, before it sleeps: for some
/// tens of microseconds, so that it is awake for the next operation of a training step.
constexpr int looks = 20'000;

/// This thread is at a part. An operation inside it runs in sequence: the pool is taken, perhaps by this very
/// thread, which must not try to lock it again.
thread_local bool in_a_part = false;

constexpr std::size_t most_parts = std::numeric_limits<std::uint16_t>::max();

class Pool {
public:
    Pool() = default;
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    ~Pool() {
        stop_ = true;
        open_ = {open_.load().operation + 1, 0, 0};  // a change, so that those asleep wake
        open_.notify_all();
        for (std::thread& worker : workers_) {
            worker.join();
        }
    }

    /// Runs all parts, with at most so many threads besides the caller. @returns false, having done nothing, if the
    /// pool is at work for another caller.
    bool run(std::size_t parts, void (*call)(const void*, std::size_t), const void* body,
             std::size_t helpers) {
        const std::unique_lock lock(in_use_, std::try_to_lock);
        if (!lock.owns_lock()) {
            return false;
        }
        try {
            while (workers_.size() < helpers) {
                workers_.emplace_back([this, index = workers_.size()] { work(index); });
            }
        } catch (const std::system_error&) {  // no more threads to be had: fewer will do
        }
        call_ = call;
        body_ = body;
        unfinished_ = parts;
        helpers_ = helpers;
        // From here on the parts can be taken.
        open_ = {open_.load().operation + 1, 0, static_cast<std::uint16_t>(parts)};
        open_.notify_all();
        while (take_part(caller)) {
        }
        wait_until([this] { return unfinished_.load() == 0; }, unfinished_);
        return true;
    }

private:
    /// The parts that nobody has taken yet. The number of the operation makes each value a new one, which
    /// wakes whoever sleeps on it. Who has taken a part reads call_ and body_ only then: they cannot
    /// change before it is finished. Aligned like one number of its size, or Clang calls a library for it.
    struct alignas(std::uint64_t) Open {
        std::uint32_t operation;
        std::uint16_t first;
        std::uint16_t last;  // one past the last

        bool any() const { return first != last; }
    };
    static_assert(std::atomic<Open>::is_always_lock_free);

    /// Who takes a part: the caller, or the worker with that index.
    using Who = std::size_t;
    static constexpr Who caller = std::numeric_limits<Who>::max();

    /// Takes a part and runs it. @returns false if there is none, or the operation has helpers enough: one with
    /// more threads may have left more workers
    bool take_part(Who who) {
        Open open = open_.load();
        Open rest;
        do {
            if (!open.any() || (who != caller && who >= helpers_.load())) {
                return false;
            }
            rest = open;
            who == caller ? ++rest.first : --rest.last;
        } while (!open_.compare_exchange_weak(open, rest));
        in_a_part = true;
        call_(body_, who == caller ? open.first : rest.last);
        in_a_part = false;
        if (unfinished_.fetch_sub(1) == 1) {
            unfinished_.notify_all();
        }
        return true;
    }

    /// What the worker with that index does all its life.
    void work(std::size_t index) {
        while (!stop_) {
            if (!take_part(index)) {
                wait_until([&] { return stop_ || (open_.load().any() && index < helpers_.load()); },
                           open_);
            }
        }
    }

    /// Looks for a while, then sleeps until `changing` does change.
    template <class Condition, class Number>
    void wait_until(const Condition& condition, const std::atomic<Number>& changing) {
        for (int look = 0; look < looks; ++look) {
            if (condition()) {
                return;
            }
        }
        while (true) {
            const Number seen = changing.load();
            if (condition()) {
                return;
            }
            changing.wait(seen);
        }
    }

    std::mutex in_use_;
    std::vector<std::thread> workers_;
    void (*call_)(const void*, std::size_t) = nullptr;
    const void* body_ = nullptr;
    std::atomic<Open> open_ = Open{};
    std::atomic<std::size_t> unfinished_ = 0;
    std::atomic<std::size_t> helpers_ = 0;
    std::atomic<bool> stop_ = false;
};

thread_local int threads_of_this_thread = 0;  // 0: all cores

}  // namespace

int threads() {
    static const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    return threads_of_this_thread > 0 ? threads_of_this_thread : cores;
}

void set_threads(int count) {
    assert(count >= 1);
    threads_of_this_thread = count;
}

std::size_t parts_of(std::size_t size, std::size_t least) {
    assert(least >= 1);
    constexpr std::size_t parts_a_thread = 4;
    const auto wanted = static_cast<std::size_t>(threads());
    if (wanted == 1) {
        return 1;
    }
    const std::size_t most = std::min(parts_a_thread * wanted, most_parts);
    const std::size_t parts = std::clamp<std::size_t>(size / least, 1, most);
    // A part too many would fall now to one thread, now to another, and its numbers would move from cache to
    // cache.
    return parts < wanted ? parts : parts - parts % wanted;
}

void run_parts(std::size_t parts, void (*call)(const void* body, std::size_t part),
               const void* body) {
    assert(parts >= 1 && parts <= most_parts);
    static Pool pool;
    const std::size_t helpers = std::min(parts, static_cast<std::size_t>(threads())) - 1;
    if (in_a_part || !pool.run(parts, call, body, helpers)) {
        for (std::size_t part = 0; part < parts; ++part) {
            call(body, part);
        }
    }
}

}  // namespace hourglass
