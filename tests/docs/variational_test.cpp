// Holds docs/variational.md against the library: every number of its worked example, which comes from
// tests/reference/worked_variational.py, and every line of code that it quotes.

#include <doctest/doctest.h>

#include "docs/document.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/layers/sampling.hpp"

using namespace hourglass;
using namespace hourglass::testing;

TEST_CASE("variational.md: the quotes and the worked example are those of the library") {
    const Document page("variational.md");
    page.expect_quotes(4);
    page.expect_only({"one sample: given", "one sample: forward", "one sample: backward"});

    Block given(page, "one sample: given");
    const Matrix X = given.take_matrix("X");
    const std::size_t widths[] = {2, 1};
    Autoencoder model = variational_autoencoder(widths, numbers_in(given.take("beta")).at(0));
    REQUIRE(model.depth() == 3);
    for (const std::size_t l : {std::size_t{1}, std::size_t{3}}) {
        model.as<Dense>(l).W = given.take_matrix("W_" + std::to_string(l));
        model.as<Dense>(l).b = given.take_vector("b_" + std::to_string(l));
    }
    Workspace ws(model);
    ws.pass[2].mode = Pass::Mode::replay;
    ws.pass[2][Sampling::eps] = given.take_matrix("eps");
    given.expect_no_more();
    model.forward(ws, X);
    const double loss = model.loss(ws, X, Loss::cross_entropy);
    model.backward(ws);

    Block forward(page, "one sample: forward");
    forward.expect("Z_1", print(ws.Z[1]));
    forward.expect("sigma", print(ws.pass[2][Sampling::sigma]));
    forward.expect("Z_2", print(ws.Z[2]));
    forward.expect("Y", print(ws.Y()));
    forward.expect("KL", print(ws.pass[2].penalty));
    forward.expect("reconstruction", print(loss - ws.pass[2].penalty));
    forward.expect("loss", print(loss));
    forward.expect_no_more();
    Block backward(page, "one sample: backward");
    for (const std::string l : {"3", "1"}) {
        const Dense& dense = model.as<Dense>(l == "3" ? 3 : 1);
        backward.expect("dZ_" + l, print(ws.dZ[l == "3" ? 3 : 1]));
        backward.expect("dW_" + l, print(dense.dW));
        backward.expect("db_" + l, print(dense.db));
    }
    backward.expect("dZ_2", print(ws.dZ[2]));
    backward.expect_no_more();
}
