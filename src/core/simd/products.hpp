// The three products, tile by tile. Included by kernels.cpp alone.
//
// How a product is tiled, and why
//
//   A multiply-add needs three numbers, and loading them takes longer than the arithmetic. So a tile
//   of C is computed whole, in registers: for every k, a few numbers of A and of B are loaded, and
//   each pair of them is used. 6 rows times 4 registers of 16 columns make 24 multiply-adds out of 10
//   loads, and 24 sums that do not wait for each other keep the arithmetic busy. C is written once.
//
//   C = A B and C = A^T B:  a tile is 6 rows of C times 4 registers of neighbouring columns (64 with
//     AVX-512). a_ik goes to all lanes of a register; b_kj .. b_kj+63 are four loads. k runs inside.
//   C = A B^T:  both factors have k along their rows, so the lanes run along k: a tile is 6 x 4 dot
//     products, whose lanes are summed at the end.
//
//   A large factor comes from L3 or from memory, in strips that the hardware does not foresee. So each tile
//   asks for what the next ones load, and for its own place in C before its sums are done.
//
//   That is with AVX-512, whose 32 registers hold 24 sums, 4 of B and 1 of A. With fewer registers, or
//   shorter ones, the tiles are smaller: 6 rows by 2 registers, and 3 x 2 dot products with AVX2. Edges are
//   tiles of fewer rows and registers, the last register partly filled.
//
// What a number of C is a sum of, and in which order, does not depend on the tile that it is in, on
// the width of a register, or on who computes it: the bits are the same for every instruction set
// that has a fused multiply-add, and for any number of threads.
#pragma once

#include <algorithm>

#include "simd/kernels.hpp"
#include "simd/simd.hpp"

