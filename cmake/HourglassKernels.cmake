# The fast kernels: src/core/simd/kernels.cpp, compiled once for each instruction set. At run time
# src/core/kernels.cpp takes the widest that the processor has. A build for this machine alone links no other, and
# one that runs the reference kernels links none; the tests of core link all.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)

# Vector types come from the Parallelism TS 2; libstdc++ has them, libc++ only in part. The shuffle is a
# builtin of Clang, and of GCC from 12 on.
set(CMAKE_REQUIRED_FLAGS -std=c++20)
check_cxx_source_compiles("
    #include <bit>
    #include <experimental/simd>
    namespace stdx = std::experimental;
    using Pack = stdx::native_simd<float>;
    int main(int count, char**) {
        Pack x = 1;
        where(x > 0.5f, x) = sqrt(x) + static_cast<float>(count);
        const auto bits = std::bit_cast<stdx::rebind_simd_t<int, Pack>>(x) >> 23;
        using Raw [[gnu::vector_size(16)]] = float;
        const Raw raw = {x[0], 1, 2, 3};
        return bits[0] == 0 || __builtin_shufflevector(raw, raw, 1, 0, 7, 4)[0] > 0;
    }" HOURGLASS_HAS_SIMD)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT HOURGLASS_HAS_SIMD)
    message(STATUS "Hourglass: no <experimental/simd>, or no __builtin_shufflevector, here: "
                   "the kernels are plain loops, and slower")
endif()

function(hourglass_kernels isa)
    add_library(hourglass_kernels_${isa} OBJECT ${PROJECT_SOURCE_DIR}/src/core/simd/kernels.cpp)
    target_include_directories(hourglass_kernels_${isa} PRIVATE
        ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src/core)
    target_compile_definitions(hourglass_kernels_${isa} PRIVATE
        HOURGLASS_SCALAR=${HOURGLASS_SCALAR} HOURGLASS_ISA=${isa}
        $<$<BOOL:${HOURGLASS_HAS_SIMD}>:HOURGLASS_SIMD>)
    hourglass_warnings(hourglass_kernels_${isa})
    target_compile_options(hourglass_kernels_${isa} PRIVATE
        # Not -march=native, even in a native build: the tiles need all vector registers, and GCC tuned
        # for AMD's processors keeps integers in three of them, at half the speed.
        ${ARGN}
        # Optimized in a debug build too: it runs the plain loops, and what is not inlined would be a weak
        # symbol that the linker may take for the whole program (see tests/tools/check_symbols.cmake). The
        # sanitizers do not see masked loads and take minutes to compile; tests/core/page_end_test.cpp
        # sees an access past the end of an array.
        $<$<NOT:$<CONFIG:Release>>:-O2> $<$<NOT:$<CONFIG:Release>>:-finline-functions>
        $<$<AND:$<NOT:$<CONFIG:Release>>,$<CXX_COMPILER_ID:GNU>>:-finline>
        -fno-sanitize=all
        # Nobody steps through optimized registers, and the symbols take longer than all the rest.
        $<$<CONFIG:Debug>:-g0>
        # a * b + c is one fused operation wherever there is one: GCC's default, not Clang's.
        -ffp-contract=fast
        # GCC 12 takes the undefined register that its own header passes to vsqrtps for a mistake of
        # ours: its bug 105593.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    list(APPEND HOURGLASS_KERNEL_SETS ${isa})
    set(HOURGLASS_KERNEL_SETS ${HOURGLASS_KERNEL_SETS} PARENT_SCOPE)
endfunction()

# hourglass_link_kernels(TARGET SET...): src/core/kernels.cpp, which chooses, and what it chooses from.
function(hourglass_link_kernels target)
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src/core/kernels.cpp)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src/core)
    foreach(isa IN LISTS ARGN)
        string(TOUPPER ${isa} name)
        target_sources(${target} PRIVATE $<TARGET_OBJECTS:hourglass_kernels_${isa}>)
        target_compile_definitions(${target} PRIVATE HOURGLASS_${name}_KERNELS)
    endforeach()
endfunction()

# The flags of each set are what src/core/kernels.cpp asks the processor for. The first of them takes back an
# -march=native among the flags of the user.
check_cxx_compiler_flag("-march=x86-64 -mavx512vl" HOURGLASS_HAS_X86_FLAGS)
if(HOURGLASS_HAS_X86_FLAGS)
    set(baseline_flags -march=x86-64)
endif()
hourglass_kernels(baseline ${baseline_flags})
if(HOURGLASS_HAS_SIMD AND HOURGLASS_HAS_X86_FLAGS)
    set(avx2_flags ${baseline_flags} -mavx2 -mfma -mbmi2)
    hourglass_kernels(avx2 ${avx2_flags})
    # Not by Clang, for which libstdc++ takes an AVX-512 mask for a single yes or no and chooses between
    # whole registers: "FIXME: this does a boolean choice, not a blend" in its simd_x86.h.
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        hourglass_kernels(avx512 ${avx2_flags} -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512cd)
    endif()
endif()

# Of these, what core links.
set(own_sets ${HOURGLASS_KERNEL_SETS})
if(HOURGLASS_REFERENCE_KERNELS)
    set(own_sets "")
elseif(HOURGLASS_NATIVE AND "avx2" IN_LIST HOURGLASS_KERNEL_SETS)
    set(CMAKE_REQUIRED_FLAGS -march=native)
    check_cxx_source_compiles("
        #if !(__AVX2__ && __FMA__ && __BMI2__)
        #error
        #endif
        int main() {}" HOURGLASS_NATIVE_AVX2)
    check_cxx_source_compiles("
        #if !(__AVX512F__ && __AVX512BW__ && __AVX512DQ__ && __AVX512VL__ && __AVX512CD__)
        #error
        #endif
        int main() {}" HOURGLASS_NATIVE_AVX512)
    unset(CMAKE_REQUIRED_FLAGS)
    if(HOURGLASS_NATIVE_AVX2 AND HOURGLASS_NATIVE_AVX512 AND "avx512" IN_LIST HOURGLASS_KERNEL_SETS)
        set(own_sets avx512)
    elseif(HOURGLASS_NATIVE_AVX2)
        set(own_sets avx2)
    else()
        set(own_sets baseline)
    endif()
endif()
hourglass_link_kernels(hourglass_core ${own_sets})

# The threads of large operations.
find_package(Threads REQUIRED)
target_link_libraries(hourglass_core PRIVATE Threads::Threads)
