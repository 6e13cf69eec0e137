#include "hourglass/io/jobs.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "hourglass/core/threads.hpp"
#include "hourglass/io/progress.hpp"

namespace hourglass {

void run_jobs(std::size_t count, int threads, bool quiet, const std::function<void(std::size_t)>& job) {
    if (count == 1) {
        return job(0);  // with all threads, and itself on the terminal
    }
    const int most = static_cast<int>(std::max<std::size_t>(count, 1));
    const int worker_count = std::min(threads, most);
    Progress progress(static_cast<int>(count), quiet);
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;  // for what follows
    int done = 0;
    std::exception_ptr failure;
    const auto work = [&] {
        set_threads(threads / worker_count);  // one, once there are seeds for all cores
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
    {
        std::vector<std::jthread> workers;
        try {
            while (workers.size() < static_cast<std::size_t>(worker_count)) {
                workers.emplace_back(work);
            }
        } catch (const std::system_error&) {  // no more threads to be had
            if (workers.empty()) {
                throw;
            }
        }
    }  // all have joined
    if (failure) {
        std::rethrow_exception(failure);
    }
}

}  // namespace hourglass
