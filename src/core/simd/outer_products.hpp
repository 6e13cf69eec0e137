// C = A B, C = A^T B, and C = A B^T with B^T packed, by outer tiles. See products.hpp.
#pragma once

#include <algorithm>
#include <cassert>

#include "simd/products.hpp"

namespace hourglass::HOURGLASS_ISA {

constexpr std::size_t panel_columns = tile_packs * width;
constexpr std::size_t rows_ahead = 8;  // of B, to prefetch

/// The factor on the left: A as it is, or transposed. A type for each, so that the compiler knows which number
/// comes next, and how near to prefetch B.
struct Plain : Input {
    static constexpr bool prefetch_B_to_l1 = true;  // dX = dZ W: W has a row for each neuron, L1 few of them
    const Scalar& at(std::size_t i, std::size_t k) const { return data[i * stride + k]; }
};
struct Transposed : Input {
    static constexpr bool prefetch_B_to_l1 = false;  // dW = dZ^T X: a row for each sample; L1 keeps most
    const Scalar& at(std::size_t i, std::size_t k) const { return data[k * stride + i]; }
};

/// sums_ij += a_ik b_kj for one k.
template <bool Partial, class Left, std::size_t R, std::size_t P>
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
        const Pack a = A.at(i, k);
        HOURGLASS_UNROLL
        for (std::size_t p = 0; p < P; ++p) {
            sums[i][p] += a * b[p];  // one fused multiply-add
        }
    }
}

/// One tile: R rows, P packs, of the last of which only the lanes `last` are there if Partial.
template <std::size_t R, std::size_t P, bool Partial, bool Prefetch, class Left>
HOURGLASS_INLINE void outer_tile(Output C, Left A, Input B, std::size_t depth, const Mask& last) {
    Pack sums[R][P];
    HOURGLASS_UNROLL
    for (std::size_t i = 0; i < R; ++i) {
        HOURGLASS_UNROLL
        for (std::size_t p = 0; p < P; ++p) {
            sums[i][p] = 0;
        }
    }
    if constexpr (Prefetch) {
        HOURGLASS_UNROLL
        for (std::size_t i = 0; i < R; ++i) {
            prefetch_packs<P, 3>(C.row(i));
        }
    }
    for (std::size_t k = 0; k < depth; ++k) {
        if constexpr (Prefetch && Left::prefetch_B_to_l1) {
            prefetch_packs<P, 3>(B.row(k + rows_ahead));
        } else if constexpr (Prefetch) {
            prefetch_packs<P, 2>(B.row(k + rows_ahead));
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
template <std::size_t R, std::size_t P, bool Partial, bool Prefetch, class Left>
HOURGLASS_INLINE void dispatch_rows(std::size_t rows, Output C, Left A, Input B, std::size_t depth,
                                    const Mask& last) {
    if constexpr (R > 1) {
        if (rows < R) {
            return dispatch_rows<R - 1, P, Partial, Prefetch>(rows, C, A, B, depth, last);
        }
    }
    outer_tile<R, P, Partial, Prefetch>(C, A, B, depth, last);
}

/// A panel: all rows of C in the columns of one tile.
template <std::size_t P, bool Partial, bool Prefetch, class Left>
void outer_panel(Output C, Left A, Input B, std::size_t n, std::size_t depth, const Mask& last) {
    for (std::size_t i = 0; i < n;) {
        const std::size_t rows = next_tile<tile_rows>(n - i);
        const Left A_i = {{&A.at(i, 0), A.stride}};
        dispatch_rows<tile_rows, P, Partial, Prefetch>(rows, {C.row(i), C.stride}, A_i, B, depth,
                                                       last);
        i += rows;
    }
}

/// The panel with so many columns, which fill P packs or fewer. Only one of all packs prefetches: the others are the
/// last of their product, and to compile tiles for them too took a quarter of what the kernels take to compile.
template <std::size_t P, bool Prefetch, class Left>
HOURGLASS_INLINE void dispatch_columns(std::size_t columns, Output C, Left A, Input B,
                                       std::size_t n, std::size_t depth) {
    if constexpr (P > 1) {
        if (columns <= (P - 1) * width) {
            return dispatch_columns<P - 1, false>(columns, C, A, B, n, depth);
        }
    }
    const Mask last = first_lanes(columns - (P - 1) * width);
    if (columns == P * width) {
        outer_panel<P, false, Prefetch>(C, A, B, n, depth, last);
    } else {
        outer_panel<P, true, false>(C, A, B, n, depth, last);
    }
}

template <bool Prefetch, class Left>
HOURGLASS_INLINE void outer_panels(Output C, Left A, Input B, std::size_t n, std::size_t m,
                                   std::size_t depth) {
    for (std::size_t j = 0; j < m; j += panel_columns) {
        dispatch_columns<tile_packs, Prefetch>(std::min(m - j, panel_columns),
                                               {C.data + j, C.stride}, A, {B.data + j, B.stride}, n,
                                               depth);
    }
}

template <class Left>
void outer_product(Output C, Left A, Input B, std::size_t n, std::size_t m, std::size_t depth) {
    if (depth >= prefetch_depth) {
        outer_panels<true>(C, A, B, n, m, depth);
    } else {
        outer_panels<false>(C, A, B, n, m, depth);
    }
}

/// C = A B
inline void matmul_nn(Output C, Input A, Input B, std::size_t n, std::size_t m, std::size_t depth) {
    outer_product(C, Plain{A}, B, n, m, depth);
}

/// C = A^T B
inline void matmul_tn(Output C, Input A, Input B, std::size_t n, std::size_t m, std::size_t depth) {
    outer_product(C, Transposed{A}, B, n, m, depth);
}

/// C = A B^T by panels of B^T, packed. To add up the lanes of a dot product so short would take as long as to
/// compute it; to pack B pays from some hundred rows of A on. @pre  depth <= Kernels::packed_depth
inline void matmul_nt_packed(Output C, Input A, Input B, std::size_t n, std::size_t m,
                             std::size_t depth) {
    assert(depth <= Kernels::packed_depth);
    alignas(64) Scalar panel[Kernels::packed_depth * panel_columns];
    for (std::size_t j = 0; j < m; j += panel_columns) {
        const std::size_t columns = std::min(m - j, panel_columns);
        for (std::size_t c = 0; c < columns; ++c) {
            for (std::size_t k = 0; k < depth; ++k) {
                panel[k * panel_columns + c] = B.row(j + c)[k];
            }
        }
        dispatch_columns<tile_packs, false>(columns, {C.data + j, C.stride}, Plain{A},
                                            {panel, panel_columns}, n, depth);
    }
}

}  // namespace hourglass::HOURGLASS_ISA
