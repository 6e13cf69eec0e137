// The bits of a result depend neither on the instruction set nor on the number of threads.
#include <doctest/doctest.h>

#include <functional>
#include <numeric>
#include <vector>

#include "core/kernel_testing.hpp"
#include "hourglass/core/elementwise.hpp"
#include "hourglass/core/matmul.hpp"
#include "hourglass/core/matrix.hpp"
#include "hourglass/core/reference.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/core/updates.hpp"
#include "hourglass/core/window.hpp"

namespace hourglass {

using testing::normal_values;
using testing::same_bits;

namespace {

constexpr SgdUpdate momentum = {Scalar(0.1), Scalar(0.9), false};
constexpr SgdUpdate nesterov = {Scalar(0.1), Scalar(0.9), true};
constexpr AdagradUpdate adagrad = {Scalar(0.1), Scalar(1e-10)};
constexpr AdamUpdate adam = {Scalar(0.01), Scalar(1e-8), Scalar(0.1),
                             Scalar(1e-3), Scalar(3.7),  Scalar(334)};

/// Everything that a computation writes, one after the other.
using Results = std::vector<Vector>;

void check_same(const Results& found, const Results& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t r = 0; r < found.size(); ++r) {
        CAPTURE(r);
        CHECK_FALSE(expected[r].empty());
        CHECK(same_bits(found[r], expected[r]));
    }
}

/// The same results by the kernels of every instruction set?
void check_instruction_sets(const std::function<Results(const Kernels&)>& compute) {
    const std::vector<const Kernels*> sets = testing::fused_kernels();
    const Results expected = compute(*sets[0]);
    for (const Kernels* set : sets) {
        CAPTURE(set->name);
        check_same(compute(*set), expected);
    }
}

/// The same results on 1, 2, 3 and 7 threads?
void check_thread_counts(const std::function<Results()>& compute) {
    const auto on = [&](int count) {
        const testing::WithThreads with(count);
        return compute();
    };
    const Results expected = on(1);
    for (const int count : {1, 2, 3, 7}) {
        CAPTURE(count);
        check_same(on(count), expected);
    }
}

Vector copy_of(const Matrix& V) {
    return {V.flat().begin(), V.flat().end()};
}

/// A double as two numbers of type Scalar, which together have all its bits that count here.
Vector parts_of_double(double x) {
    const Scalar high = static_cast<Scalar>(x);
    const double rest = x - static_cast<double>(high);
    const Scalar middle = static_cast<Scalar>(rest);
    return {high, middle, static_cast<Scalar>(rest - static_cast<double>(middle))};
}

}  // namespace

TEST_CASE("same bits: convolutions on every instruction set, which all compute what plain loops do") {
    Rng rng(7);
    for (const std::size_t out : {1u, 5u, 16u, 37u}) {
        for (const std::size_t channels : {1u, 4u, 11u, 32u}) {
            const Window window({5, 17, channels}, 3, 3, 2);  // two rows of 8 places
            const std::size_t n = window.places_across, patch = window.patch(), pitch = 17 * channels;
            const Vector x = normal_values(window.image.size(), rng), z = normal_values(2 * n * out, rng),
                         w = normal_values(out * patch, rng), b = normal_values(out, rng);
            Vector w_T(w.size());
            for (std::size_t p = 0; p < w.size(); ++p) {
                w_T[p % patch * out + p / patch] = w[p];
            }
            const auto compute = [&](const Kernels& set) {
                const Patches row = {x.data(), 2 * channels, pitch, 3, 3 * channels};
                Results results = {Vector(n * out), Vector(n * out), Vector(x.size()), w};
                set.convolve_channels({results[0].data(), out}, row, {w_T.data(), out}, b.data(), n, out);
                set.convolve_dots({results[1].data(), out}, row, {w.data(), patch}, b.data(), n, out);
                set.convolve_transposed({results[2].data(), row.step, pitch, 3, row.length}, {z.data(), out},
                                        {w.data(), patch}, n, out);
                set.convolve_weights({results[3].data(), patch}, {z.data(), out}, row, n, 2, 2 * pitch, out);
                return results;
            };
            check_instruction_sets(compute);
            Results loops = {Vector(n * out), Vector(n * out), Vector(x.size()), w};
            for (std::size_t r = 0; r < 2 * n; ++r) {
                for (std::size_t j = 0; j < out; ++j) {
                    Scalar sum = b[j];
                    for (std::size_t k = 0; k < patch; ++k) {
                        const std::size_t at = window.position(r, k);
                        sum += x[at] * w[j * patch + k];
                        loops[2][at] += r < n ? z[r * out + j] * w[j * patch + k] : 0;
                        loops[3][j * patch + k] += z[r * out + j] * x[at];
                    }
                    if (r < n) { loops[0][r * out + j] = loops[1][r * out + j] = sum; }
                }
            }
            for (const Kernels* set : available_kernels()) {
                CAPTURE(set->name);
                const Results found = compute(*set);
                for (std::size_t i = 0; i < loops.size(); ++i) {
                    CHECK(testing::first_difference("kernel " + std::to_string(i), found[i], loops[i],
                                                    20 * testing::rounding) == "");
                }
            }
        }
    }
}

