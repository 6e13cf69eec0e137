// The functions of vector_math.hpp by the kernels of simd/functions.hpp, large spans on all threads.

#include <array>

#include "hourglass/core/threads.hpp"
#include "hourglass/core/vector_math.hpp"
#include "simd/kernels.hpp"

namespace hourglass::fast {
namespace {

using Values = std::span<Scalar>;
using Given = std::span<const Scalar>;

constexpr std::size_t worth_a_part = 1 << 13;  // numbers: some microseconds of work

/// kernel(y, x..., size, options...) in parts, for inputs of one length.
template <class Kernel, class... Option>
void run(Kernel kernel, Values y, Given x, Option... option) {
    assert(y.size() == x.size());
    in_parallel_by_lines(y.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
        kernel(y.data() + first, x.data() + first, last - first, option...);
    });
}

template <class Kernel, class... Option>
void run(Kernel kernel, Values dz, Given da, Given a, Option... option) {
    assert(dz.size() == a.size() && da.size() == a.size());
    in_parallel_by_lines(dz.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
        kernel(dz.data() + first, da.data() + first, a.data() + first, last - first, option...);
    });
}

/// The fewest rows, or columns, of a matrix that make a part, where each has `length` numbers.
std::size_t least_of(std::size_t length) {
    return worth_a_part / (length + 1) + 1;
}

}  // namespace

void exp(Values y, Given x) {
    kernels().exp ? run(kernels().exp, y, x) : reference::exp(y, x);
}

void tanh(Values a, Given z) {
    kernels().tanh ? run(kernels().tanh, a, z) : reference::tanh(a, z);
}

void tanh_backward(Values dz, Given da, Given a) {
    run(kernels().tanh_backward, dz, da, a);
}

void sigmoid(Values a, Given z) {
    kernels().sigmoid ? run(kernels().sigmoid, a, z) : reference::sigmoid(a, z);
}

void sigmoid_backward(Values dz, Given da, Given a) {
    run(kernels().sigmoid_backward, dz, da, a);
}

void leaky_relu(Values a, Given z, Scalar alpha) {
    run(kernels().leaky_relu, a, z, alpha);
}

void leaky_relu_backward(Values dz, Given da, Given a, Scalar alpha) {
    run(kernels().leaky_relu_backward, dz, da, a, alpha);
}

// The parts that are summed by themselves depend on the size alone, so that the sum does not depend on
// the number of threads.
double difference(Values d, Given y, Given t, Scalar scale) {
    assert(d.size() == y.size() && t.size() == y.size());
    constexpr std::size_t most_parts = 64;
    const std::size_t parts = y.size() < worth_a_part ? 1 : most_parts;
    std::array<double, most_parts> sums;
    in_parallel(parts, worth_a_part * parts / (y.size() + 1) + 1,
                [&](std::size_t first_part, std::size_t last_part) {
                    for (std::size_t part = first_part; part < last_part; ++part) {
                        const std::size_t first = y.size() * part / parts;
                        const std::size_t last = y.size() * (part + 1) / parts;
                        sums[part] = kernels().difference(d.data() + first, y.data() + first,
                                                          t.data() + first, last - first, scale);
                    }
                });
    double sum = 0;
    for (std::size_t part = 0; part < parts; ++part) {
        sum += sums[part];
    }
    return sum;
}

void add_to_rows(Matrix& Z, Given b) {
    assert(Z.cols() == b.size());
    in_parallel(Z.rows(), least_of(Z.cols()), [&](std::size_t first, std::size_t last) {
        kernels().add_to_rows({Z.flat().data() + first * Z.cols(), Z.cols()}, b.data(),
                              last - first, Z.cols());
    });
}

void sum_rows(Values s, const Matrix& V) {
    assert(V.cols() == s.size());
    in_parallel(V.cols(), least_of(V.rows()), [&](std::size_t first, std::size_t last) {
        kernels().sum_rows(s.data() + first, {V.flat().data() + first, V.cols()}, V.rows(),
                           last - first);
    });
}

}  // namespace hourglass::fast
