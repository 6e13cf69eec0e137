#pragma once

#include <cstddef>

// A program that is linked with heap.cpp counts what it has on the heap.

namespace hourglass::bench {

/// Bytes that new has given out and delete has not got back.
std::size_t heap_in_use();

/// The most that heap_in_use() has been since the last call of start_heap_peak().
std::size_t heap_peak();
void start_heap_peak();

}  // namespace hourglass::bench
