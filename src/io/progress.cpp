#include "hourglass/io/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

namespace hourglass {

namespace {

/// How many characters fit on a line of the terminal without a new one: 79 where it does not say.
std::size_t line_width() {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? size.ws_col - 1u : 79;
}

}  // namespace

Progress::Progress(int total, bool quiet) : total_(total), enabled_(!quiet && isatty(STDERR_FILENO)) {}

Progress::Progress(const std::string& what, bool quiet) : Progress(1, quiet) {
    if (enabled_) {
        write(what + " ...");
    }
}

bool Progress::due() const {
    return enabled_ && Clock::now() - last_ >= std::chrono::milliseconds(100);
}

void Progress::show(const char* unit, double done, const std::string& details) {
    if (!due()) {
        return;
    }
    last_ = Clock::now();
    const double seconds = std::max(std::chrono::duration<double>(last_ - start_).count(), 1e-6);
    const double speed = done / seconds;
    char text[200];  // what matters most comes first: the rest is cut off where the terminal is narrow
    std::snprintf(text, sizeof text, "%s %d/%d  %.1f s left  %s  %.3g %ss/s", unit,
                  static_cast<int>(std::ceil(done)), total_,
                  speed > 0 ? (total_ - done) / speed : 0.0, details.c_str(), speed, unit);
    write(text);
}

void Progress::write(const std::string& text) {
    const std::string line = text.substr(0, line_width());
    clear();
    std::cerr << line << std::flush;
    shown_ = line.size();
}

void Progress::clear() {  // by spaces, which every terminal understands
    if (shown_ > 0) {
        std::cerr << '\r' << std::string(shown_, ' ') << '\r' << std::flush;
        shown_ = 0;
    }
}

}  // namespace hourglass
