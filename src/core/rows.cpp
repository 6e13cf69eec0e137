// The operations of rows.hpp, large ones on all threads.

#include "hourglass/core/rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "hourglass/core/reference.hpp"
#include "run_kernel.hpp"

namespace hourglass {
namespace {

constexpr std::size_t most_side_by_side = 64;  // numbers

/// The fewest rows, or columns, of a matrix that make a part, where each has `length` numbers.
std::size_t least_of(std::size_t length) {
    return worth_a_part / (length + 1) + 1;
}

/// Adds b to each b.size() numbers of z by `kernel`, add_to_rows.
template <class Kernel>
void add_to_each(Values z, Given b, Kernel kernel) {
    const std::size_t cols = b.size(), rows = cols == 0 ? 0 : z.size() / cols;
    in_parallel(rows, least_of(cols), [&](std::size_t first, std::size_t last) {
        kernel({z.data() + first * cols, cols}, b.data(), last - first, cols);
    });
}

/// Few channels would leave most of a register empty: so many pixels are taken side by side.
std::size_t side_by_side(std::size_t channels) {
    return channels < most_side_by_side ? most_side_by_side / channels : 1;
}

void require_channels(const char* function, std::size_t channels, const Matrix& V) {
    if (channels == 0 || V.cols() % channels != 0) [[unlikely]] {
        throw ShapeError(std::string(function) + ": rows of " + std::to_string(V.cols()) +
                         " numbers are not pixels of " + std::to_string(channels) + " channels");
    }
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
    add_to_each(Z.flat(), b, kernels().add_to_rows);
}

void sum_rows(Values s, const Matrix& V) {
    if (s.size() != V.cols()) { throw_lengths("sum_rows", s.size(), V.cols()); }
    if constexpr (reference_kernels) { return reference::sum_rows(s, V); }
    const auto kernel = kernels().sum_rows;
    in_parallel(V.cols(), least_of(V.rows()), [&](std::size_t first, std::size_t last) {
        kernel(s.data() + first, {V.flat().data() + first, V.cols()}, V.rows(), last - first);
    });
}

void add_to_channels(Matrix& Z, Given b) {
    require_channels("add_to_channels", b.size(), Z);
    if constexpr (reference_kernels) { return reference::add_to_channels(Z, b); }
    const std::size_t m = b.size(), wide = m * side_by_side(m), rest = Z.size() % wide;
    std::array<Scalar, most_side_by_side> repeated;
    for (std::size_t j = 0; j < wide && wide <= repeated.size(); ++j) {
        repeated[j] = b[j % m];
    }
    add_to_each(Z.flat().first(Z.size() - rest), wide == m ? b : Given(repeated.data(), wide), kernels().add_to_rows);
    add_to_each(Z.flat().last(rest), b, kernels().add_to_rows);
}

void sum_channels(Values s, const Matrix& V) {
    require_channels("sum_channels", s.size(), V);
    if constexpr (reference_kernels) { return reference::sum_channels(s, V); }
    // In blocks that a cache holds, each summed by itself: long sums of floats lose digits.
    constexpr std::size_t block_rows = 128;
    const std::size_t m = s.size(), wide = m * side_by_side(m);
    std::array<Scalar, most_side_by_side> sums;
    std::ranges::fill(s, Scalar{0});
    for (Given v = V.flat(); !v.empty();) {
        const std::size_t cols = std::min(wide, v.size()), rows = std::min(block_rows, v.size() / cols);
        for (std::size_t first = 0; first < cols; first += sums.size()) {
            const std::size_t count = std::min(sums.size(), cols - first);
            kernels().sum_rows(sums.data(), {v.data() + first, cols}, rows, count);
            for (std::size_t j = 0; j < count; ++j) {
                s[(first + j) % m] += sums[j];
            }
        }
        v = v.subspan(rows * cols);
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

void prefetch_rows(const Matrix& X, std::span<const std::size_t> indices) {
    constexpr std::size_t most = (1 << 16) / sizeof(Scalar);
    if (indices.size() * X.cols() > most) {
        return;
    }
    for (const std::size_t i : indices) {
        prefetch(X.row(i), cache_line);
    }
}

double squared_distance(Given a, Given b) {
    assert(a.size() == b.size());
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
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
