#include "hourglass/io/process.hpp"

#include <sys/resource.h>

#include <fstream>
#include <string>

namespace hourglass {

std::size_t process_peak_bytes() {
    // On Linux not by getrusage, which begins with the peak of the program that started this one.
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (std::size_t kilobytes = 0; word == "VmHWM:" && status >> kilobytes) {
            return kilobytes * 1024;
        }
    }
    rusage usage = {};
    if (getrusage(RUSAGE_SELF, &usage) != 0) {
        return 0;
    }
#ifdef __APPLE__
    return static_cast<std::size_t>(usage.ru_maxrss);
#else
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
#endif
}

}  // namespace hourglass