TEST_CASE("same bits: products on every instruction set with a fused multiply-add") {
    Rng rng(1);
    for (const auto& shape : std::vector<std::array<std::size_t, 3>>{
             {1, 1, 97}, {7, 5, 33}, {13, 65, 129}, {32, 35, 20}, {61, 127, 64}, {19, 33, 1}}) {
        const std::size_t n = shape[0], m = shape[1], depth = shape[2];
        CAPTURE(n);
        CAPTURE(m);
        CAPTURE(depth);
        const Vector A = normal_values(n * depth, rng), B = normal_values(m * depth, rng);
        check_instruction_sets([&](const Kernels& set) {
            Results c(4, Vector(n * m));
            set.matmul_nt({c[0].data(), m}, {A.data(), depth}, {B.data(), depth}, n, m, depth);
            set.matmul_nn({c[1].data(), m}, {A.data(), depth}, {B.data(), m}, n, m, depth);
            set.matmul_tn({c[2].data(), m}, {A.data(), n}, {B.data(), m}, n, m, depth);
            if (depth <= Kernels::packed_depth) {
                set.matmul_nt_packed({c[3].data(), m}, {A.data(), depth}, {B.data(), depth}, n, m,
                                     depth);
            }
            return c;
        });
    }
}

TEST_CASE("same bits: elementwise functions on every instruction set with a fused multiply-add") {
    Rng rng(2);
    for (const std::size_t size : {1u, 5u, 16u, 17u, 1000u, 4099u}) {
        CAPTURE(size);
        const Vector x = normal_values(size, rng), a = normal_values(size, rng);
        Vector wide = x;
        for (Scalar& value : wide) {
            value *= 20;
        }
        check_instruction_sets([&](const Kernels& set) {
            Results y(6, Vector(size));
            set.tanh_backward(y[0].data(), x.data(), a.data(), size);
            set.sigmoid_backward(y[1].data(), x.data(), a.data(), size);
            set.leaky_relu(y[2].data(), x.data(), size, Scalar(0.2));
            set.leaky_relu_backward(y[3].data(), x.data(), a.data(), size, Scalar(0.2));
            y.push_back(parts_of_double(
                set.difference(y[4].data(), x.data(), a.data(), size, Scalar(0.3))));
            set.sum_rows(y[5].data(), {x.data(), 1}, size, 1);
            y.push_back(x);
            set.add_to_rows({y.back().data(), size}, a.data(), 1, size);
            for (const Kernels::Function f : {set.exp, set.tanh, set.sigmoid}) {
                for (const Vector& input : {x, wide}) {
                    Vector result(size, 1);
                    if (f != nullptr) {  // the reference stands in for all sets otherwise
                        f(result.data(), input.data(), size);
                    }
                    y.push_back(result);
                }
            }
            return y;
        });
    }
}