namespace hourglass::HOURGLASS_ISA {

constexpr std::size_t width = Pack::size();
constexpr std::size_t tile_rows = 6;
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr std::size_t tile_packs = 4;  // 24 sums, 4 of B, 1 of A: 29 of 32 registers
#else
constexpr std::size_t tile_packs = 2;  // 12 sums, 2 of B, 1 of A: 15 of 16 registers
#endif
constexpr std::size_t panel_columns = tile_packs * width;

/// How many of the rows that are left the next tile takes: all it can, but the last two share evenly, since
/// 4 and 4 rows are done faster than 6 and 2.
template <std::size_t Most>
HOURGLASS_INLINE std::size_t next_tile(std::size_t left) {
    return left >= 2 * Most ? Most : left > Most ? (left + 1) / 2 : left;
}

// ---- C = A B and C = A^T B -----------------------------------------------------------------------

/// A, read as it is or transposed: element (i, k) of the factor on the left is at data[i * row + k * col].
struct Left {
    const Scalar* data;
    std::size_t row;
    std::size_t col;
};

// Sums of so many terms or more are worth asking for memory in advance, so many rows of B ahead.
constexpr std::size_t long_sum = 64;
constexpr std::size_t rows_ahead = 8;

/// sums_ij += a_ik b_kj for one k.
template <bool Partial, std::size_t R, std::size_t P>
HOURGLASS_INLINE void outer_step(Pack (&sums)[R][P], Left A, Input B, std::size_t k,
                                 const Mask& last) {
    Pack b[P];
    HOURGLASS_UNROLL
    for (std::size_t p = 0; p < P; ++p) {
        const Scalar* b_k = B.row(k) + p * width;
        b[p] = Partial && p + 1 == P ? load(b_k, last) : load(b_k);
    }
    HOURGLASS_UNROLL
    for (std::size_t i = 0; i < R; ++i) {
        const Pack a = A.data[i * A.row + k * A.col];
        HOURGLASS_UNROLL
        for (std::size_t p = 0; p < P; ++p) {
            sums[i][p] += a * b[p];  // one fused multiply-add
        }
    }
}

/// One tile: R rows, P packs, of the last of which only the lanes `last` are there if Partial.
template <std::size_t R, std::size_t P, bool Partial, bool Long>
HOURGLASS_INLINE void outer_tile(Output C, Left A, Input B, std::size_t depth, const Mask& last) {
    Pack sums[R][P];
    HOURGLASS_UNROLL
    for (std::size_t i = 0; i < R; ++i) {
        HOURGLASS_UNROLL
        for (std::size_t p = 0; p < P; ++p) {
            sums[i][p] = 0;
        }
    }
    if constexpr (Long) {
        HOURGLASS_UNROLL
        for (std::size_t i = 0; i < R; ++i) {
            prefetch_to_write<P>(C.row(i));
        }
    }
    for (std::size_t k = 0; k < depth; ++k) {
        if constexpr (Long) {
            prefetch<P>(B.row(k + rows_ahead));
        }
        outer_step<Partial>(sums, A, B, k, last);
    }
    HOURGLASS_UNROLL
    for (std::size_t i = 0; i < R; ++i) {
        HOURGLASS_UNROLL
        for (std::size_t p = 0; p < P; ++p) {
            Scalar* c = C.row(i) + p * width;
            if (Partial && p + 1 == P) {
                store(c, sums[i][p], last);
            } else {
                store(c, sums[i][p]);
            }
        }
    }
}

/// The tile with `rows` rows, of R or fewer.
template <std::size_t R, std::size_t P, bool Partial, bool Long>
HOURGLASS_INLINE void outer_tile(std::size_t rows, Output C, Left A, Input B, std::size_t depth, const Mask& last) {
    if constexpr (R > 1) {
        if (rows < R) {
            return outer_tile<R - 1, P, Partial, Long>(rows, C, A, B, depth, last);
        }
    }
    outer_tile<R, P, Partial, Long>(C, A, B, depth, last);
}

/// All rows of C in the columns of one tile.
template <std::size_t P, bool Partial, bool Long>
void outer_panel(Output C, Left A, Input B, std::size_t n, std::size_t depth, const Mask& last) {
    for (std::size_t i = 0; i < n;) {
        const std::size_t rows = next_tile<tile_rows>(n - i);
        outer_tile<tile_rows, P, Partial, Long>(rows, {C.row(i), C.stride},
                                          {A.data + i * A.row, A.row, A.col}, B, depth, last);
        i += rows;
    }
}

/// The panel with so many columns, which fill P packs or fewer.
template <bool Long, std::size_t P = tile_packs>
HOURGLASS_INLINE void outer_panel(std::size_t columns, Output C, Left A, Input B, std::size_t n,
                                  std::size_t depth) {
    if constexpr (P > 1) {
        if (columns <= (P - 1) * width) {
            return outer_panel<Long, P - 1>(columns, C, A, B, n, depth);
        }
    }
    const Mask last = first_lanes(columns - (P - 1) * width);
    if (columns == P * width) {
        outer_panel<P, false, Long>(C, A, B, n, depth, last);
    } else {
        outer_panel<P, true, Long>(C, A, B, n, depth, last);
    }
}

template <bool Long>
HOURGLASS_INLINE void outer_panels(Output C, Left A, Input B, std::size_t n, std::size_t m,
                                   std::size_t depth) {
    for (std::size_t j = 0; j < m; j += panel_columns) {
        outer_panel<Long>(std::min(m - j, panel_columns), {C.data + j, C.stride}, A,
                          {B.data + j, B.stride}, n, depth);
    }
}

inline void outer_product(Output C, Left A, Input B, std::size_t n, std::size_t m,
                          std::size_t depth) {
    if (depth >= long_sum) {
        outer_panels<true>(C, A, B, n, m, depth);
    } else {
        outer_panels<false>(C, A, B, n, m, depth);
    }
}

/// C = A B
inline void matmul_nn(Output C, Input A, Input B, std::size_t n, std::size_t m, std::size_t depth) {
    outer_product(C, {A.data, A.stride, 1}, B, n, m, depth);
}

/// C = A^T B
inline void matmul_tn(Output C, Input A, Input B, std::size_t n, std::size_t m, std::size_t depth) {
    outer_product(C, {A.data, 1, A.stride}, B, n, m, depth);
}

// ---- C = A B^T -----------------------------------------------------------------------------------

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
                               bool is_long, const Masks&... masks) {
    HOURGLASS_UNROLL
    for (std::size_t q = 0; q < packs; ++q) {
        Pack b[M];
        HOURGLASS_UNROLL
        for (std::size_t j = 0; j < M; ++j) {
            b[j] = load(B.row(j) + k + q * width, masks.pack[q]...);
            if (is_long) {
                prefetch<1>(B.row(j + M) + k + q * width);  // of the next tile
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
HOURGLASS_INLINE void dot_tile(Output C, Input A, Input B, std::size_t depth, const LaneMasks& rest) {
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
        dot_step(sums, A, B, k, depth >= long_sum);
    }
    if (k < depth) {
        dot_step(sums, A, B, k, false, rest);
    }
    store_sums(C, sums);
}

/// The tile with `rows` rows and `cols` columns, of at most R and M.
template <std::size_t R, std::size_t M>
HOURGLASS_INLINE void dot_tile(std::size_t rows, std::size_t cols, Output C, Input A, Input B, std::size_t depth,
              const LaneMasks& rest) {
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

/// C = A B^T for sums of at most short_sum terms, and for many rows: B^T is written out, a panel at a time, for
/// outer tiles to read. To add up the lanes of so short a dot product takes as long as to compute them.
inline void matmul_nt_short(Output C, Input A, Input B, std::size_t n, std::size_t m,
                            std::size_t depth) {
    alignas(64) Scalar panel[Kernels::short_sum * panel_columns];
    for (std::size_t j = 0; j < m; j += panel_columns) {
        const std::size_t columns = std::min(m - j, panel_columns);
        for (std::size_t k = 0; k < depth; ++k) {
            for (std::size_t c = 0; c < columns; ++c) {
                panel[k * panel_columns + c] = B.row(j + c)[k];
            }
        }
        outer_panel<false>(columns, {C.data + j, C.stride}, {A.data, A.stride, 1},
                           {panel, panel_columns}, n, depth);
    }
}

}  // namespace hourglass::HOURGLASS_ISA
