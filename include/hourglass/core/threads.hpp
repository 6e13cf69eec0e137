#pragma once

#include <algorithm>
#include <cstddef>

#include "hourglass/core/scalar.hpp"

namespace hourglass {

/// How many threads a large operation may use: all cores, unless set_threads said otherwise on this
/// thread. Small operations use one. No result depends on it.
int threads();

/// For operations that the calling thread starts, from now on. @pre  count >= 1
void set_threads(int count);

/// Into how many parts an operation of `size` steps is split: up to 4 for each thread, so that a thread that
/// is held up leaves its share to the others; a multiple of the number of threads, unless there are fewer
/// parts than threads; of at least `least` steps each. One part for one thread. @pre  least >= 1
std::size_t parts_of(std::size_t size, std::size_t least);

/// call(body, part) for each part, side by side; returns when all are done. They must not throw.
/// @pre  1 <= parts <= 65535
void run_parts(std::size_t parts, void (*call)(const void* body, std::size_t part), const void* body);

/// body(first, last) for parts of [0, size) that follow each other and cover it, side by side where
/// `size` is at least twice `least`. The parts must not write to the same numbers, nor throw.
/// @pre  least >= 1
template <class Body>
void in_parallel(std::size_t size, std::size_t least, const Body& body) {
    const std::size_t parts = size < 2 * least ? 1 : parts_of(size, least);
    if (parts == 1) {
        body(std::size_t{0}, size);
        return;
    }
    const auto run = [&](std::size_t part) { body(size * part / parts, size * (part + 1) / parts); };
    run_parts(
        parts,
        [](const void* context, std::size_t part) {
            (*static_cast<decltype(&run)>(context))(part);
        },
        &run);
}

/// The same for numbers that lie side by side. The parts start where cache lines do, as whole arrays do: a
/// register that is loaded from two lines takes twice the time.
template <class Body>
void in_parallel_by_lines(std::size_t size, std::size_t least, const Body& body) {
    if (size < 2 * least) { return body(std::size_t{0}, size); }
    const std::size_t lines = (size + cache_line - 1) / cache_line;
    const std::size_t least_lines = (least + cache_line - 1) / cache_line;
    in_parallel(lines, least_lines, [&](std::size_t first, std::size_t last) {
        body(first * cache_line, std::min(last * cache_line, size));
    });
}

}  // namespace hourglass
