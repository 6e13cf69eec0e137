#include "hourglass/nn/activation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "hourglass/nn/gradient_check.hpp"
#include "nn/testing.hpp"

namespace hourglass {

using testing::Kind;

namespace {

/// f(z) of the activations that work element by element, in double.
double closed_form(const Activation& f, double z) {
    switch (f.kind) {
        case Kind::identity:
            return z;
        case Kind::tanh:
            return (std::exp(z) - std::exp(-z)) / (std::exp(z) + std::exp(-z));
        case Kind::leaky_relu:
            return z > 0 ? z : f.alpha * z;
        case Kind::relu:
            return z > 0 ? z : 0;
        case Kind::sigmoid:
            return std::exp(z) / (1 + std::exp(z));
        case Kind::softmax:
            break;
    }
    return NAN;
}

/// Checks dZ against the differences of L = sum_ij c_ij a_ij, whose dA is C.
GradientCheck check_activation(const Activation& f, Matrix& Z, const Matrix& C, const Matrix& dZ) {
    Matrix A;
    const auto loss = [&] {
        activation_forward(A, Z, f);
        double sum = 0;
        for (std::size_t i = 0; i < A.size(); ++i) {
            sum += static_cast<double>(C.flat()[i]) * static_cast<double>(A.flat()[i]);
        }
        return sum;
    };
    const auto kinks = [&](std::vector<int>& sides) {
        for (const Scalar z : Z.flat()) {
            sides.push_back(z > 0);
        }
    };
    return check_gradients({{"Z", Z.flat(), dZ.flat(), {Z.rows(), Z.cols()}}}, loss, kinks);
}

}  // namespace

TEST_CASE("Activation: each forward equals its closed form") {
    Rng rng(1);
    const Matrix Z = testing::random_matrix(7, 5, rng);
    for (const Activation& f :
         {Activation{Kind::identity}, Activation{Kind::tanh}, Activation{Kind::leaky_relu},
          Activation{Kind::leaky_relu, 0.5}, Activation{Kind::relu}, Activation{Kind::sigmoid}}) {
        CAPTURE(name_of(f));
        Matrix A(2, 2, 9);  // stale
        activation_forward(A, Z, f);
        Matrix expected(7, 5);
        for (std::size_t i = 0; i < Z.size(); ++i) {
            expected.flat()[i] = static_cast<Scalar>(closed_form(f, static_cast<double>(Z.flat()[i])));
        }
        CHECK(testing::first_difference("A = f(Z) of " + name_of(f) + ": A", A, expected) == "");
    }
}

TEST_CASE("leaky_relu: A is Z above zero and alpha Z below") {
    const Matrix Z = {{-4, -1, 0, 1, 4}};
    Matrix A;
    activation_forward(A, Z, {Kind::leaky_relu, 0.25});
    CHECK(testing::first_difference("A = Z > 0 ? Z : alpha Z: A", A, {{-1, Scalar{-0.25}, 0, 1, 4}}) == "");
    activation_forward(A, Z, {Kind::relu});
    CHECK(testing::first_difference("A = Z > 0 ? Z : 0: A", A, {{0, 0, 0, 1, 4}}) == "");
}

TEST_CASE("leaky_relu: dZ is dA above zero and alpha dA below") {
    const Matrix A = {{-1, Scalar{-0.25}, 0, 1, 4}};
    Matrix dZ;
    activation_backward(dZ, Matrix(1, 5, 8), A, {Kind::leaky_relu, 0.25});
    CHECK(testing::first_difference("dZ = A > 0 ? dA : alpha dA: dZ", dZ, {{2, 2, 2, 8, 8}}) == "");
    activation_backward(dZ, Matrix(1, 5, 8), Matrix{{0, 0, 0, 1, 4}}, {Kind::relu});
    CHECK(testing::first_difference("dZ = A > 0 ? dA : 0: dZ", dZ, {{0, 0, 0, 8, 8}}) == "");
}

TEST_CASE("activation_backward: dZ is dA f'(Z), and f'(Z) follows from A") {
    const Matrix dA = {{1, 2, -2}}, A = {{0, Scalar{0.5}, Scalar{0.75}}};
    Matrix dZ;
    activation_backward(dZ, dA, A, {Kind::identity});
    CHECK(testing::first_difference("identity, dz = da: dZ", dZ, dA) == "");
    activation_backward(dZ, dA, A, {Kind::tanh});
    CHECK(testing::first_difference("tanh, dz = da (1 - a^2): dZ", dZ,
                                    {{1, Scalar{1.5}, Scalar{-0.875}}}) == "");
    activation_backward(dZ, dA, A, {Kind::sigmoid});
    CHECK(testing::first_difference("sigmoid, dz = da a (1 - a): dZ", dZ,
                                    {{0, Scalar{0.5}, Scalar{-0.375}}}) == "");
}

TEST_CASE("softmax_backward: every output of a row depends on every input of it") {
    Matrix dZ;  // dz_j = a_j (da_j - sum_k da_k a_k), and sum_k da_k a_k = 2
    softmax_backward(dZ, {{4, 2, 0}}, {{Scalar{0.25}, Scalar{0.5}, Scalar{0.25}}});
    CHECK(testing::first_difference("dz_j = a_j (da_j - sum_k da_k a_k): dZ", dZ,
                                    {{Scalar{0.5}, 0, Scalar{-0.5}}}) == "");
}

TEST_CASE("Activation: each backward matches central differences") {
    Rng rng(2);
    for (const Activation& f : testing::all_activations) {
        CAPTURE(name_of(f));
        Matrix Z = testing::random_matrix(5, 4, rng), A, dZ(2, 2, 9);
        const Matrix C = testing::random_matrix(5, 4, rng);
        activation_forward(A, Z, f);
        activation_backward(dZ, C, A, f);
        const GradientCheck check = check_activation(f, Z, C, dZ);
        CHECK_MESSAGE(check.passed(), name_of(f) << ": " << check.message());
        CHECK(check.tensors[0].compared + check.tensors[0].skipped == 20);
        CHECK(check.tensors[0].compared >= 15);
        if (!check.passed()) {
            continue;  // the twin would say no more
        }
        dZ(3, 2) += 1;  // the twin
        const GradientCheck planted = check_activation(f, Z, C, dZ);
        CHECK_FALSE(planted.passed());
        CHECK(planted.message().starts_with("Z[3,2]: "));
    }
}

TEST_CASE("softmax: equals its closed form and each row sums to 1") {
    Matrix A;
    softmax_forward(A, {{0, static_cast<Scalar>(std::log(3.0))}, {2, 2}});
    CHECK(testing::largest_difference(
              A, {{Scalar{0.25}, Scalar{0.75}}, {Scalar{0.5}, Scalar{0.5}}}) < testing::rounding);
}

TEST_CASE("softmax: does not overflow and a shift of a row changes nothing") {
    Matrix A, shifted;
    softmax_forward(A, {{1000, 0, -1000}, {-1000, -1000, -1000}, {1, 2, 3}});
    CHECK(A.row(0)[0] == 1);
    CHECK(A.row(0)[1] == 0);
    CHECK(A.row(0)[2] == 0);
    CHECK(static_cast<double>(A(1, 1)) == doctest::Approx(1.0 / 3));
    softmax_forward(shifted, {{1001, 1002, 1003}});
    CHECK(testing::largest_difference(shifted, {{A(2, 0), A(2, 1), A(2, 2)}}) < testing::rounding);
}

TEST_CASE("Activation: saturated outputs have finite values and gradients") {
    const Scalar large = 1000;
    for (const Activation& f : testing::all_activations) {
        CAPTURE(name_of(f));
        Matrix A, dZ;
        activation_forward(A, {{-large, large}}, f);
        activation_backward(dZ, {{1, 1}}, A, f);
        for (std::size_t j = 0; j < 2; ++j) {
            CHECK(std::isfinite(A(0, j)));
            CHECK(std::isfinite(dZ(0, j)));
        }
    }
}

TEST_CASE("Activation: names and activations are each other's inverse") {
    for (const char* name : {"identity", "tanh", "leaky_relu", "relu", "sigmoid", "softmax",
                             "leaky_relu(0.1)", "leaky_relu(0)", "leaky_relu(0.1234567890123)"}) {
        CHECK(name_of(activation_from_name(name)) == name);
    }
    for (const Activation& f : testing::all_activations) {
        CHECK(activation_from_name(name_of(f)) == f);
    }
    CHECK(activation_from_name("leaky_relu").alpha == 0.2);
    CHECK(activation_from_name("leaky_relu(0.1)") == Activation{Kind::leaky_relu, 0.1});
    CHECK(activation_from_name("leaky_relu(0.2)") == activation_from_name("leaky_relu"));
    CHECK(activation_from_name("leaky_relu(1e-2)").alpha == 0.01);
}

TEST_CASE("Activation: alpha tells leaky ReLUs apart and nothing else") {
    CHECK(Activation{Kind::leaky_relu, 0.1} != Activation{Kind::leaky_relu, 0.2});
    CHECK(Activation{Kind::tanh, 0.1} == Activation{Kind::tanh, 0.2});
    CHECK(Activation{Kind::tanh} != Activation{Kind::sigmoid});
}

TEST_CASE("Activation: an unknown name throws and lists those allowed") {
    for (const char* name : {"", "tan", "tanhh", "Tanh", " tanh", "(0.1)"}) {
        const std::string message = testing::error_message([&] { activation_from_name(name); });
        CAPTURE(message);
        CHECK(testing::contains(message, testing::quoted(name)));
        for (const Activation& f : testing::all_activations) {
            CHECK(testing::contains(message, name_of(f)));
        }
    }
}

TEST_CASE("Activation: a slope that makes no sense throws") {
    for (const char* name :
         {"leaky_relu(-1)", "leaky_relu(x)", "leaky_relu()", "leaky_relu(", "leaky_relu(0.1",
          "leaky_relu(0.1)x", "leaky_relu( 0.1)", "leaky_relu(0,1)", "leaky_relu(0.1))",
          "leaky_relu(nan)", "leaky_relu(inf)", "leaky_relu(1e999)", "tanh(3)", "tanh()",
          "relu(0.1)"}) {
        const std::string message = testing::error_message([&] { activation_from_name(name); });
        CHECK(testing::contains(message, testing::quoted(name)));
        CHECK(testing::contains(message, "only leaky_relu takes a slope"));
    }
}

}  // namespace hourglass
