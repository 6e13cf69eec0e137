#include "hourglass/nn/activation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "hourglass/core/elementwise.hpp"
#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {

namespace {

/// The numbers of M, which takes on the shape of `like`.
std::span<Scalar> resized(Matrix& M, const Matrix& like) {
    M.resize(like.rows(), like.cols());
    return M.flat();
}

}  // namespace

void activation_forward(Matrix& A, const Matrix& Z, const Activation& f) {
    using Kind = Activation::Kind;
    switch (f.kind) {
        case Kind::identity: A = Z; return;
        case Kind::tanh: return elementwise::tanh(resized(A, Z), Z.flat());
        case Kind::leaky_relu:
            return elementwise::leaky_relu(resized(A, Z), Z.flat(), static_cast<Scalar>(f.alpha));
        case Kind::relu: return elementwise::leaky_relu(resized(A, Z), Z.flat(), 0);
        case Kind::sigmoid: return elementwise::sigmoid(resized(A, Z), Z.flat());
        case Kind::softmax: return softmax_forward(A, Z);
    }
}

void activation_backward(Matrix& dZ, const Matrix& dA, const Matrix& A, const Activation& f) {
    using Kind = Activation::Kind;
    switch (f.kind) {
        case Kind::identity:
            require_same_shape("activation_backward, dA and A", dA, A);
            dZ = dA;
            return;
        case Kind::tanh: return elementwise::tanh_backward(resized(dZ, A), dA.flat(), A.flat());
        case Kind::leaky_relu:
            return elementwise::leaky_relu_backward(resized(dZ, A), dA.flat(), A.flat(),
                                                    static_cast<Scalar>(f.alpha));
        case Kind::relu:
            return elementwise::leaky_relu_backward(resized(dZ, A), dA.flat(), A.flat(), 0);
        case Kind::sigmoid:
            return elementwise::sigmoid_backward(resized(dZ, A), dA.flat(), A.flat());
        case Kind::softmax: return softmax_backward(dZ, dA, A);
    }
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
        elementwise::exp(a, a);
        Scalar sum = 0;
        for (const Scalar value : a) {
            sum += value;
        }
        for (Scalar& value : a) {
            value /= sum;
        }
    }
}

// dz_j = sum_k da_k J_kj = a_j (da_j - sum_k da_k a_k): the Jacobian J_kj = a_k ((k == j) - a_j) is never built
void softmax_backward(Matrix& dZ, const Matrix& dA, const Matrix& A) {
    require_same_shape("softmax_backward", dA, A);
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

bool saturates(const Activation& f) {
    using Kind = Activation::Kind;
    return f.kind == Kind::tanh || f.kind == Kind::sigmoid || f.kind == Kind::softmax;
}

bool has_cross_entropy(const Activation& f) {
    using Kind = Activation::Kind;
    return f.kind == Kind::tanh || f.kind == Kind::sigmoid || f.kind == Kind::softmax;
}

bool has_kink(const Activation& f) {
    return f.kind == Activation::Kind::leaky_relu || f.kind == Activation::Kind::relu;
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
