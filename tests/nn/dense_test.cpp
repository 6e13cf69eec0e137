#include "hourglass/nn/layers/dense.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "hourglass/nn/gradient_check.hpp"
#include "nn/testing.hpp"

namespace hourglass {

using testing::first_difference;

namespace {

Dense random_dense(std::size_t in, std::size_t out, Rng& rng) {
    Dense dense(in, out);
    dense.initialize(Initialization::layer_scaled, rng);
    return dense;
}

}  // namespace

TEST_CASE("Dense: a new one has its shapes and is zero") {
    const Dense dense(3, 2);
    CHECK(dense.in() == 3);
    CHECK(dense.out() == 2);
    CHECK(dense.W == Matrix(2, 3));
    CHECK(dense.dW == Matrix(2, 3));
    CHECK(dense.b == Vector(2));
    CHECK(dense.db == Vector(2));
}

TEST_CASE("Dense: forward is X W^T + b") {
    Dense dense(3, 2);
    dense.W = {{1, 2, 3}, {4, 5, 6}};
    dense.b = {10, 20};
    Matrix Z(7, 7, 9);
    Pass pass;
    dense.forward(Z, pass, {{1, 0, 0}, {0, 1, 0}, {1, 1, -1}});
    CHECK(first_difference("Z = X W^T + b: Z", Z, {{11, 24}, {12, 25}, {10, 23}}) == "");
}

TEST_CASE("Dense: backward overwrites the gradients of the step before") {
    Rng rng(2);
    Dense dense = random_dense(3, 2, rng);
    const Matrix X = testing::random_matrix(4, 3, rng), dZ = testing::random_matrix(4, 2, rng);
    Pass pass;
    dense.backward(dZ, pass, X);
    const Matrix dW = dense.dW;
    const Vector db = dense.db;
    dense.backward(dZ, pass, X);
    // The same sums twice: the same bits.
    CHECK(first_difference("the second time, dW", dense.dW, dW, 0) == "");
    CHECK(first_difference("the second time, db", dense.db, db, 0) == "");
}

TEST_CASE("Dense: backward is dZ^T X and sum_i dZ_i") {
    Dense dense(3, 2);
    dense.dW = Matrix(2, 3, 9);
    dense.db = {9, 9};
    Pass pass;
    dense.backward({{1, 10}, {2, 20}}, pass, {{1, 2, 3}, {0, 1, 0}});
    CHECK(first_difference("dW = dZ^T X: dW", dense.dW, {{1, 4, 3}, {10, 40, 30}}) == "");
    CHECK(first_difference("db = sum_i dZ_i: db", dense.db, Vector{3, 30}) == "");
}

TEST_CASE("Dense: backward_input is dZ W") {
    Dense dense(3, 2);
    dense.W = {{1, 2, 3}, {4, 5, 6}};
    Matrix dX(7, 7, 9);
    Pass pass;
    dense.backward_input(dX, {{1, 10}, {2, 20}}, pass, {{1, 2, 3}, {0, 1, 0}});
    CHECK(first_difference("dX = dZ W: dX", dX, {{41, 52, 63}, {82, 104, 126}}) == "");
}

namespace {

/// Those of W and b, or that of X, against central differences, over several shapes.
void check_gradients_of_dense(bool of_input) {
    Rng rng(1);
    using Shape = std::array<std::size_t, 3>;  // n, in, out
    for (const Shape& shape :
         std::vector<Shape>{{5, 4, 3}, {1, 3, 4}, {3, 1, 5}, {4, 5, 1}, {2, 6, 6}}) {
        const auto n = shape[0], in = shape[1], out = shape[2];
        CAPTURE(in);
        CAPTURE(out);
        Dense dense = random_dense(in, out, rng);
        Matrix X = testing::random_matrix(n, in, rng), Z, dX;
        Pass pass;
        const auto loss = [&] {  // L = sum z^2 / 2
            dense.forward(Z, pass, X);
            double sum = 0;
            for (const Scalar z : Z.flat()) {
                sum += static_cast<double>(z) * static_cast<double>(z) / 2;
            }
            return sum;
        };
        loss();
        const Matrix dZ = Z;
        of_input ? dense.backward_input(dX, dZ, pass, X) : dense.backward(dZ, pass, X);
        const std::vector<Parameter> parameters =
            of_input ? std::vector<Parameter>{{"X", X.flat(), dX.flat(), {n, in}}}
                     : std::vector<Parameter>{{"W", dense.W.flat(), dense.dW.flat(), {out, in}},
                                              {"b", dense.b, dense.db, {out}}};
        const GradientCheck check = check_gradients(parameters, loss);
        CHECK_MESSAGE(check.passed(), check.message());
        if (!check.passed()) {
            continue;  // the twin would say no more
        }
        (of_input ? dX(n - 1, in - 1) : dense.db[out - 1]) *= 2;
        const GradientCheck planted = check_gradients(parameters, loss);
        CHECK_FALSE(planted.passed());
        CHECK(planted.message().starts_with(parameters.back().element_name(of_input ? n * in - 1 : out - 1)));
    }
}

}  // namespace

TEST_CASE("Dense: backward matches central differences") {
    check_gradients_of_dense(false);
}

TEST_CASE("Dense: backward_input matches central differences") {
    check_gradients_of_dense(true);
}

}  // namespace hourglass
