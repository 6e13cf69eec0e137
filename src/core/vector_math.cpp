#include "hourglass/core/vector_math.hpp"

#include <algorithm>
#include <cmath>

#include "choose_kernels.hpp"

namespace hourglass {

using Values = std::span<Scalar>;
using Given = std::span<const Scalar>;

void exp(Values y, Given x) { chosen::exp(y, x); }
void tanh(Values a, Given z) { chosen::tanh(a, z); }
void tanh_backward(Values dz, Given da, Given a) { chosen::tanh_backward(dz, da, a); }
void sigmoid(Values a, Given z) { chosen::sigmoid(a, z); }
void sigmoid_backward(Values dz, Given da, Given a) { chosen::sigmoid_backward(dz, da, a); }
void leaky_relu(Values a, Given z, Scalar alpha) { chosen::leaky_relu(a, z, alpha); }
void leaky_relu_backward(Values dz, Given da, Given a, Scalar alpha) {
    chosen::leaky_relu_backward(dz, da, a, alpha);
}
double difference(Values d, Given y, Given t, Scalar scale) {
    return chosen::difference(d, y, t, scale);
}
void add_to_rows(Matrix& Z, Given b) { chosen::add_to_rows(Z, b); }
void sum_rows(Values s, const Matrix& V) { chosen::sum_rows(s, V); }

double squared_distance(Given a, Given b) {
    assert(a.size() == b.size());
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += difference * difference;
    }
    return sum;
}

double max_abs(Given v) {
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
