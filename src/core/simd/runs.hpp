// Numbers that lie side by side, copied or added up, for a convolution and its patches. Included by kernels.cpp alone.
#pragma once

#include "simd/elementwise.hpp"

namespace hourglass::HOURGLASS_ISA {

/// The first `cols` numbers of each row.
inline void copy_runs(Output to, Input from, std::size_t rows, std::size_t cols) {
    const std::size_t whole = cols / width * width;
    const Mask rest = first_lanes(cols - whole);
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < whole; j += width) {
            store(to.row(i) + j, load(from.row(i) + j));
        }
        if (whole < cols) {
            store(to.row(i) + whole, load(from.row(i) + whole, rest), rest);
        }
    }
}

/// The same, added to what is there. The rows that are added to may overlap.
inline void add_runs(Output to, Input from, std::size_t rows, std::size_t cols) {
    // A processor waits for a number that it has just written with others, to read it with others again. Runs of
    // a few numbers, which overlap in such a way, are added one by one.
    const std::size_t whole = cols < width / 2 ? 0 : cols / width * width;
    const bool masked = cols >= width / 2 && whole < cols;
    const Mask rest = first_lanes(cols - whole);
    for (std::size_t i = 0; i < rows; ++i) {
        Scalar* const t = to.row(i);
        const Scalar* const f = from.row(i);
        for (std::size_t j = 0; j < whole; j += width) {
            store(t + j, load(t + j) + load(f + j));
        }
        if (masked) {
            store(t + whole, load(t + whole, rest) + load(f + whole, rest), rest);
        } else {
            for (std::size_t j = whole; j < cols; ++j) {
                t[j] += f[j];
            }
        }
    }
}

}  // namespace hourglass::HOURGLASS_ISA
