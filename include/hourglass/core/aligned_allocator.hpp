#pragma once

#include <cstddef>
#include <new>

namespace hourglass {

/// Memory for std::vector that starts where a cache line does, and so do the rows of a matrix whose width is a
/// multiple of 16 floats. Sixteen that are read together then lie in one line of 64 bytes; from std::allocator
/// they would straddle two, which takes twice the time.
template <class T>
struct AlignedAllocator {
    using value_type = T;
    static constexpr std::align_val_t alignment{64};

    AlignedAllocator() = default;
    template <class U>
    AlignedAllocator(const AlignedAllocator<U>&) {}

    /// @throws std::bad_alloc
    T* allocate(std::size_t count) {
        return static_cast<T*>(::operator new(count * sizeof(T), alignment));
    }
    void deallocate(T* memory, std::size_t) { ::operator delete(memory, alignment); }

    friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) = default;
};

}  // namespace hourglass
