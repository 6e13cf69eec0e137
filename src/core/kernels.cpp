#include "simd/kernels.hpp"

#include <vector>

namespace hourglass {

// Defined by simd/kernels.cpp, as often as cmake/HourglassKernels.cmake has it compiled.
namespace avx512 {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}
namespace baseline {
extern const Kernels kernels;
}

namespace {

#if defined(HOURGLASS_AVX512_KERNELS) || defined(HOURGLASS_AVX2_KERNELS)
bool has_avx2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}
#endif

std::vector<const Kernels*> find_available_kernels() {
    std::vector<const Kernels*> available;
#ifdef HOURGLASS_AVX512_KERNELS
    if (has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512cd")) {
        available.push_back(&avx512::kernels);
    }
#endif
#ifdef HOURGLASS_AVX2_KERNELS
    if (has_avx2()) {
        available.push_back(&avx2::kernels);
    }
#endif
#ifdef HOURGLASS_BASELINE_KERNELS
    available.push_back(&baseline::kernels);
#endif
    return available;
}

}  // namespace

std::span<const Kernels* const> available_kernels() {
    static const std::vector<const Kernels*> available = find_available_kernels();
    return available;
}

const Kernels& kernels() {
    static const Kernels& widest = *available_kernels().front();
    return widest;
}

}  // namespace hourglass
