// The operations of rows.hpp, large ones on all threads.

#include "hourglass/core/rows.hpp"

#include <algorithm>
#include <cmath>

#include "hourglass/core/reference.hpp"
#include "run_kernel.hpp"

namespace hourglass {
namespace {

/// The fewest rows, or columns, of a matrix that make a part, where each has `length` numbers.
std::size_t least_of(std::size_t length) {
    return worth_a_part / (length + 1) + 1;
}

/// Asks for a number of every `step` of a row. Nothing but its index tells where in memory a row is.
void prefetch(Given row, std::size_t step) {
    for (std::size_t j = 0; j < row.size(); j += step) {
        __builtin_prefetch(row.data() + j);
    }
}

}  // namespace

void add_to_rows(Matrix& Z, Given b) {
    if (b.size() != Z.cols()) { throw_lengths("add_to_rows", b.size(), Z.cols()); }
    if constexpr (reference_kernels) { return reference::add_to_rows(Z, b); }
    const auto kernel = kernels().add_to_rows;
    in_parallel(Z.rows(), least_of(Z.cols()), [&](std::size_t first, std::size_t last) {
        kernel({Z.flat().data() + first * Z.cols(), Z.cols()}, b.data(), last - first, Z.cols());
    });
}

void sum_rows(Values s, const Matrix& V) {
    if (s.size() != V.cols()) { throw_lengths("sum_rows", s.size(), V.cols()); }
    if constexpr (reference_kernels) { return reference::sum_rows(s, V); }
    const auto kernel = kernels().sum_rows;
    in_parallel(V.cols(), least_of(V.rows()), [&](std::size_t first, std::size_t last) {
        kernel(s.data() + first, {V.flat().data() + first, V.cols()}, V.rows(), last - first);
    });
}

void sum_channels(Values s, const Matrix& V) {
    if (s.empty() || V.cols() % s.size() != 0) [[unlikely]] {
        throw ShapeError("sum_channels: rows of " + std::to_string(V.cols()) + " numbers are not pixels of " +
                         std::to_string(s.size()) + " channels");
    }
    if constexpr (reference_kernels) { return reference::sum_channels(s, V); }
    // Few channels would leave most of a register empty, so several pixels are taken side by side; and in
    // blocks that a cache holds, each summed by itself, for long sums of floats lose digits.
    constexpr std::size_t side_by_side = 64, block_rows = 128;
    const std::size_t wide = s.size() * std::max<std::size_t>(1, side_by_side / s.size());
    const std::size_t block = block_rows * wide, blocks = (V.size() + block - 1) / block;
    thread_local Vector of_blocks;
    of_blocks.resize(std::max(of_blocks.size(), blocks * wide));
    const Values sums = of_blocks;
    in_parallel(blocks, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            const Given v = V.flat().subspan(i * block, std::min(block, V.size() - i * block));
            const std::size_t rows = v.size() / wide;
            kernels().sum_rows(sums.data() + i * wide, {v.data(), wide}, rows, wide);
            for (std::size_t p = rows * wide; p < v.size(); ++p) {
                sums[i * wide + p - rows * wide] += v[p];
            }
        }
    });
    std::ranges::fill(s, Scalar{0});
    for (std::size_t p = 0; p < blocks * wide; ++p) {
        s[p % s.size()] += sums[p];
    }
}

void gather_rows(Matrix& result, const Matrix& X, std::span<const std::size_t> indices) {
    result.resize(indices.size(), X.cols());
    constexpr std::size_t rows_ahead = 4;
    constexpr std::size_t lines_apart = 8;  // with a few on their way, the hardware finds the others
    in_parallel(indices.size(), 2 * least_of(X.cols()), [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            if (i + rows_ahead < last) {
                prefetch(X.row(indices[i + rows_ahead]), lines_apart * cache_line);
            }
            std::ranges::copy(X.row(indices[i]), result.row(i).begin());
        }
    });
}

Matrix rows_of(const Matrix& X, std::span<const std::size_t> indices) {
    Matrix result;
    gather_rows(result, X, indices);
    return result;
}

void prefetch_rows(const Matrix& X, std::span<const std::size_t> indices) {
    constexpr std::size_t most = (1 << 16) / sizeof(Scalar);
    if (indices.size() * X.cols() > most) {
        return;
    }
    for (const std::size_t i : indices) {
        prefetch(X.row(i), cache_line);
    }
}

double squared_distance(Given u, Given v) {
    assert(u.size() == v.size());
    double sum = 0;
    for (std::size_t i = 0; i < u.size(); ++i) {
        const double difference = static_cast<double>(u[i]) - static_cast<double>(v[i]);
        sum += difference * difference;
    }
    return sum;
}

double max_abs(Given v) {
    double largest = 0;
    for (const Scalar value : v) {
        if (std::isnan(value)) {
            return static_cast<double>(value);
        }
        largest = std::max(largest, static_cast<double>(std::abs(value)));
    }
    return largest;
}

}  // namespace hourglass