TEST_CASE("same bits: updates on every instruction set with a fused multiply-add") {
    Rng rng(3);
    for (const std::size_t size : {1u, 5u, 16u, 17u, 1000u}) {
        CAPTURE(size);
        const Vector start = normal_values(size, rng), g = normal_values(size, rng);
        check_instruction_sets([&](const Kernels& set) {
            Results y(8, start);
            y[5] = y[7] = Vector(size, Scalar(0.3));  // sums of squares
            Vector w = start;  // not compared: with AVX-512, Adam's quotient is approximate
            for (int step = 0; step < 2; ++step) {
                set.sgd(y[0].data(), y[1].data(), g.data(), size, momentum);
                set.sgd(y[2].data(), y[3].data(), g.data(), size, nesterov);
                set.adagrad(y[4].data(), y[5].data(), g.data(), size, adagrad);
                set.adam(w.data(), y[6].data(), y[7].data(), g.data(), size, adam);
            }
            return y;
        });
    }
}

TEST_CASE("same bits: products on any number of threads") {
    Rng rng(4);
    for (const auto& shape : std::vector<std::array<std::size_t, 3>>{
             {300, 500, 400}, {20, 1024, 256}, {257, 300, 19}, {300, 60, 400}}) {
        // The plain loops, which a debug build runs, are split for no thread: a part of them proves as much.
        constexpr std::size_t share = reference_kernels ? 8 : 1;
        const std::size_t n = shape[0] / share, k = shape[1] / share, m = shape[2] / share;
        const Matrix A = testing::random_matrix(n, k, rng), A_t = testing::random_matrix(k, n, rng);
        const Matrix B = testing::random_matrix(k, m, rng), B_t = testing::random_matrix(m, k, rng);
        check_thread_counts([&] {
            Matrix nt, nn, tn;
            matmul_nt(nt, A, B_t);
            matmul_nn(nn, A, B);
            matmul_tn(tn, A_t, B);
            return Results{copy_of(nt), copy_of(nn), copy_of(tn)};
        });
    }
}

TEST_CASE("same bits: elementwise functions on any number of threads") {
    Rng rng(5);
    constexpr std::size_t size = 100'003;
    const Vector x = normal_values(size, rng), a = normal_values(size, rng);
    check_thread_counts([&] {
        Results y(8, Vector(size));
        elementwise::exp(y[0], x);
        elementwise::tanh(y[1], x);
        elementwise::sigmoid(y[2], x);
        elementwise::tanh_backward(y[3], x, a);
        elementwise::sigmoid_backward(y[4], x, a);
        elementwise::leaky_relu(y[5], x, Scalar(0.2));
        elementwise::leaky_relu_backward(y[6], x, a, Scalar(0.2));
        y.push_back(parts_of_double(elementwise::squared_error(y[7], x, a, Scalar(0.3))));
        return y;
    });
}

TEST_CASE("same bits: rows and their sums on any number of threads") {
    Rng rng(6);
    for (const auto& shape :
         std::vector<std::array<std::size_t, 2>>{{301, 211}, {9001, 3}, {3, 20011}}) {
        const std::size_t rows = shape[0], cols = shape[1];
        const Matrix V = testing::random_matrix(rows, cols, rng);
        const Vector b = normal_values(cols, rng);
        std::vector<std::size_t> indices(rows);
        for (std::size_t& index : indices) {
            index = rng.below(rows);
        }
        check_thread_counts([&] {
            Matrix Z = V, gathered;
            Vector s(cols);
            add_to_rows(Z, b);
            sum_rows(s, V);
            gather_rows(gathered, V, indices);
            return Results{copy_of(Z), s, copy_of(gathered)};
        });
    }
}

TEST_CASE("same bits: updates on any number of threads") {
    Rng rng(7);
    constexpr std::size_t size = 100'003;
    const Vector start = normal_values(size, rng), g = normal_values(size, rng);
    check_thread_counts([&] {
        Results y(7, start);
        y[3] = y[6] = Vector(size, Scalar(0.3));
        for (int step = 0; step < 2; ++step) {
            sgd_update(y[0], y[1], g, momentum);
            adagrad_update(y[2], y[3], g, adagrad);
            adam_update(y[4], y[5], y[6], g, adam);
        }
        return y;
    });
}

}  // namespace hourglass
