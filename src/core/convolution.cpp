// The convolutions of convolution.hpp by the kernels of simd/convolutions.hpp, those of many images on all
// threads.
//
// A pixel is in several patches: P, copied from X, would be many times as large, and a processor would wait
// for it to go to memory and come back. So the kernels read the patches where they lie, in an image that has
// its border: where there is one, an image at a time is copied into it, which is then in the cache. Patches
// whose rows would fill a small part of a register are the exception: those of a row of places are copied
// side by side.
//
// No result depends on the number of threads. Those that a sample has of its own do not, because a product
// does not depend on the tiles that it is computed in; the weights, which are sums over all samples, are
// summed in groups of samples that follow from n alone, and the groups one after another.

#include "hourglass/core/convolution.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "bordered_image.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/reference.hpp"
#include "hourglass/core/threads.hpp"
#include "run_kernel.hpp"

namespace hourglass {
namespace {

constexpr std::size_t most_groups = 8;      // that the samples are summed in
constexpr std::size_t least_channels = 16;  // that fill a register

/// Numbers between two steps that are no result of either, such as W transposed: one thread's, and kept.
struct Scratch {
    Vector W_transposed;
    Vector sums;
    Vector no_bias;
};
Scratch& scratch() {
    thread_local Scratch of_thread;
    return of_thread;
}

/// V, with room for so many numbers.
Scalar* at_least(Vector& V, std::size_t size) {
    if (V.size() < size) {
        V.resize(size);
    }
    return V.data();
}

/// An image of convolve_transposed, z and x its rows: patch upon patch on top of the bias, and then without
/// the border.
void paint(Values x, Scalar* memory, Given z, Input W, Given bias, std::size_t out, const Bordered& b,
           decltype(Kernels::convolve_transposed) kernel) {
    const std::size_t across = b.window.places_across,
                      length = b.window.image.width * b.window.image.channels;
    Scalar* const image = b.has_border() ? memory : x.data();
    Scalar* const narrow = memory + b.image_size();
    for (std::size_t p = 0; p < b.pitch(); p += bias.size()) {
        std::ranges::copy(bias, image + p);
    }
    for (std::size_t y = 1; y < b.height; ++y) {
        std::copy_n(image, b.pitch(), image + y * b.pitch());
    }
    for_each_rows(b, [&](std::size_t down, std::size_t rows) {
        if (b.narrow) {
            std::fill_n(narrow, rows * across * b.window.patch(), Scalar{0});
            kernel(b.side_by_side(narrow), {z.data() + down * across * out, out}, W, rows * across, out);
            for_each_narrow(image, down, rows, b, [&](std::size_t p, Scalar& pixel) { pixel += narrow[p]; });
            return;
        }
        for (std::size_t row = down; row < down + rows; ++row) {
            kernel(b.patches(image, row), {z.data() + row * across * out, out}, W, across, out);
        }
    });
    for (std::size_t y = 0; b.has_border() && y < b.window.image.height; ++y) {
        std::copy_n(image + b.row(y), length, x.data() + y * length);
    }
}

/// The first sample of a group, of those that n samples are summed in.
std::size_t first_of(std::size_t group, std::size_t n, std::size_t groups) {
    return n * group / groups;
}
std::size_t group_of(std::size_t i, std::size_t n, std::size_t groups) {
    return ((i + 1) * groups - 1) / n;
}

/// use(sample, scratch of its part) for all samples, of `work` multiply-adds each. Those of a group follow
/// each other on one thread; groups are side by side.
template <class Use>
void for_each_sample(Matrix& P, std::size_t n, std::size_t groups, std::size_t work, const Bordered& bordered,
                     const Use& use) {
    if (n == 0) {
        return;
    }
    const std::size_t least = groups * products_worth_a_part / (n * work + 1) + 1;
    const std::size_t parts = groups < 2 * least ? 1 : parts_of(groups, least);
    P.resize(parts, bordered.size());
    const auto run = [&](std::size_t part) {
        std::ranges::fill(P.row(part), Scalar{0});  // here, so that it is in the cache of this thread
        const std::size_t last = first_of(groups * (part + 1) / parts, n, groups);
        for (std::size_t i = first_of(groups * part / parts, n, groups); i < last; ++i) {
            use(i, P.row(part).data());
        }
    };
    if (parts == 1) {
        return run(0);
    }
    run_parts(
        parts, [](const void* context, std::size_t part) { (*static_cast<decltype(&run)>(context))(part); },
        &run);
}

/// b, or as many zeros.
Given bias_or_none(Given b, std::size_t channels) {
    return b.empty() ? Given(at_least(scratch().no_bias, channels), channels) : b;
}

[[noreturn, gnu::cold]] void do_not_meet(const char* function, const char* what, const Matrix& V,
                                         std::size_t cols) {
    throw ShapeError(std::string(function) + ": expected " + what + " (n, " + std::to_string(cols) +
                     "), got " + shape_text(V));
}

/// Throws unless V is so wide.
void require_width(const char* function, const char* what, const Matrix& V, std::size_t cols) {
    if (V.cols() != cols) [[unlikely]] {
        do_not_meet(function, what, V, cols);
    }
}

void require_bias(const char* function, Given b, std::size_t channels) {
    if (!b.empty() && b.size() != channels) [[unlikely]] {
        throw ShapeError(std::string(function) + ": expected a bias for " + std::to_string(channels) +
                         " channels, got " + std::to_string(b.size()));
    }
}

/// V in its shape, and all zero for the plain loops, which add to it.
Matrix& fitted(Matrix& V, std::size_t rows, std::size_t cols) {
    V.resize(rows, cols);
    if constexpr (reference_kernels) {
        std::ranges::fill(V.flat(), Scalar{0});
    }
    return V;
}

/// All patches of n samples, as the plain loops want them.
Matrix& all_patches(Matrix& P, std::size_t n, const Window& window) {
    return fitted(P, n * window.places(), window.patch());
}

}  // namespace

void gather_patches(Matrix& P, const Matrix& X, const Window& window) {
    require_width("gather_patches", "X", X, window.image.size());
    reference::gather_patches(all_patches(P, X.rows(), window), X, window);
}

Matrix patches(const Matrix& X, const Window& window) {
    Matrix P;
    gather_patches(P, X, window);
    return P;
}

void sum_patches(Matrix& X, const Matrix& P, const Window& window) {
    require_width("sum_patches", "P", P, window.patch());
    if (P.rows() % window.places() != 0) {
        throw ShapeError("sum_patches: expected P with " + std::to_string(window.places()) +
                         " rows a sample, got " + shape_text(P));
    }
    X.resize(P.rows() / window.places(), window.image.size());
    std::ranges::fill(X.flat(), Scalar{0});
    reference::sum_patches(X, P, window);
}

void convolve(Matrix& Z, Matrix& P, const Matrix& X, const Matrix& W, Given b, const Window& window) {
    const std::size_t n = X.rows(), out = W.rows(), patch = window.patch();
    require_width("convolve", "X", X, window.image.size());
    require_width("convolve", "W", W, patch);
    require_bias("convolve", b, out);
    fitted(Z, n, window.places() * out);
    if constexpr (reference_kernels) {
        return reference::convolve(Z, all_patches(P, n, window), X, W, b, window);
    }
    // With few channels out the lanes run along the patch, else along the channels.
    const bool by_channels = out >= least_channels;
    Input factor = {W.flat().data(), patch};
    if (by_channels) {
        Scalar* const W_T = at_least(scratch().W_transposed, W.size());
        for (std::size_t j = 0; j < out; ++j) {
            for (std::size_t k = 0; k < patch; ++k) {
                W_T[k * out + j] = W(j, k);
            }
        }
        factor = {W_T, out};
    }
    const Scalar* const bias = bias_or_none(b, out).data();
    const auto kernel = by_channels ? kernels().convolve_channels : kernels().convolve_dots;
    const Bordered bordered(window);
    for_each_sample(P, n, n, window.places() * out * patch, bordered, [&](std::size_t i, Scalar* memory) {
        const Scalar* const image = with_border(memory, X.row(i).data(), bordered);
        for_each_patches(image, memory, bordered,
                         [&](Patches p, std::size_t across, std::size_t first, std::size_t rows) {
                             Scalar* const z = Z.row(i).data() + first * out;
                             for (std::size_t row = 0; row < rows; ++row, p.data += bordered.next()) {
                                 kernel({z + row * across * out, out}, p, factor, bias, across, out);
                             }
                         });
    });
}

void convolve_transposed(Matrix& X, Matrix& P, const Matrix& Z, const Matrix& W, Given b,
                         const Window& window) {
    const std::size_t n = Z.rows(), out = W.rows(), patch = window.patch();
    require_width("convolve_transposed", "Z", Z, window.places() * out);
    require_width("convolve_transposed", "W", W, patch);
    require_bias("convolve_transposed", b, window.image.channels);
    fitted(X, n, window.image.size());
    if constexpr (reference_kernels) {
        return reference::convolve_transposed(X, all_patches(P, n, window), Z, W, b, window);
    }
    const Given bias = bias_or_none(b, window.image.channels);
    const auto kernel = kernels().convolve_transposed;
    const Bordered bordered(window);
    for_each_sample(P, n, n, window.places() * out * patch, bordered, [&](std::size_t i, Scalar* memory) {
        paint(X.row(i), memory, Z.row(i), {W.flat().data(), patch}, bias, out, bordered, kernel);
    });
}

void convolve_weights(Matrix& W, Matrix& P, const Matrix& Z, const Matrix& X, const Window& window) {
    const std::size_t n = X.rows(), out = W.rows(), patch = window.patch();
    require_width("convolve_weights", "X", X, window.image.size());
    require_width("convolve_weights", "Z", Z, window.places() * out);
    if (Z.rows() != n) {
        do_not_meet("convolve_weights", "as many samples as X has in Z", Z, Z.cols());
    }
    fitted(W, out, patch);
    if constexpr (reference_kernels) {
        return reference::convolve_weights(W, all_patches(P, n, window), Z, X, window);
    }
    const auto kernel = kernels().convolve_weights;
    const Bordered bordered(window);
    const std::size_t groups = std::max<std::size_t>(1, std::min(n, most_groups));
    Scalar* const sums = at_least(scratch().sums, groups * W.size());
    std::fill_n(sums, groups * W.size(), Scalar{0});
    for_each_sample(
        P, n, groups, window.places() * out * patch, bordered, [&](std::size_t i, Scalar* memory) {
            Scalar* const sum = sums + group_of(i, n, groups) * W.size();
            const Scalar* const image = with_border(memory, X.row(i).data(), bordered);
            for_each_patches(image, memory, bordered,
                             [&](const Patches& p, std::size_t across, std::size_t first, std::size_t rows) {
                                 kernel({sum, patch}, {Z.row(i).data() + first * out, out}, p, across, rows,
                                        bordered.next(), out);
                             });
        });
    std::copy_n(sums, W.size(), W.flat().data());
    for (std::size_t group = 1; group < groups; ++group) {
        std::transform(sums + group * W.size(), sums + (group + 1) * W.size(), W.flat().data(),
                       W.flat().data(), std::plus{});
    }
}

}  // namespace hourglass
