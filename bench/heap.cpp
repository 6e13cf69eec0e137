#include "heap.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

#ifdef __APPLE__
#include <malloc/malloc.h>
#else
#include <malloc.h>
#endif

namespace hourglass::bench {
namespace {

std::atomic<std::size_t> in_use = 0;
std::atomic<std::size_t> peak = 0;

/// What a block takes up. The allocator knows, which spares a header of our own, and with it another
/// alignment of everything than programs have that do not count.
std::size_t size_of(void* block) {
#ifdef __APPLE__
    return malloc_size(block);
#else
    return malloc_usable_size(block);
#endif
}

void* counted(void* block) {
    if (block == nullptr) {
        throw std::bad_alloc();
    }
    const std::size_t now = in_use += size_of(block);
    std::size_t highest = peak;
    while (now > highest && !peak.compare_exchange_weak(highest, now)) {
    }
    return block;
}

void release(void* block) {
    if (block != nullptr) {
        in_use -= size_of(block);
        std::free(block);
    }
}

}  // namespace

std::size_t heap_in_use() {
    return in_use;
}

std::size_t heap_peak() {
    return peak;
}

void start_heap_peak() {
    peak = in_use.load();
}

}  // namespace hourglass::bench

// The standard's other forms, of arrays and with nothrow, call these.

void* operator new(std::size_t size) {
    return hourglass::bench::counted(std::malloc(std::max<std::size_t>(size, 1)));
}

void* operator new(std::size_t size, std::align_val_t alignment) {
    const std::size_t step = static_cast<std::size_t>(alignment);
    const std::size_t whole_steps = (std::max<std::size_t>(size, 1) + step - 1) / step * step;
    return hourglass::bench::counted(std::aligned_alloc(step, whole_steps));
}

void operator delete(void* block) noexcept {
    hourglass::bench::release(block);
}

void operator delete(void* block, std::size_t) noexcept {
    hourglass::bench::release(block);
}

void operator delete(void* block, std::align_val_t) noexcept {
    hourglass::bench::release(block);
}

void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    hourglass::bench::release(block);
}
