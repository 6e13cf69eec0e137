#include "hourglass/core/matrix.hpp"

#include <algorithm>

#include "hourglass/core/threads.hpp"

namespace hourglass {

Matrix::Matrix(std::initializer_list<std::initializer_list<Scalar>> rows)
    : rows_(rows.size()), cols_(rows.size() == 0 ? 0 : rows.begin()->size()) {
    values_.reserve(rows_ * cols_);
    for (const auto& row : rows) {
        assert(row.size() == cols_);
        values_.insert(values_.end(), row.begin(), row.end());
    }
}

namespace {

/// Asks for a number of every `step` of a row. Nothing but its index tells where in memory a row is.
void prefetch(std::span<const Scalar> row, std::size_t step) {
    for (std::size_t j = 0; j < row.size(); j += step) {
        __builtin_prefetch(row.data() + j);
    }
}

}  // namespace

void gather_rows(Matrix& result, const Matrix& X, std::span<const std::size_t> indices) {
    result.resize(indices.size(), X.cols());
    constexpr std::size_t worth_a_part = 1 << 14;  // numbers: several microseconds of work
    constexpr std::size_t rows_ahead = 4;
    constexpr std::size_t lines_apart =
        8;  // with a few on their way, the hardware finds the others
    in_parallel(indices.size(), worth_a_part / (X.cols() + 1) + 1,
                [&](std::size_t first, std::size_t last) {
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

}  // namespace hourglass
