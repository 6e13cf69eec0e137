// Holds the pages of the convolutions against the library: every number of their worked examples, which come
// from tests/reference/worked_convolutions.py, and every line of code that they quote.

#include <doctest/doctest.h>

#include "docs/document.hpp"
#include "hourglass/core/convolution.hpp"
#include "hourglass/core/matmul.hpp"
#include "hourglass/core/reference.hpp"
#include "hourglass/nn/layers/convolution.hpp"
#include "hourglass/nn/layers/transposed_convolution.hpp"

using namespace hourglass;
using namespace hourglass::testing;

namespace {

/// Images (n, places x channels) as a row for each place.
Matrix by_places(const Matrix& images, std::size_t channels) {
    Matrix result(images.size() / channels, channels);
    std::ranges::copy(images.flat(), result.flat().begin());
    return result;
}

Matrix product(const Matrix& A, const Matrix& B) {
    Matrix C;
    matmul_nn(C, A, B);
    return C;
}

}  // namespace

TEST_CASE("convolution.md: the quotes and the worked example are those of the library") {
    const Document page("convolution.md");
    page.expect_quotes(7);
    page.expect_only({"convolution: given", "convolution: forward", "convolution: backward"});

    Block given(page, "convolution: given");
    Convolution layer({{3, 3, 1}, 2, 2}, 2);
    const Matrix X = given.take_matrix("X"), dZ = given.take_matrix("dZ");
    layer.W = given.take_matrix("W");
    layer.b = given.take_vector("b");
    given.expect_no_more();
    Pass pass(layer);
    Matrix Z, dX;
    layer.forward(Z, pass, X);
    layer.backward(dZ, pass, X);
    layer.backward_input(dX, dZ, pass, X);

    Block forward(page, "convolution: forward");
    const Matrix P = patches(X, layer.window), dP = product(by_places(dZ, 2), layer.W);
    forward.expect("P", print(P));
    forward.expect("Z", print(Z));
    forward.expect_no_more();
    Block backward(page, "convolution: backward");
    backward.expect("dW", print(layer.dW));
    backward.expect("db", print(layer.db));
    backward.expect("dP", print(dP));
    backward.expect("dX", print(dX));
    backward.expect_no_more();
    if (reference_kernels) {  // then they are left in the pass
        CHECK(pass[Convolution::P] == P);
        CHECK(pass[Convolution::dP] == dP);
    }
}

TEST_CASE("transposed_convolution.md: the quotes and the worked example are those of the library") {
    const Document page("transposed_convolution.md");
    page.expect_quotes(5);
    page.expect_only({"transposed convolution: given", "transposed convolution: forward",
                      "transposed convolution: backward"});

    Block given(page, "transposed convolution: given");
    TransposedConvolution layer({2, 2, 1}, 1, 2, 2);
    const Matrix X = given.take_matrix("X"), dZ = given.take_matrix("dZ");
    layer.W = given.take_matrix("W");
    layer.b = given.take_vector("b");
    given.expect_no_more();
    Pass pass(layer);
    Matrix Z, dX;
    layer.forward(Z, pass, X);
    const Matrix P = product(by_places(X, 1), layer.W);
    if (reference_kernels) {
        CHECK(pass[TransposedConvolution::P] == P);
    }
    layer.backward(dZ, pass, X);
    layer.backward_input(dX, dZ, pass, X);

    Block forward(page, "transposed convolution: forward");
    forward.expect("P", print(P));
    forward.expect("Z", print(Z));
    forward.expect_no_more();
    Block backward(page, "transposed convolution: backward");
    const Matrix dP = patches(dZ, layer.window);
    backward.expect("dP", print(dP));
    backward.expect("dW", print(layer.dW));
    backward.expect("db", print(layer.db));
    backward.expect("dX", print(dX));
    backward.expect_no_more();
    if (reference_kernels) {
        CHECK(pass[TransposedConvolution::dP] == dP);
    }
}
