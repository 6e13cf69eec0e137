// What a set of fast kernels offers, on plain pointers, and which sets this build has. kernels.cpp is
// compiled once for each instruction set; the widest that the processor knows is chosen at run time.
#pragma once

#include <cstddef>
#include <span>

#include "hourglass/core/repulsion.hpp"
#include "hourglass/core/scalar.hpp"
#include "hourglass/core/updates.hpp"

namespace hourglass {

/// Part of a matrix: rows of `stride` numbers, of which the columns in use come first.
template <class T>
struct Block {
    T* data;
    std::size_t stride;  // from the start of a row to the start of the next

    T* row(std::size_t i) const { return data + i * stride; }
};
using Input = Block<const Scalar>;
using Output = Block<Scalar>;

/// The patches of a row of places where they lie in an image, which has its border: `rows` rows of `length`
/// numbers each, `pitch` apart, and the next patch `step` numbers further on.
template <class T>
struct PatchesOf {
    T* data;
    std::size_t step;
    std::size_t pitch;
    std::size_t rows;
    std::size_t length;

    T* row(std::size_t i, std::size_t u) const { return data + i * step + u * pitch; }
    PatchesOf from(std::size_t i) const { return {data + i * step, step, pitch, rows, length}; }
};
using Patches = PatchesOf<const Scalar>;
using PatchesOut = PatchesOf<Scalar>;

struct Kernels {
    const char* name;  // "avx512"

    // C (n, m) of the products in matmul.hpp; `depth` is the length of the sum in each element.
    using Product = void (*)(Output C, Input A, Input B, std::size_t n, std::size_t m,
                             std::size_t depth);
    Product matmul_nt;
    Product matmul_nt_packed;  // for a depth of at most packed_depth
    Product matmul_nn;
    Product matmul_tn;

    static constexpr std::size_t packed_depth = 64;

    // Those of convolution.hpp, for the `n` patches of a row of places and `out` channels; of the weights
    // for several rows of places, `next` numbers apart.
    using Convolve = void (*)(Output Z, Patches p, Input W, const Scalar* b, std::size_t n, std::size_t out);
    Convolve convolve_channels;  // z_ij = b_j + sum_k p_ik w_kj, with W transposed
    Convolve convolve_dots;      // z_ij = b_j + sum_k p_ik w_jk
    void (*convolve_transposed)(PatchesOut p, Input Z, Input W, std::size_t n,
                                std::size_t out);  // p_ik += sum_j z_ij w_jk
    void (*convolve_weights)(Output W, Input Z, Patches p, std::size_t n, std::size_t rows, std::size_t next,
                             std::size_t out);  // w_jk += sum_i z_ij p_ik

    // Fewer numbers in a row of a patch are not worth multiplying where they lie.
    static constexpr std::size_t row_of_patch = 64 / sizeof(Scalar);

    // y_i = f(x_i). Null, and the reference stands in, where there is no vector form: for doubles, and
    // without a SIMD library.
    using Function = void (*)(Scalar* y, const Scalar* x, std::size_t size);
    Function exp;
    Function tanh;
    Function sigmoid;

    // dz_i = da_i f'(z_i), from a_i = f(z_i)
    using Backward = void (*)(Scalar* dz, const Scalar* da, const Scalar* a, std::size_t size);
    Backward tanh_backward;
    Backward sigmoid_backward;

    void (*leaky_relu)(Scalar* a, const Scalar* z, std::size_t size, Scalar alpha);
    void (*leaky_relu_backward)(Scalar* dz, const Scalar* da, const Scalar* a, std::size_t size,
                                Scalar alpha);
    double (*difference)(Scalar* d, const Scalar* y, const Scalar* t, std::size_t size,
                         Scalar scale);
    void (*add_to_rows)(Output Z, const Scalar* b, std::size_t rows, std::size_t cols);
    void (*sum_rows)(Scalar* s, Input V, std::size_t rows, std::size_t cols);

    void (*sgd)(Scalar* w, Scalar* v, const Scalar* g, std::size_t size, const SgdUpdate& update);
    void (*adagrad)(Scalar* w, Scalar* G, const Scalar* g, std::size_t size,
                    const AdagradUpdate& update);
    void (*adam)(Scalar* w, Scalar* m, Scalar* v, const Scalar* g, std::size_t size,
                 const AdamUpdate& update);

    void (*repulsion)(Scalar* fx, Scalar* fy, Scalar* z, const Scalar* x, const Scalar* y, std::size_t size,
                      const Repelling& s);
};

/// Those that this build has and this processor can run, the widest first.
std::span<const Kernels* const> available_kernels();

/// The first of them: what the plain names run, such as matmul_nt.
const Kernels& kernels();

}  // namespace hourglass
