// The functions of elementwise.hpp by the kernels of simd/functions.hpp, large spans on all threads.

#include "hourglass/core/elementwise.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "hourglass/core/reference.hpp"
#include "hourglass/core/threads.hpp"
#include "one_length.hpp"
#include "simd/kernels.hpp"

namespace hourglass::elementwise {
namespace {

using Values = std::span<Scalar>;
using Given = std::span<const Scalar>;

constexpr std::size_t worth_a_part = 1 << 13;  // numbers: some microseconds of work

/// kernel(y, x, size, options...) in parts.
template <class Kernel, class... Option>
void run(Kernel kernel, Values y, Given x, Option... option) {
    in_parallel_by_lines(y.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
        kernel(y.data() + first, x.data() + first, last - first, option...);
    });
}

/// kernel(dz, da, a, size, options...) in parts.
template <class Kernel, class... Option>
void run(Kernel kernel, Values dz, Given da, Given a, Option... option) {
    in_parallel_by_lines(dz.size(), worth_a_part, [&](std::size_t first, std::size_t last) {
        kernel(dz.data() + first, da.data() + first, a.data() + first, last - first, option...);
    });
}

}  // namespace

void exp(Values y, Given x) {
    require_one_length("exp", y, x);
    if constexpr (reference_kernels) {
        reference::exp(y, x);
    } else {
        kernels().exp ? run(kernels().exp, y, x) : reference::exp(y, x);
    }
}

void tanh(Values a, Given z) {
    require_one_length("tanh", a, z);
    if constexpr (reference_kernels) {
        reference::tanh(a, z);
    } else {
        kernels().tanh ? run(kernels().tanh, a, z) : reference::tanh(a, z);
    }
}

void tanh_backward(Values dz, Given da, Given a) {
    require_one_length("tanh_backward", dz, da, a);
    if constexpr (reference_kernels) {
        reference::tanh_backward(dz, da, a);
    } else {
        run(kernels().tanh_backward, dz, da, a);
    }
}

void sigmoid(Values a, Given z) {
    require_one_length("sigmoid", a, z);
    if constexpr (reference_kernels) {
        reference::sigmoid(a, z);
    } else {
        kernels().sigmoid ? run(kernels().sigmoid, a, z) : reference::sigmoid(a, z);
    }
}

void sigmoid_backward(Values dz, Given da, Given a) {
    require_one_length("sigmoid_backward", dz, da, a);
    if constexpr (reference_kernels) {
        reference::sigmoid_backward(dz, da, a);
    } else {
        run(kernels().sigmoid_backward, dz, da, a);
    }
}

void leaky_relu(Values a, Given z, Scalar alpha) {
    require_one_length("leaky_relu", a, z);
    if constexpr (reference_kernels) {
        reference::leaky_relu(a, z, alpha);
    } else {
        run(kernels().leaky_relu, a, z, alpha);
    }
}

void leaky_relu_backward(Values dz, Given da, Given a, Scalar alpha) {
    require_one_length("leaky_relu_backward", dz, da, a);
    if constexpr (reference_kernels) {
        reference::leaky_relu_backward(dz, da, a, alpha);
    } else {
        run(kernels().leaky_relu_backward, dz, da, a, alpha);
    }
}

namespace {

// The parts that are summed by themselves depend on the size alone, so that the sum does not depend on
// the number of threads.
double difference_in_parts(Values d, Given y, Given t, Scalar scale) {
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

// softplus(x) is max(x, 0) + ln(1 + exp(-|x|)) for any x, and that exp cannot overflow. The logarithm is
// what takes the time, so one is taken of the product of many factors, each between 1 and 2.
double softplus_sum_by_products(Given z, Given t, double scale, double shift) {
    constexpr std::size_t block = 512;  // 2^512 is still a double
    std::array<Scalar, block> e;
    double sum = 0;
    for (std::size_t first = 0; first < z.size(); first += block) {
        const std::size_t size = std::min(block, z.size() - first);
        const std::span<Scalar> exponentials = std::span(e).first(size);
        for (std::size_t i = 0; i < size; ++i) {
            const double z_i = static_cast<double>(z[first + i]);
            const double t_i = static_cast<double>(t[first + i]);
            sum += std::max(scale * z_i, 0.0) - (shift + t_i) * z_i;
            exponentials[i] = -static_cast<Scalar>(scale) * std::abs(z[first + i]);
        }
        exp(exponentials, exponentials);
        double product = 1;
        for (const Scalar e_i : exponentials) {
            product *= 1 + static_cast<double>(e_i);
        }
        sum += std::log(product);
    }
    return sum;
}

}  // namespace

double difference(Values d, Given y, Given t, Scalar scale) {
    require_one_length("difference", d, y, t);
    if constexpr (reference_kernels) {
        return reference::difference(d, y, t, scale);
    } else {
        return difference_in_parts(d, y, t, scale);
    }
}

double softplus_sum(Given z, Given t, double scale, double shift) {
    require_one_length("softplus_sum", z, t);
    if constexpr (reference_kernels) {
        return reference::softplus_sum(z, t, scale, shift);
    } else {
        return softplus_sum_by_products(z, t, scale, shift);
    }
}

}  // namespace hourglass::elementwise
