// C = A B^T by dot tiles. See products.hpp.
#pragma once

#include "simd/products.hpp"

namespace hourglass::HOURGLASS_ISA {

// A dot product has the same lanes on every machine: 64 bytes, in as many packs as that takes.
constexpr std::size_t lanes = 64 / sizeof(Scalar);
constexpr std::size_t packs = lanes / width;
constexpr std::size_t dot_rows = packs == 1 ? 6 : 3;
constexpr std::size_t dot_cols = tile_rows * tile_packs / (dot_rows * packs);

/// Which of the lanes hold something, in each pack.
struct LaneMasks {
    Mask pack[packs];
};

HOURGLASS_INLINE LaneMasks first_of_lanes(std::size_t count) {
    LaneMasks masks;
    HOURGLASS_UNROLL
    for (std::size_t q = 0; q < packs; ++q) {
        masks.pack[q] = first_lanes(count > q * width ? count - q * width : 0);
    }
    return masks;
}

/// sums_ij += a_ik b_jk, lane by lane, for the columns k to k + lanes, or those of them in masks.
template <std::size_t R, std::size_t M, class... Masks>
HOURGLASS_INLINE void dot_step(Pack (&sums)[R][M][packs], Input A, Input B, std::size_t k,
                               bool prefetch, const Masks&... masks) {
    HOURGLASS_UNROLL
    for (std::size_t q = 0; q < packs; ++q) {
        Pack b[M];
        HOURGLASS_UNROLL
        for (std::size_t j = 0; j < M; ++j) {
            b[j] = load(B.row(j) + k + q * width, masks.pack[q]...);
            if (prefetch && q == 0) {                             // one line for all packs
                prefetch_packs<1, 2>(B.row(j + M) + k + q * width);  // for the next columns of C
            }
        }
        HOURGLASS_UNROLL
        for (std::size_t i = 0; i < R; ++i) {
            const Pack a = load(A.row(i) + k + q * width, masks.pack[q]...);
            HOURGLASS_UNROLL
            for (std::size_t j = 0; j < M; ++j) {
                sums[i][j][q] += a * b[j];  // one fused multiply-add
            }
        }
    }
}

/// Adds up the packs of one sum: upper half to lower half.
template <std::size_t Count>
HOURGLASS_INLINE Pack add_packs(const Pack* x) {
    if constexpr (Count == 1) {
        return x[0];
    } else {
        Pack halves[Count / 2];
        HOURGLASS_UNROLL
        for (std::size_t q = 0; q < Count / 2; ++q) {
            halves[q] = x[q] + x[q + Count / 2];
        }
        return add_packs<Count / 2>(halves);
    }
}

/// Adds up the lanes of N sums: upper half to lower half, until one lane is left of each. The sums come
/// to lie side by side in one pack, which takes 3 operations a sum or so. @pre  N <= width
template <std::size_t N, std::size_t Spread = width>
HOURGLASS_INLINE Pack sum_lanes(const Pack (&x)[N]) {
    if constexpr (Spread == 1) {
        return x[0];
    } else {
        Pack halves[(N + 1) / 2];
        HOURGLASS_UNROLL
        for (std::size_t i = 0; i < N; i += 2) {
            halves[i / 2] = add_halves<Spread>(x[i], x[i + 1 < N ? i + 1 : i]);
        }
        return sum_lanes<(N + 1) / 2, Spread / 2>(halves);
    }
}

/// c_ij = the sum of all lanes of sums_ij, for as many rows together as fit a pack.
template <std::size_t R, std::size_t M>
HOURGLASS_INLINE void store_sums(Output C, const Pack (&sums)[R][M][packs]) {
    constexpr std::size_t rows = width / M < R ? width / M : R;
    HOURGLASS_UNROLL
    for (std::size_t first = 0; first < R; first += rows) {
        Pack x[rows * M];
        HOURGLASS_UNROLL
        for (std::size_t s = 0; s < rows * M; ++s) {
            const std::size_t i = first + s / M < R ? first + s / M : R - 1;  // the last one again
            x[s] = add_packs<packs>(sums[i][s % M]);
        }
        Scalar side_by_side[width];
        store(side_by_side, sum_lanes(x));
        HOURGLASS_UNROLL
        for (std::size_t s = 0; s < rows * M; ++s) {
            if (first + s / M < R) {
                C.row(first + s / M)[s % M] = side_by_side[s];
            }
        }
    }
}

/// One tile: R rows and M columns of C.
template <std::size_t R, std::size_t M>
HOURGLASS_INLINE void dot_tile(Output C, Input A, Input B, std::size_t depth,
                               const LaneMasks& rest) {
    Pack sums[R][M][packs];
    HOURGLASS_UNROLL
    for (std::size_t i = 0; i < R; ++i) {
        HOURGLASS_UNROLL
        for (std::size_t j = 0; j < M; ++j) {
            HOURGLASS_UNROLL
            for (std::size_t q = 0; q < packs; ++q) {
                sums[i][j][q] = 0;
            }
        }
    }
    std::size_t k = 0;
    for (; k + lanes <= depth; k += lanes) {
        dot_step(sums, A, B, k, depth >= prefetch_depth);
    }
    if (k < depth) {
        dot_step(sums, A, B, k, false, rest);
    }
    store_sums(C, sums);
}

/// The tile with `rows` rows and `cols` columns, of at most R and M.
template <std::size_t R, std::size_t M>
HOURGLASS_INLINE void dot_tile(std::size_t rows, std::size_t cols, Output C, Input A, Input B,
                               std::size_t depth, const LaneMasks& rest) {
    if constexpr (R > 1) {
        if (rows < R) {
            return dot_tile<R - 1, M>(rows, cols, C, A, B, depth, rest);
        }
    }
    if constexpr (M > 1) {
        if (cols < M) {
            return dot_tile<R, M - 1>(rows, cols, C, A, B, depth, rest);
        }
    }
    dot_tile<R, M>(C, A, B, depth, rest);
}

/// C = A B^T
inline void matmul_nt(Output C, Input A, Input B, std::size_t n, std::size_t m, std::size_t depth) {
    const LaneMasks rest = first_of_lanes(depth % lanes);
    const auto tile = [&](std::size_t i, std::size_t rows, std::size_t j, std::size_t cols) {
        dot_tile<dot_rows, dot_cols>(rows, cols, {C.row(i) + j, C.stride}, {A.row(i), A.stride},
                                     {B.row(j), B.stride}, depth, rest);
    };
    // The factor with fewer rows is read again and again, and so had better fit the cache.
    if (n <= m) {
        for (std::size_t j = 0, cols = 0; j < m; j += cols) {
            cols = next_tile<dot_cols>(m - j);
            for (std::size_t i = 0, rows = 0; i < n; i += rows) {
                rows = next_tile<dot_rows>(n - i);
                tile(i, rows, j, cols);
            }
        }
    } else {
        for (std::size_t i = 0, rows = 0; i < n; i += rows) {
            rows = next_tile<dot_rows>(n - i);
            for (std::size_t j = 0, cols = 0; j < m; j += cols) {
                cols = next_tile<dot_cols>(m - j);
                tile(i, rows, j, cols);
            }
        }
    }
}

}  // namespace hourglass::HOURGLASS_ISA
