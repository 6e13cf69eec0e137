#include "common/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace hourglass {

Progress::Progress(int total, bool quiet)
    : total_(total), enabled_(!quiet && isatty(STDERR_FILENO)) {}

bool Progress::due() const {
    return enabled_ && Clock::now() - last_ >= std::chrono::milliseconds(100);
}

void Progress::show(const char* unit, int done, const std::string& details) {
    if (!due()) {
        return;
    }
    last_ = Clock::now();
    const double seconds = std::max(std::chrono::duration<double>(last_ - start_).count(), 1e-6);
    const double speed = done / seconds;
    char line[160];
    std::snprintf(line, sizeof line, "%s %d/%d  %s  %.3g %ss/s  %.1f s left", unit, done, total_,
                  details.c_str(), speed, unit, speed > 0 ? (total_ - done) / speed : 0.0);
    std::cerr << '\r' << line << "\033[K" << std::flush;  // and clear what stood to its right
    shown_ = true;
}

void Progress::clear() {
    if (shown_) {
        std::cerr << "\r\033[K" << std::flush;
        shown_ = false;
    }
}

}  // namespace hourglass
