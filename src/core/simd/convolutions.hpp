// The products of a convolution, on patches where they lie in an image. Included by kernels.cpp alone.
//
// A row of a patch is a row of pixels, and the next place's is the same number of pixels further on. So the
// patches of a row of places are a matrix whose rows overlap, and that need not be copied to be multiplied:
// only the sum over a patch goes row of pixels by row of pixels. The tiles are those of products.hpp.
#pragma once

#include <algorithm>
#include <type_traits>

#include "simd/products.hpp"

namespace hourglass::HOURGLASS_ISA {

template <std::size_t R, std::size_t P>
using Tile = Pack[R][P];

/// use(sums, where in them) for each pack of a tile.
template <std::size_t R, std::size_t P, class Use>
HOURGLASS_INLINE void for_each_pack_of(Pack (&sums)[R][P], const Use& use) {
    HOURGLASS_UNROLL
    for (std::size_t i = 0; i < R; ++i) {
        HOURGLASS_UNROLL
        for (std::size_t p = 0; p < P; ++p) {
            use(sums[i][p], i, p);
        }
    }
}

/// Which lanes of a tile's pack p are there: the last one's are `last` if Partial.
template <std::size_t P, bool Partial>
struct Columns {
    Mask last;

    HOURGLASS_INLINE Pack get(const Scalar* v, std::size_t p) const {
        return Partial && p + 1 == P ? load(v, last) : load(v);
    }
    HOURGLASS_INLINE void put(Scalar* v, const Pack& x, std::size_t p) const {
        if (Partial && p + 1 == P) {
            store(v, x, last);
        } else {
            store(v, x);
        }
    }
};

/// run(R, P, columns) with the constants that fit a tile of `rows` rows and `columns` columns.
template <std::size_t R, std::size_t P, class Run>
HOURGLASS_INLINE void with_tile(std::size_t rows, std::size_t columns, const Run& run) {
    if constexpr (R > 1) {
        if (rows < R) {
            return with_tile<R - 1, P>(rows, columns, run);
        }
    }
    if constexpr (P > 1) {
        if (columns <= (P - 1) * width) {
            return with_tile<R, P - 1>(rows, columns, run);
        }
    }
    constexpr std::integral_constant<std::size_t, R> r;
    constexpr std::integral_constant<std::size_t, P> p;
    if constexpr (P == tile_packs) {
        if (columns == P * width) {
            return run(r, p, Columns<P, false>{});
        }
    }
    run(r, p, Columns<P, true>{first_lanes(columns - (P - 1) * width)});
}

/// tile(R, P, columns, i, j) for the tiles of a matrix (n, m), panel after panel of neighbouring columns.
template <class OfTile>
HOURGLASS_INLINE void for_each_tile(std::size_t n, std::size_t m, const OfTile& tile) {
    for (std::size_t j = 0; j < m; j += panel_columns) {
        for (std::size_t i = 0, rows = 0; i < n; i += rows) {
            rows = next_tile<tile_rows>(n - i);
            with_tile<tile_rows, tile_packs>(
                rows, std::min(m - j, panel_columns),
                [&](auto r, auto p, const auto& columns) { tile(r, p, columns, i, j); });
        }
    }
}

template <std::size_t P, bool Partial, class Left, std::size_t R>
HOURGLASS_INLINE void add_products(Pack (&sums)[R][P], Left A, Input B, std::size_t depth,
                                   const Columns<P, Partial>& columns) {
    for (std::size_t k = 0; k < depth; ++k) {
        outer_step<Partial>(sums, A, B, k, columns.last);
    }
}

/// z_ij = b_j + sum_k p_ik w_kj for the n patches of a row and the `out` channels, with W transposed:
/// (patch, out).
inline void convolve_channels(Output Z, Patches p, Input W_T, const Scalar* bias, std::size_t n,
                              std::size_t out) {
    for_each_tile(n, out, [&](auto r, auto across, const auto& columns, std::size_t i, std::size_t j) {
        Tile<r, across> sums;
        for_each_pack_of(
            sums, [&](Pack& sum, std::size_t, std::size_t b) { sum = columns.get(bias + j + b * width, b); });
        for (std::size_t u = 0; u < p.rows; ++u) {
            add_products(sums, Plain{{p.row(i, u), p.step}}, {W_T.row(u * p.length) + j, W_T.stride},
                         p.length, columns);
        }
        for_each_pack_of(sums, [&](const Pack& sum, std::size_t a, std::size_t b) {
            columns.put(Z.row(i + a) + j + b * width, sum, b);
        });
    });
}

/// w_jk += sum_r z_rj p_rk for the n patches of each of `rows` rows, which are `next` numbers apart.
inline void convolve_weights(Output W, Input Z, Patches p, std::size_t n, std::size_t rows, std::size_t next,
                             std::size_t out) {
    for (std::size_t u = 0; u < p.rows; ++u) {
        for_each_tile(out, p.length,
                      [&](auto r, auto across, const auto& columns, std::size_t j, std::size_t k) {
                          Tile<r, across> sums;
                          const auto place = [&](std::size_t a, std::size_t b) {
                              return W.row(j + a) + u * p.length + k + b * width;
                          };
                          for_each_pack_of(sums, [&](Pack& sum, std::size_t a, std::size_t b) {
                              sum = columns.get(place(a, b), b);
                          });
                          for (std::size_t row = 0; row < rows; ++row) {
                              add_products(sums, Transposed{{Z.row(row * n) + j, Z.stride}},
                                           {p.row(0, u) + row * next + k, p.step}, n, columns);
                          }
                          for_each_pack_of(sums, [&](const Pack& sum, std::size_t a, std::size_t b) {
                              columns.put(place(a, b), sum, b);
                          });
                      });
    }
}

/// Adds a tile to what is at place(row, pack). Pack by pack, not row by row: the next row often adds to what
/// this one has just written, and would wait for it.
template <std::size_t R, std::size_t P, class InColumns, class Place>
HOURGLASS_INLINE void add_tile(const Pack (&sums)[R][P], const InColumns& columns, const Place& place) {
    HOURGLASS_UNROLL
    for (std::size_t b = 0; b < P; ++b) {
        HOURGLASS_UNROLL
        for (std::size_t a = 0; a < R; ++a) {
            Scalar* const x = place(a, b);
            columns.put(x, columns.get(x, b) + sums[a][b], b);
        }
    }
}

/// p_rk += sum_j z_rj w_jk for the n patches of a row, which overlap: the image gets the sum of all.
inline void convolve_transposed(PatchesOut p, Input Z, Input W, std::size_t n, std::size_t out) {
    for (std::size_t u = 0; u < p.rows; ++u) {
        for_each_tile(
            n, p.length, [&](auto r, auto across, const auto& columns, std::size_t i, std::size_t k) {
                Tile<r, across> sums;
                for_each_pack_of(sums, [](Pack& sum, std::size_t, std::size_t) { sum = 0; });
                add_products(sums, Plain{{Z.row(i), Z.stride}}, {W.data + u * p.length + k, W.stride}, out,
                             columns);
                add_tile(sums, columns,
                         [&](std::size_t a, std::size_t b) { return p.row(i + a, u) + k + b * width; });
            });
    }
}

/// run(R, M) with the constants that fit a tile of dot products.
template <std::size_t R, std::size_t M, class Run>
HOURGLASS_INLINE void with_dots(std::size_t rows, std::size_t cols, const Run& run) {
    if constexpr (R > 1) {
        if (rows < R) {
            return with_dots<R - 1, M>(rows, cols, run);
        }
    }
    if constexpr (M > 1) {
        if (cols < M) {
            return with_dots<R, M - 1>(rows, cols, run);
        }
    }
    run(std::integral_constant<std::size_t, R>{}, std::integral_constant<std::size_t, M>{});
}

/// One tile: R patches and M channels.
template <std::size_t R, std::size_t M>
HOURGLASS_INLINE void patch_dots(Output Z, Patches p, Input W, const Scalar* bias, const LaneMasks& rest) {
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
    for (std::size_t u = 0; u < p.rows; ++u) {
        const Input A = {p.row(0, u), p.step}, B = {W.data + u * p.length, W.stride};
        std::size_t k = 0;
        for (; k + lanes <= p.length; k += lanes) {
            dot_step(sums, A, B, k, false);
        }
        if (k < p.length) {
            dot_step(sums, A, B, k, false, rest);
        }
    }
    store_sums(Z, sums);
    for (std::size_t i = 0; i < R; ++i) {
        for (std::size_t j = 0; j < M; ++j) {
            Z.row(i)[j] += bias[j];
        }
    }
}

/// As convolve_channels, for few channels: W (out, patch) as it is, and the lanes along the patch.
inline void convolve_dots(Output Z, Patches p, Input W, const Scalar* bias, std::size_t n, std::size_t out) {
    const LaneMasks rest = first_of_lanes(p.length % lanes);
    for (std::size_t i = 0, rows = 0; i < n; i += rows) {
        rows = next_tile<dot_rows>(n - i);
        for (std::size_t j = 0, cols = 0; j < out; j += cols) {
            cols = next_tile<dot_cols>(out - j);
            with_dots<dot_rows, dot_cols>(rows, cols, [&](auto r, auto m) {
                patch_dots<r, m>({Z.row(i) + j, Z.stride}, p.from(i), {W.row(j), W.stride}, bias + j, rest);
            });
        }
    }
}

}  // namespace hourglass::HOURGLASS_ISA
