#include "caches.hpp"

#include <unistd.h>

#include <fstream>
#include <iostream>
#include <string>

namespace hourglass::bench {
namespace {

/// From the C library; 0 if it does not say. Some versions count the L3 of all cores together, or of a
/// whole processor that is shared with other machines: 320 MiB where Linux says 32.
std::size_t from_sysconf([[maybe_unused]] int level) {
#ifdef _SC_LEVEL2_CACHE_SIZE
    const long size = sysconf(level == 2 ? _SC_LEVEL2_CACHE_SIZE : _SC_LEVEL3_CACHE_SIZE);
    return size > 0 ? static_cast<std::size_t>(size) : 0;
#else
    return 0;
#endif
}

/// From Linux's description of the first processor, as "1024K"; 0 if there is none.
std::size_t from_sys(int level) {
    for (int index = 0; index < 8; ++index) {
        const std::string folder =
            "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index);
        std::ifstream level_file(folder + "/level");
        std::ifstream size_file(folder + "/size");
        int found = 0;
        std::size_t kibibytes = 0;
        if (level_file >> found && found == level && size_file >> kibibytes) {
            return 1024 * kibibytes;
        }
    }
    return 0;
}

std::size_t cache_size(int level, std::size_t usual) {
    std::size_t size = from_sys(level);
    if (size == 0) {
        size = from_sysconf(level);
    }
    if (size == 0) {
        std::cerr << "the system does not say how large the L" << level << " cache is; taking "
                  << usual / 1024 << " KiB\n";
        size = usual;
    }
    return size;
}

}  // namespace

Caches find_caches() {
    return {.l2 = cache_size(2, 1 << 20), .l3 = cache_size(3, 32 << 20)};
}

}  // namespace hourglass::bench
