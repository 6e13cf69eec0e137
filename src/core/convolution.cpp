// The convolutions of convolution.hpp by the products of simd/products.hpp, some patches at a time, large ones on all
// threads.
//
// A pixel is in several patches: P, copied from X, would be many times as large, and a processor would wait for it to
// go to memory and come back. So P is a strip: the patches of some places, which are gathered, multiplied while they
// are in the cache, and overwritten by the next.
//
// No result depends on the number of threads. Those that a sample has of its own do not, because a product does not
// depend on the tiles that it is computed in; the weights, which are sums over all samples, are summed in groups of
// samples that follow from n alone, and the groups one after another.

#include "hourglass/core/convolution.hpp"

#include <algorithm>
#include <string>

#include "hourglass/core/error.hpp"
#include "hourglass/core/reference.hpp"
#include "hourglass/core/threads.hpp"
#include "simd/kernels.hpp"

namespace hourglass {
namespace {

constexpr std::size_t worth_a_part = 1 << 18;                   // multiply-adds: several microseconds of work
constexpr std::size_t small_strip = 32768 / sizeof(Scalar);     // numbers of P that L1 holds ...
constexpr std::size_t large_strip = 262144 / sizeof(Scalar);    // ... and L2
constexpr std::size_t most_groups = 8;                          // that the samples are summed in
constexpr std::size_t least_channels = 16;                      // that fill a register

/// Numbers between two steps that are no result of either, such as W transposed: one thread's, and kept.
struct Scratch {
    Vector W_transposed;
    Vector sums;
};
Scratch& scratch() {
    thread_local Scratch of_thread;
    return of_thread;
}

/// body(part, first, last) for parts of [0, size) that follow each other, side by side.
template <class Body>
void in_numbered_parts(std::size_t size, std::size_t parts, const Body& body) {
    const auto run = [&](std::size_t part) { body(part, size * part / parts, size * (part + 1) / parts); };
    if (parts == 1) {
        return run(0);
    }
    run_parts(
        parts,
        [](const void* context, std::size_t part) { (*static_cast<decltype(&run)>(context))(part); }, &run);
}

/// Into how many parts `size` things of `work` multiply-adds each are split.
std::size_t parts_for(std::size_t size, std::size_t work) {
    const std::size_t least = worth_a_part / (work + 1) + 1;
    return size < 2 * least ? 1 : parts_of(size, least);
}

/// A strip of P, and where it belongs.
struct Strip {
    std::size_t first;  // place, counted over all samples
    std::size_t rows;
    Scalar* p;
};

/// Patches `numbers` at a time.
std::size_t strip_rows(const Window& window, std::size_t numbers) {
    return std::max<std::size_t>(1, numbers / window.patch());
}

/// use(strip) for the strips of the samples [first, last).
template <class Use>
void for_each_strip(Matrix& P, std::size_t part, std::size_t rows, const Window& window, std::size_t first,
                    std::size_t last, const Use& use) {
    const std::size_t end = last * window.places();
    for (std::size_t r = first * window.places(); r < end; r += rows) {
        use(Strip{r, std::min(rows, end - r), P.row(part * rows).data()});
    }
}

/// A run of places next to each other, whose windows reach over the same columns of the image.
struct PlacesInARow {
    std::size_t row, col, count;   // of the first place
    std::size_t skip, cols;        // columns of the window left of the image, and those inside of it
};

/// The longest one from place (row, col) on, of at most `most` places.
PlacesInARow places_in_a_row(const Window& w, std::size_t row, std::size_t col, std::size_t most) {
    const std::size_t x = col * w.stride;  // with the border
    const std::size_t right = w.left + w.image.width;
    const std::size_t skip = x < w.left ? std::min(w.left - x, w.cols) : 0;
    const std::size_t inside = x + skip < right ? std::min(w.cols - skip, right - x - skip) : 0;
    std::size_t count = 1;
    if (inside == w.cols) {
        count = std::min({most, w.places_across - col, (right - w.cols - x) / w.stride + 1});
    }
    return {row, col, count, skip, inside};
}

/// use(number in the strip's p, number in the image, places, numbers of each) for all rows of pixels that the
/// windows of the strip see; on_border(number in p, places, numbers) for what is outside of the image.
template <class Use, class OnBorder>
void for_each_run(const Strip& strip, const Window& w, const Use& use, const OnBorder& on_border) {
    const std::size_t channels = w.image.channels, row_of_patch = w.cols * channels;
    for (std::size_t done = 0; done < strip.rows;) {
        const std::size_t r = strip.first + done, sample = r / w.places(), place = r % w.places();
        const PlacesInARow run =
            places_in_a_row(w, place / w.places_across, place % w.places_across, strip.rows - done);
        for (std::size_t u = 0; u < w.rows; ++u) {
            const std::size_t y = run.row * w.stride + u - w.top;
            const std::size_t p = done * w.patch() + u * row_of_patch;
            if (y >= w.image.height || run.cols == 0) {
                on_border(p, run.count, row_of_patch);
                continue;
            }
            const std::size_t x = run.col * w.stride + run.skip - w.left;
            use(p + run.skip * channels, sample * w.image.size() + w.image.at(y, x), run.count, run.cols * channels);
            if (run.cols < w.cols) {
                const std::size_t after = run.skip + run.cols;
                on_border(p, run.count, run.skip * channels);
                on_border(p + after * channels, run.count, (w.cols - after) * channels);
            }
        }
        done += run.count;
    }
}

// These take their kernel, so that a build that runs the plain loops need not link any.
using Runs = decltype(Kernels::copy_runs);

void gather(const Strip& strip, const Matrix& X, const Window& w, Runs copy_runs) {
    const Scalar* const x = X.flat().data();
    for_each_run(
        strip, w,
        [&](std::size_t p, std::size_t pixel, std::size_t places, std::size_t numbers) {
            copy_runs({strip.p + p, w.patch()}, {x + pixel, w.stride * w.image.channels}, places, numbers);
        },
        [&](std::size_t p, std::size_t places, std::size_t numbers) {
            for (std::size_t r = 0; r < places; ++r) {
                std::fill_n(strip.p + p + r * w.patch(), numbers, Scalar{0});
            }
        });
}

void add(Matrix& X, const Strip& strip, const Window& w, Runs add_runs) {
    Scalar* const x = X.flat().data();
    for_each_run(
        strip, w,
        [&](std::size_t p, std::size_t pixel, std::size_t places, std::size_t numbers) {
            add_runs({x + pixel, w.stride * w.image.channels}, {strip.p + p, w.patch()}, places, numbers);
        },
        [](std::size_t, std::size_t, std::size_t) {});
}

[[noreturn, gnu::cold]] void do_not_meet(const char* function, const char* what, const Matrix& V,
                                         std::size_t cols) {
    throw ShapeError(std::string(function) + ": expected " + what + " (n, " + std::to_string(cols) + "), got " +
                     shape_text(V));
}

/// Throws unless V is so wide.
void require_width(const char* function, const char* what, const Matrix& V, std::size_t cols) {
    if (V.cols() != cols) [[unlikely]] { do_not_meet(function, what, V, cols); }
}

/// V in its shape, and all zero for the plain loops, which add to it.
Matrix& fitted(Matrix& V, std::size_t rows, std::size_t cols) {
    V.resize(rows, cols);
    if constexpr (reference_kernels) { std::ranges::fill(V.flat(), Scalar{0}); }
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

void convolve(Matrix& Z, Matrix& P, const Matrix& X, const Matrix& W, const Window& window) {
    require_width("convolve", "X", X, window.image.size());
    require_width("convolve", "W", W, window.patch());
    const std::size_t n = X.rows(), out = W.rows(), patch = window.patch();
    fitted(Z, n, window.places() * out);
    if constexpr (reference_kernels) {
        return reference::convolve(Z, all_patches(P, n, window), X, W, window);
    }
    // With few channels out the lanes run along the patch, else along the channels.
    const bool lanes_along_channels = out >= least_channels;
    Vector& W_T = scratch().W_transposed;
    if (lanes_along_channels) {
        W_T.resize(std::max(W_T.size(), W.size()));
        for (std::size_t j = 0; j < out; ++j) {
            for (std::size_t k = 0; k < patch; ++k) {
                W_T[k * out + j] = W(j, k);
            }
        }
    }
    const Input factor = lanes_along_channels ? Input{W_T.data(), out} : Input{W.flat().data(), patch};
    const auto product = lanes_along_channels ? kernels().matmul_nn : kernels().matmul_nt;
    const Runs copy_runs = kernels().copy_runs;
    const std::size_t rows = strip_rows(window, small_strip);
    const std::size_t parts = parts_for(n, window.places() * out * patch);
    P.resize(parts * rows, patch);
    in_numbered_parts(n, parts, [&](std::size_t part, std::size_t first, std::size_t last) {
        for_each_strip(P, part, rows, window, first, last, [&](const Strip& strip) {
            gather(strip, X, window, copy_runs);
            product({Z.flat().data() + strip.first * out, out}, {strip.p, patch}, factor, strip.rows, out, patch);
        });
    });
}

void convolve_transposed(Matrix& X, Matrix& P, const Matrix& Z, const Matrix& W, const Window& window) {
    require_width("convolve_transposed", "Z", Z, window.places() * W.rows());
    require_width("convolve_transposed", "W", W, window.patch());
    const std::size_t n = Z.rows(), out = W.rows(), patch = window.patch();
    fitted(X, n, window.image.size());
    if constexpr (reference_kernels) {
        return reference::convolve_transposed(X, all_patches(P, n, window), Z, W, window);
    }
    const auto product = kernels().matmul_nn;
    const Runs add_runs = kernels().add_runs;
    const std::size_t rows = strip_rows(window, small_strip);
    const std::size_t parts = parts_for(n, window.places() * out * patch);
    P.resize(parts * rows, patch);
    in_numbered_parts(n, parts, [&](std::size_t part, std::size_t first, std::size_t last) {
        std::fill(X.flat().data() + first * X.cols(), X.flat().data() + last * X.cols(), Scalar{0});
        for_each_strip(P, part, rows, window, first, last, [&](const Strip& strip) {
            product({strip.p, patch}, {Z.flat().data() + strip.first * out, out}, {W.flat().data(), patch},
                    strip.rows, patch, out);
            add(X, strip, window, add_runs);
        });
    });
}

void convolve_weights(Matrix& W, Matrix& P, const Matrix& Z, const Matrix& X, const Window& window) {
    require_width("convolve_weights", "X", X, window.image.size());
    require_width("convolve_weights", "Z", Z, window.places() * W.rows());
    const std::size_t n = X.rows(), out = W.rows(), patch = window.patch();
    if (Z.rows() != n) { do_not_meet("convolve_weights", "as many samples as X has in Z", Z, Z.cols()); }
    fitted(W, out, patch);
    if constexpr (reference_kernels) {
        return reference::convolve_weights(W, all_patches(P, n, window), Z, X, window);
    }
    const Kernels& kernel = kernels();
    const std::size_t groups = std::max<std::size_t>(1, std::min(n, most_groups));
    const std::size_t rows = std::min(strip_rows(window, large_strip),
                                      (n + groups - 1) / groups * window.places() + 1);
    const std::size_t parts = parts_for(groups, n * window.places() * out * patch / groups);
    P.resize(parts * rows, patch);
    // Of each group its sum, and for each part the product of a strip.
    Vector& sums = scratch().sums;
    sums.resize(std::max(sums.size(), (groups + parts) * W.size()));
    std::fill_n(sums.data(), groups * W.size(), Scalar{0});
    in_numbered_parts(groups, parts, [&](std::size_t part, std::size_t first, std::size_t last) {
        Scalar* const product = sums.data() + (groups + part) * W.size();
        for (std::size_t group = first; group < last; ++group) {
            Scalar* const sum = sums.data() + group * W.size();
            for_each_strip(P, part, rows, window, n * group / groups, n * (group + 1) / groups,
                           [&](const Strip& strip) {
                gather(strip, X, window, kernel.copy_runs);
                kernel.matmul_tn({product, patch}, {Z.flat().data() + strip.first * out, out},
                                 {strip.p, patch}, out, patch, strip.rows);
                kernel.add_runs({sum, patch}, {product, patch}, out, patch);
            });
        }
    });
    std::copy_n(sums.data(), W.size(), W.flat().data());
    for (std::size_t group = 1; group < groups; ++group) {
        kernel.add_runs({W.flat().data(), patch}, {sums.data() + group * W.size(), patch}, out, patch);
    }
}

}  // namespace hourglass
