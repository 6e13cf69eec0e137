// No kernel reads or writes past the end of an array: here the arrays end where a page of memory does, and
// the page behind may not be touched. (An address sanitizer does not see masked loads and stores.)
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "core/kernel_testing.hpp"

namespace hourglass {
namespace {

/// `size` ones, and then a page that ends the program when it is touched.
class PageEnd {
public:
    explicit PageEnd(std::size_t size) {
        const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        const std::size_t bytes = (size * sizeof(Scalar) + page - 1) / page * page;
        length_ = bytes + page;
        memory_ =
            mmap(nullptr, length_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory_ == MAP_FAILED ||
            mprotect(static_cast<char*>(memory_) + bytes, page, PROT_NONE) != 0) {
            throw std::bad_alloc();
        }
        data_ = reinterpret_cast<Scalar*>(static_cast<char*>(memory_) + bytes) - size;
        std::fill_n(data_, size, Scalar{1});
    }
    ~PageEnd() { munmap(memory_, length_); }
    PageEnd(const PageEnd&) = delete;
    PageEnd& operator=(const PageEnd&) = delete;

    Scalar* data() const { return data_; }

private:
    void* memory_;
    std::size_t length_;
    Scalar* data_;
};

}  // namespace

TEST_CASE("kernels: products stay within arrays that end at a page end") {
    for (const std::size_t n : {1u, 3u, 6u, 7u, 13u}) {
        for (const std::size_t m : {1u, 2u, 5u, 8u, 15u, 17u, 31u, 33u, 64u, 65u}) {
            for (const std::size_t depth : {0u, 1u, 3u, 7u, 9u, 16u, 17u, 33u, 65u}) {
                const PageEnd A(n * depth), B(depth * m), C(n * m);
                for (const Kernels* set : available_kernels()) {
                    CAPTURE(set->name);
                    CAPTURE(n);
                    CAPTURE(m);
                    CAPTURE(depth);
                    const auto holds_depth = [&] {  // sums of `depth` ones
                        const auto end = C.data() + n * m;
                        return std::all_of(C.data(), end,
                                           [&](Scalar c) { return c == Scalar(depth); });
                    };
                    set->matmul_nt({C.data(), m}, {A.data(), depth}, {B.data(), depth}, n, m,
                                   depth);
                    CHECK(holds_depth());
                    std::fill_n(C.data(), n * m, Scalar{-1});
                    if (depth <= Kernels::packed_depth) {
                        set->matmul_nt_packed({C.data(), m}, {A.data(), depth}, {B.data(), depth},
                                              n, m, depth);
                        CHECK(holds_depth());
                        std::fill_n(C.data(), n * m, Scalar{-1});
                    }
                    set->matmul_nn({C.data(), m}, {A.data(), depth}, {B.data(), m}, n, m, depth);
                    CHECK(holds_depth());
                    std::fill_n(C.data(), n * m, Scalar{-1});
                    set->matmul_tn({C.data(), m}, {A.data(), n}, {B.data(), m}, n, m, depth);
                    CHECK(holds_depth());
                }
            }
        }
    }
}

TEST_CASE("kernels: convolutions stay within arrays that end at a page end") {
    for (const std::size_t n : {1u, 5u, 7u}) {
        for (const std::size_t out : {1u, 3u, 16u, 21u}) {
            for (const std::size_t length : {1u, 9u, 16u, 33u, 70u}) {
                const std::size_t rows = 3, step = 2, pitch = (n - 1) * step + length, patch = rows * length;
                const PageEnd image(rows * pitch), W(out * patch), Z(n * out), b(out);
                const Patches p = {image.data(), step, pitch, rows, length};
                const auto z_is = [&](std::size_t value) {
                    return std::all_of(Z.data(), Z.data() + n * out,
                                       [&](Scalar z) { return z == Scalar(value); });
                };
                for (const Kernels* set : available_kernels()) {
                    CAPTURE(set->name);
                    CAPTURE(n);
                    CAPTURE(out);
                    CAPTURE(length);
                    set->convolve_dots({Z.data(), out}, p, {W.data(), patch}, b.data(), n, out);
                    CHECK(z_is(patch + 1));
                    std::fill_n(Z.data(), n * out, Scalar{-1});
                    set->convolve_channels({Z.data(), out}, p, {W.data(), out}, b.data(), n, out);
                    CHECK(z_is(patch + 1));
                    std::fill_n(Z.data(), n * out, Scalar{1});
                    set->convolve_weights({W.data(), patch}, {Z.data(), out}, p, n, 1, 0, out);
                    CHECK(std::all_of(W.data(), W.data() + out * patch,
                                      [&](Scalar w) { return w == Scalar(1 + n); }));
                    std::fill_n(W.data(), out * patch, Scalar{1});
                    set->convolve_transposed({image.data(), step, pitch, rows, length}, {Z.data(), out},
                                             {W.data(), patch}, n, out);
                    CHECK(image.data()[0] == Scalar(1 + out));
                    std::fill_n(image.data(), rows * pitch, Scalar{1});
                }
            }
        }
    }
}

TEST_CASE("kernels: everything else stays within arrays that end at a page end") {
    for (const std::size_t size : testing::awkward_sizes) {
        for (const Kernels* set : available_kernels()) {
            CAPTURE(set->name);
            CAPTURE(size);
            const PageEnd x(size), y(size), z(size), u(size);
            for (const Kernels::Function f : {set->exp, set->tanh, set->sigmoid}) {
                if (f != nullptr) {
                    f(y.data(), x.data(), size);
                }
            }
            set->tanh_backward(y.data(), x.data(), z.data(), size);
            set->sigmoid_backward(y.data(), x.data(), z.data(), size);
            set->leaky_relu(y.data(), x.data(), size, Scalar(0.2));
            set->leaky_relu_backward(y.data(), x.data(), z.data(), size, Scalar(0.2));
            CHECK(set->difference(y.data(), x.data(), z.data(), size, 2) == 0);
            set->sgd(u.data(), y.data(), x.data(), size, {1, 0, false});
            set->adagrad(u.data(), y.data(), x.data(), size, {1, 1});
            set->adam(u.data(), y.data(), z.data(), x.data(), size, {1, 1, 1, 1, 1, 1});
            const Given from(x.data(), size);
            set->repulsion(u.data(), y.data(), z.data(), x.data(), x.data(), size, {from, from, from});
            CHECK(std::all_of(z.data(), z.data() + size, [&](Scalar sum) { return sum == Scalar(size); }));

            const std::size_t rows = 3;
            const PageEnd V(rows * size), sums(size), b(size);
            set->add_to_rows({V.data(), size}, b.data(), rows, size);
            set->sum_rows(sums.data(), {V.data(), size}, rows, size);
            CHECK(std::all_of(sums.data(), sums.data() + size,
                              [&](Scalar s) { return s == Scalar(2 * rows); }));
        }
    }
}

}  // namespace hourglass
