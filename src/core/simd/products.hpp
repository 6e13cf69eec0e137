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
//     products, whose lanes are summed at the end. Short sums of many rows are the exception: B^T is
//     packed, that is copied to columns that lie side by side, and tiled like A B.
//
//   That is with AVX-512, whose 32 registers hold 24 sums, 4 of B and 1 of A. With fewer registers, or
//   shorter ones, the tiles are smaller: 6 rows by 2 registers, and 3 x 2 dot products with AVX2. Edges are
//   tiles of fewer rows and registers, the last register partly filled.
//
//   A large factor comes from L3 or from memory, by rows or panels that the hardware does not foresee. So
//   long outer tiles prefetch B eight rows ahead, and their place in C: to L1 for dX = dZ W, whose panels
//   of W have a row for each neuron and seldom stay there, to L2 for dW = dZ^T X. Dot tiles prefetch the
//   rows of B that the next columns of C need.
//
// What a number of C is a sum of, and in which order, does not depend on the tile that it is in, on
// the width of a register, or on who computes it: the bits are the same for every instruction set
// that has a fused multiply-add, and for any number of threads. Packed products alone have an order of
// their own, and which products are packed depends on the shapes of A and B.
#pragma once

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

/// How many of the rows that are left the next tile takes: all it can, but the last two share evenly, since
/// 4 and 4 rows are done faster than 6 and 2.
template <std::size_t Most>
HOURGLASS_INLINE std::size_t next_tile(std::size_t left) {
    return left >= 2 * Most ? Most : left > Most ? (left + 1) / 2 : left;
}

/// Sums of so many terms or more are long enough for a prefetch to come in time.
constexpr std::size_t prefetch_depth = 64;

}  // namespace hourglass::HOURGLASS_ISA

#include "simd/dot_products.hpp"
#include "simd/outer_products.hpp"
