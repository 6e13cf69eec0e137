// What the plain names of elementwise.hpp, rows.hpp and updates.hpp have in common.
#pragma once

#include <cstddef>
#include <string>

#include "hourglass/core/error.hpp"
#include "hourglass/core/threads.hpp"
#include "simd/kernels.hpp"

namespace hourglass {

constexpr std::size_t worth_a_part = 1 << 13;           // numbers: some microseconds of work
constexpr std::size_t products_worth_a_part = 1 << 18;  // multiply-adds: the same

template <class... Size>
[[noreturn, gnu::cold, gnu::noinline]] void throw_lengths(const char* function, Size... size) {
    std::string lengths;
    ((lengths += (lengths.empty() ? "" : ", ") + std::to_string(size)), ...);
    throw ShapeError(std::string(function) + ": expected spans of one length, got " + lengths);
}

/// Throws "tanh_backward: expected spans of one length, got 35, 34, 35", in every build, unless they are.
template <class First, class... Span>
void require_one_length(const char* function, const First& first, const Span&... others) {
    if (((others.size() != first.size()) || ...)) {
        throw_lengths(function, first.size(), others.size()...);
    }
}

/// `kernel` with an argument that is the same for all numbers.
template <class Kernel, class Option>
auto with(Kernel kernel, const Option& option) {
    return [kernel, &option](auto... arrays) { kernel(arrays..., option); };
}

/// kernel(pointers into the spans, numbers) in parts of at least `least` numbers, large ones on all threads.
template <class Kernel, class First, class... Span>
void run_kernel(std::size_t least, const Kernel& kernel, First first, Span... others) {
    in_parallel_by_lines(first.size(), least, [&](std::size_t begin, std::size_t end) {
        kernel(first.data() + begin, (others.data() + begin)..., end - begin);
    });
}

}  // namespace hourglass
