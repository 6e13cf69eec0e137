// The functions of elementwise.hpp by the kernels of simd/elementwise.hpp and, for exp, tanh and sigmoid,
// simd/functions.hpp; large spans on all threads.

#include "hourglass/core/elementwise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "hourglass/core/reference.hpp"
#include "run_kernel.hpp"

namespace hourglass::elementwise {
namespace {

/// y_i = f(x_i), where the kernel may be missing: there is none for doubles.
void run(Kernels::Function kernel, void (*plain)(Values, Given), Values y, Given x) {
    kernel ? run_kernel(worth_a_part, kernel, y, x) : plain(y, x);
}

// The parts that are summed by themselves depend on the size alone, so that the sum does not depend on
// the number of threads.
double squared_error_in_parts(decltype(Kernels::difference) kernel, Values dy, Given y, Given t,
                              Scalar scale) {
    constexpr std::size_t most_parts = 64;
    const std::size_t parts = y.size() < worth_a_part ? 1 : most_parts;
    std::array<double, most_parts> sums;
    in_parallel(parts, worth_a_part * parts / (y.size() + 1) + 1,
                [&](std::size_t first_part, std::size_t last_part) {
                    for (std::size_t part = first_part; part < last_part; ++part) {
                        const std::size_t first = y.size() * part / parts;
                        const std::size_t last = y.size() * (part + 1) / parts;
                        sums[part] = kernel(dy.data() + first, y.data() + first, t.data() + first,
                                            last - first, scale);
                    }
                });
    return std::accumulate(sums.begin(), sums.begin() + parts, 0.0);
}

// softplus(x) is max(x, 0) + ln(1 + exp(-|x|)) for any x, and that exp cannot overflow. The logarithm is
// what takes the time, so one is taken of the product of many factors, each between 1 and 2.
double cross_entropy_sum_by_products(Given z, Given t, double scale, double shift) {
    constexpr std::size_t block = 512;  // 2^512 is still a double
    std::array<Scalar, block> e;
    double sum = 0;
    for (std::size_t first = 0; first < z.size(); first += block) {
        const std::size_t size = std::min(block, z.size() - first);
        const Values exponentials = std::span(e).first(size);
        for (std::size_t i = 0; i < size; ++i) {
            const double z_i = static_cast<double>(z[first + i]);
            const double t_i = static_cast<double>(t[first + i]);
            sum += std::max(scale * z_i, 0.0) - (shift + t_i) * z_i;
            exponentials[i] = -static_cast<Scalar>(std::abs(scale)) * std::abs(z[first + i]);
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

void exp(Values y, Given x) {
    require_one_length("exp", y, x);
    if constexpr (reference_kernels) { return reference::exp(y, x); }
    run(kernels().exp, reference::exp, y, x);
}

void tanh(Values a, Given z) {
    require_one_length("tanh", a, z);
    if constexpr (reference_kernels) { return reference::tanh(a, z); }
    run(kernels().tanh, reference::tanh, a, z);
}

void tanh_backward(Values dz, Given da, Given a) {
    require_one_length("tanh_backward", dz, da, a);
    if constexpr (reference_kernels) { return reference::tanh_backward(dz, da, a); }
    run_kernel(worth_a_part, kernels().tanh_backward, dz, da, a);
}

void sigmoid(Values a, Given z) {
    require_one_length("sigmoid", a, z);
    if constexpr (reference_kernels) { return reference::sigmoid(a, z); }
    run(kernels().sigmoid, reference::sigmoid, a, z);
}

void sigmoid_backward(Values dz, Given da, Given a) {
    require_one_length("sigmoid_backward", dz, da, a);
    if constexpr (reference_kernels) { return reference::sigmoid_backward(dz, da, a); }
    run_kernel(worth_a_part, kernels().sigmoid_backward, dz, da, a);
}

void leaky_relu(Values a, Given z, Scalar alpha) {
    require_one_length("leaky_relu", a, z);
    if constexpr (reference_kernels) { return reference::leaky_relu(a, z, alpha); }
    run_kernel(worth_a_part, with(kernels().leaky_relu, alpha), a, z);
}

void leaky_relu_backward(Values dz, Given da, Given a, Scalar alpha) {
    require_one_length("leaky_relu_backward", dz, da, a);
    if constexpr (reference_kernels) { return reference::leaky_relu_backward(dz, da, a, alpha); }
    run_kernel(worth_a_part, with(kernels().leaky_relu_backward, alpha), dz, da, a);
}

double squared_error(Values dy, Given y, Given t, Scalar scale) {
    require_one_length("squared_error", dy, y, t);
    if constexpr (reference_kernels) { return reference::squared_error(dy, y, t, scale); }
    return squared_error_in_parts(kernels().difference, dy, y, t, scale);
}

double cross_entropy_sum(Given z, Given t, double scale, double shift) {
    require_one_length("cross_entropy_sum", z, t);
    if constexpr (reference_kernels) { return reference::cross_entropy_sum(z, t, scale, shift); }
    return cross_entropy_sum_by_products(z, t, scale, shift);
}

}  // namespace hourglass::elementwise
