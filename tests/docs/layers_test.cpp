// Holds the pages of the layers against the library: every number of their worked examples, which come from
// tests/reference/worked_layers.py, and every line of code that they quote.

#include <doctest/doctest.h>

#include "docs/document.hpp"
#include "hourglass/nn/layers/average_pool.hpp"
#include "hourglass/nn/layers/batch_norm.hpp"
#include "hourglass/nn/layers/dropout.hpp"
#include "hourglass/nn/layers/max_pool.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "hourglass/nn/layers/upsample.hpp"
#include "hourglass/nn/make_layer.hpp"
#include "testing.hpp"

using namespace hourglass;
using namespace hourglass::testing;

namespace {

Pass pass_of(const Layer& layer, Pass::Mode mode) {
    Pass pass(layer);
    pass.mode = mode;
    return pass;
}

/// X, dZ, and then Z and dX of a layer with nothing but these to check.
void check_step(const Layer& layer, Pass& pass, Block& block) {
    const Matrix X = block.take_matrix("X"), dZ = block.take_matrix("dZ");
    Matrix Z, dX;
    layer.forward(Z, pass, X);
    layer.backward_input(dX, dZ, pass, X);
    block.expect("Z", print(Z));
    block.expect("dX", print(dX));
}

}  // namespace

TEST_CASE("sampling.md: the quotes and the worked example are those of the library") {
    const Document page("sampling.md");
    page.expect_quotes(2);
    page.expect_only({"sampling: given", "sampling: forward", "sampling: backward"});

    Block given(page, "sampling: given");
    const Matrix X = given.take_matrix("X"), eps = given.take_matrix("eps"), dZ = given.take_matrix("dZ");
    const Sampling sampling(2, numbers_in(given.take("beta")).at(0));
    given.expect_no_more();
    Pass pass = pass_of(sampling, Pass::Mode::replay);
    pass[Sampling::eps] = eps;
    Matrix Z, dX;
    sampling.forward(Z, pass, X);
    sampling.backward_input(dX, dZ, pass, X);

    Block forward(page, "sampling: forward");
    forward.expect("sigma", print(pass[Sampling::sigma]));
    forward.expect("Z", print(Z));
    forward.expect("penalty", print(pass.penalty));
    Vector KL;
    for (std::size_t i = 0; i < X.rows(); ++i) {  // the penalty of each sample by itself
        Matrix one(1, X.cols());
        std::ranges::copy(X.row(i), one.flat().begin());
        Pass alone(sampling);
        sampling.forward(Z, alone, one);
        KL.push_back(static_cast<Scalar>(alone.penalty));
    }
    forward.expect("KL", print(KL));
    forward.expect_no_more();
    Block backward(page, "sampling: backward");
    backward.expect("dX", print(dX));
    backward.expect_no_more();
}

TEST_CASE("dropout.md: the quotes and the worked example are those of the library") {
    const Document page("dropout.md");
    page.expect_quotes(2);
    page.expect_only({"dropout: one step"});
    const Dropout dropout(row_of(4), 0.2);
    Block block(page, "dropout: one step");
    Pass pass = pass_of(dropout, Pass::Mode::replay);
    pass[Dropout::M] = block.take_matrix("M");
    check_step(dropout, pass, block);
    block.expect_no_more();
}

TEST_CASE("batch_norm.md: the quotes and the worked example are those of the library") {
    const Document page("batch_norm.md");
    page.expect_quotes(4);
    page.expect_only({"batch norm: given", "batch norm: forward", "batch norm: backward"});

    Block given(page, "batch norm: given");
    BatchNorm norm({1, 2, 2});
    const Matrix X = given.take_matrix("X"), dZ = given.take_matrix("dZ");
    norm.gamma = given.take_vector("gamma");
    norm.beta = given.take_vector("beta");
    given.expect_no_more();
    Pass pass = pass_of(norm, Pass::Mode::train);
    Matrix Z, dX;
    norm.forward(Z, pass, X);
    norm.backward(dZ, pass, X);
    norm.backward_input(dX, dZ, pass, X);

    Block forward(page, "batch norm: forward");
    forward.expect("mean", print(pass[BatchNorm::mean].row(0)));
    forward.expect("rstd", print(pass[BatchNorm::rstd].row(0)));
    forward.expect("X_hat", print(pass[BatchNorm::X_hat]));
    forward.expect("Z", print(Z));
    forward.expect_no_more();
    Block backward(page, "batch norm: backward");
    backward.expect("dgamma", print(norm.dgamma));
    backward.expect("dbeta", print(norm.dbeta));
    backward.expect("dX", print(dX));
    backward.expect("running_mean", print(norm.running_mean));
    backward.expect("running_variance", print(norm.running_variance));
    backward.expect_no_more();
}

TEST_CASE("max_pool.md: the quotes and the worked example are those of the library") {
    const Document page("max_pool.md");
    page.expect_quotes(2);
    page.expect_only({"max-pooling: one step"});
    const MaxPool pool({{3, 3, 1}, 2, 2});
    Block block(page, "max-pooling: one step");
    Pass pass(pool);
    check_step(pool, pass, block);
    block.expect("largest", print(pass[MaxPool::largest]));
    block.expect_no_more();
}

TEST_CASE("average_pool.md: the quotes and the worked example are those of the library") {
    const Document page("average_pool.md");
    page.expect_quotes(2);
    page.expect_only({"average pooling: one step"});
    const AveragePool pool({{3, 3, 1}, 2, 2, 2, Window::Padding::same});
    Block block(page, "average pooling: one step");
    Pass pass(pool);
    check_step(pool, pass, block);
    block.expect_no_more();
}

TEST_CASE("upsample.md: the quotes and the worked example are those of the library") {
    const Document page("upsample.md");
    page.expect_quotes(2);
    page.expect_only({"upsampling: one step"});
    const Upsample upsample({1, 2, 1}, 2);
    Block block(page, "upsampling: one step");
    Pass pass(upsample);
    check_step(upsample, pass, block);
    block.expect_no_more();
}

TEST_CASE("model_files.md: the table of layers has each kind as messages write it") {
    const std::string page = read_text(source_dir / "docs/model_files.md");
    std::string kinds = error_message([] { make_layer("none"); });
    kinds.erase(0, kinds.find("one of ") + 7);
    std::size_t count = 0;
    for (std::size_t end = 0; end != std::string::npos;
         kinds.erase(0, end == std::string::npos ? end : end + 3)) {
        end = kinds.find("), ");
        const std::string usage = kinds.substr(0, end == std::string::npos ? end : end + 1);
        CHECK_MESSAGE(page.find("| `" + usage + "` |") != std::string::npos, usage);
        ++count;
    }
    CHECK(count == 9);
}
