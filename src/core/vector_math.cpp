#include "hourglass/core/vector_math.hpp"

#include <algorithm>
#include <cmath>

namespace hourglass {

void add_to_rows(Matrix& Z, std::span<const Scalar> b) {
    assert(Z.cols() == b.size());
    for (std::size_t i = 0; i < Z.rows(); ++i) {
        const std::span<Scalar> z = Z.row(i);
        for (std::size_t j = 0; j < z.size(); ++j) {
            z[j] += b[j];
        }
    }
}

void sum_rows(std::span<Scalar> s, const Matrix& V) {
    assert(V.cols() == s.size());
    std::ranges::fill(s, Scalar{0});
    for (std::size_t i = 0; i < V.rows(); ++i) {
        const std::span<const Scalar> v = V.row(i);
        for (std::size_t j = 0; j < v.size(); ++j) {
            s[j] += v[j];
        }
    }
}

void tanh(std::span<Scalar> y, std::span<const Scalar> x) {
    assert(y.size() == x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        y[i] = std::tanh(x[i]);
    }
}

void sigmoid(std::span<Scalar> y, std::span<const Scalar> x) {
    assert(y.size() == x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        y[i] = 1 / (1 + std::exp(-x[i]));  // exp overflows to infinity for x << 0, and y is then 0
    }
}

void exp(std::span<Scalar> y, std::span<const Scalar> x) {
    assert(y.size() == x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        y[i] = std::exp(x[i]);
    }
}

double squared_distance(std::span<const Scalar> a, std::span<const Scalar> b) {
    assert(a.size() == b.size());
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += difference * difference;
    }
    return sum;
}

double max_abs(std::span<const Scalar> v) {
    double largest = 0;
    for (const Scalar value : v) {
        if (std::isnan(value)) {
            return static_cast<double>(value);
        }
        largest = std::max(largest, static_cast<double>(std::abs(value)));
    }
    return largest;
}

}  // namespace hourglass
