#include <algorithm>
#include <cmath>

#include "hourglass/core/vector_math.hpp"

namespace hourglass::reference {

using Values = std::span<Scalar>;
using Given = std::span<const Scalar>;

void exp(Values y, Given x) {
    assert(y.size() == x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        y[i] = std::exp(x[i]);
    }
}

// a = tanh z
void tanh(Values a, Given z) {
    assert(a.size() == z.size());
    for (std::size_t i = 0; i < z.size(); ++i) {
        a[i] = std::tanh(z[i]);
    }
}

// dz = da (1 - a^2)
void tanh_backward(Values dz, Given da, Given a) {
    assert(dz.size() == a.size() && da.size() == a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        dz[i] = da[i] * (1 - a[i] * a[i]);
    }
}

// a = 1 / (1 + exp(-z))
void sigmoid(Values a, Given z) {
    assert(a.size() == z.size());
    for (std::size_t i = 0; i < z.size(); ++i) {
        a[i] = 1 / (1 + std::exp(-z[i]));  // exp overflows to infinity for z << 0, and a is then 0
    }
}

// dz = da a (1 - a)
void sigmoid_backward(Values dz, Given da, Given a) {
    assert(dz.size() == a.size() && da.size() == a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        dz[i] = da[i] * a[i] * (1 - a[i]);
    }
}

// a = z > 0 ? z : alpha z
void leaky_relu(Values a, Given z, Scalar alpha) {
    assert(a.size() == z.size());
    for (std::size_t i = 0; i < z.size(); ++i) {
        a[i] = z[i] > 0 ? z[i] : alpha * z[i];
    }
}

// dz = a > 0 ? da : alpha da
void leaky_relu_backward(Values dz, Given da, Given a, Scalar alpha) {
    assert(dz.size() == a.size() && da.size() == a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        dz[i] = a[i] > 0 ? da[i] : alpha * da[i];
    }
}

// d = scale (y - t)
double difference(Values d, Given y, Given t, Scalar scale) {
    assert(d.size() == y.size() && t.size() == y.size());
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const Scalar difference = y[i] - t[i];
        d[i] = scale * difference;
        sum += static_cast<double>(difference) * static_cast<double>(difference);
    }
    return sum;
}

void add_to_rows(Matrix& Z, Given b) {
    assert(Z.cols() == b.size());
    for (std::size_t i = 0; i < Z.rows(); ++i) {
        for (std::size_t j = 0; j < Z.cols(); ++j) {
            Z(i, j) += b[j];
        }
    }
}

void sum_rows(Values s, const Matrix& V) {
    assert(V.cols() == s.size());
    std::ranges::fill(s, Scalar{0});
    for (std::size_t i = 0; i < V.rows(); ++i) {
        for (std::size_t j = 0; j < V.cols(); ++j) {
            s[j] += V(i, j);
        }
    }
}

}  // namespace hourglass::reference
