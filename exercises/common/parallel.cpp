#include "common/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "common/progress.hpp"

namespace hourglass {

void run_in_parallel(std::size_t count, bool quiet, const std::function<void(std::size_t)>& job) {
    Progress progress(static_cast<int>(count), quiet);
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;  // for what follows
    int done = 0;
    std::exception_ptr failure;
    const auto work = [&] {
        for (std::size_t j = next++; j < count; j = next++) {
            std::exception_ptr thrown;
            try {
                job(j);
            } catch (...) {
                thrown = std::current_exception();
            }
            const std::lock_guard lock(mutex);
            failure = failure ? failure : thrown;
            progress.show("run", ++done, "");
        }
    };
    std::vector<std::thread> threads;
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    for (std::size_t t = 0; t < std::min(cores, count); ++t) {
        threads.emplace_back(work);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

}  // namespace hourglass
