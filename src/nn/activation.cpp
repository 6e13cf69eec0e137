#include "hourglass/nn/activation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/vector_math.hpp"

namespace hourglass {

void identity_forward(Matrix& A, const Matrix& Z) {
    A = Z;
}

void identity_backward(Matrix& dZ, const Matrix& dA, const Matrix& /*A*/) {
    dZ = dA;
}

// a = tanh z
void tanh_forward(Matrix& A, const Matrix& Z) {
    A.resize(Z.rows(), Z.cols());
    tanh(A.flat(), Z.flat());
}

// dz = da (1 - a^2)
void tanh_backward(Matrix& dZ, const Matrix& dA, const Matrix& A) {
    dZ.resize(A.rows(), A.cols());
    tanh_backward(dZ.flat(), dA.flat(), A.flat());
}

// a = z > 0 ? z : alpha z
void leaky_relu_forward(Matrix& A, const Matrix& Z, Scalar alpha) {
    A.resize(Z.rows(), Z.cols());
    leaky_relu(A.flat(), Z.flat(), alpha);
}

// dz = a > 0 ? da : alpha da                  (a > 0 just where z > 0)
void leaky_relu_backward(Matrix& dZ, const Matrix& dA, const Matrix& A, Scalar alpha) {
    dZ.resize(A.rows(), A.cols());
    leaky_relu_backward(dZ.flat(), dA.flat(), A.flat(), alpha);
}

void relu_forward(Matrix& A, const Matrix& Z) {
    leaky_relu_forward(A, Z, 0);
}

void relu_backward(Matrix& dZ, const Matrix& dA, const Matrix& A) {
    leaky_relu_backward(dZ, dA, A, 0);
}

// a = 1 / (1 + exp(-z))
void sigmoid_forward(Matrix& A, const Matrix& Z) {
    A.resize(Z.rows(), Z.cols());
    sigmoid(A.flat(), Z.flat());
}

// dz = da a (1 - a)
void sigmoid_backward(Matrix& dZ, const Matrix& dA, const Matrix& A) {
    dZ.resize(A.rows(), A.cols());
    sigmoid_backward(dZ.flat(), dA.flat(), A.flat());
}

// a_j = exp(z_j - max z) / sum_k exp(z_k - max z): the shift cancels, and nothing overflows
void softmax_forward(Matrix& A, const Matrix& Z) {
    A.resize(Z.rows(), Z.cols());
    for (std::size_t i = 0; i < Z.rows(); ++i) {
        const auto a = A.row(i);
        const auto z = Z.row(i);
        const Scalar largest = std::ranges::max(z);
        for (std::size_t j = 0; j < z.size(); ++j) {
            a[j] = z[j] - largest;
        }
        exp(a, a);
        Scalar sum = 0;
        for (const Scalar value : a) {
            sum += value;
        }
        for (Scalar& value : a) {
            value /= sum;
        }
    }
}

// dz_j = a_j (da_j - sum_k da_k a_k): every output of a row depends on every input of it
void softmax_backward(Matrix& dZ, const Matrix& dA, const Matrix& A) {
    dZ.resize(A.rows(), A.cols());
    for (std::size_t i = 0; i < A.rows(); ++i) {
        const auto dz = dZ.row(i);
        const auto da = dA.row(i);
        const auto a = A.row(i);
        Scalar sum = 0;
        for (std::size_t k = 0; k < a.size(); ++k) {
            sum += da[k] * a[k];
        }
        for (std::size_t j = 0; j < a.size(); ++j) {
            dz[j] = a[j] * (da[j] - sum);
        }
    }
}

void activation_forward(Matrix& A, const Matrix& Z, const Activation& f) {
    switch (f.kind) {
        case Activation::Kind::identity: return identity_forward(A, Z);
        case Activation::Kind::tanh: return tanh_forward(A, Z);
        case Activation::Kind::leaky_relu:
            return leaky_relu_forward(A, Z, static_cast<Scalar>(f.alpha));
        case Activation::Kind::relu: return relu_forward(A, Z);
        case Activation::Kind::sigmoid: return sigmoid_forward(A, Z);
        case Activation::Kind::softmax: return softmax_forward(A, Z);
    }
}

void activation_backward(Matrix& dZ, const Matrix& dA, const Matrix& A, const Activation& f) {
    switch (f.kind) {
        case Activation::Kind::identity: return identity_backward(dZ, dA, A);
        case Activation::Kind::tanh: return tanh_backward(dZ, dA, A);
        case Activation::Kind::leaky_relu:
            return leaky_relu_backward(dZ, dA, A, static_cast<Scalar>(f.alpha));
        case Activation::Kind::relu: return relu_backward(dZ, dA, A);
        case Activation::Kind::sigmoid: return sigmoid_backward(dZ, dA, A);
        case Activation::Kind::softmax: return softmax_backward(dZ, dA, A);
    }
}

namespace {

constexpr std::array<std::pair<std::string_view, Activation::Kind>, 6> names = {{
    {"identity", Activation::Kind::identity},
    {"tanh", Activation::Kind::tanh},
    {"leaky_relu", Activation::Kind::leaky_relu},
    {"relu", Activation::Kind::relu},
    {"sigmoid", Activation::Kind::sigmoid},
    {"softmax", Activation::Kind::softmax},
}};

}  // namespace

Activation activation_from_name(std::string_view name) {
    const std::size_t parenthesis = name.find('(');
    const std::string_view base = name.substr(0, parenthesis);
    for (const auto& [known, kind] : names) {
        if (base != known) {
            continue;
        }
        Activation f{.kind = kind};
        if (parenthesis == std::string_view::npos) {
            return f;
        }
        const std::string_view argument = name.substr(parenthesis + 1);
        const char* last = argument.data() + argument.size();
        const auto [end, error] = std::from_chars(argument.data(), last, f.alpha);
        if (kind == Activation::Kind::leaky_relu && error == std::errc{} && end + 1 == last &&
            *end == ')' && std::isfinite(f.alpha) && f.alpha >= 0) {
            return f;
        }
        throw Error("activation '" + std::string(name) +
                    "': only leaky_relu takes a slope, as leaky_relu(0.1), of at least 0");
    }
    throw Error("unknown activation '" + std::string(name) +
                "': expected identity, tanh, leaky_relu, relu, sigmoid or softmax");
}

std::string name_of(const Activation& f) {
    const auto found = std::ranges::find(names, f.kind, &decltype(names)::value_type::second);
    std::string name(found->first);
    if (f.kind == Activation::Kind::leaky_relu && f != Activation{.kind = f.kind}) {
        name += "(" + to_exact_text(f.alpha) + ")";
    }
    return name;
}

}  // namespace hourglass
