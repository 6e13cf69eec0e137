// The twins of network_gradients_test.cpp: each mistake that people make in backpropagation, planted
// into a backward pass written out here, must be caught, and where it went wrong must be named.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "hourglass/nn/gradient_check.hpp"
#include "nn/plain_network.hpp"

namespace hourglass::planted {  // names of its own, for several files are compiled together

using testing::contains;
using testing::Kind;
using testing::PlainNetwork;

namespace {

enum class Mistake {
    none,
    transposed_weights,       // dX = dZ W^T
    transposed_gradient,      // dW = X^T dZ
    missing_derivative,       // dZ = dA
    wrong_sign,               // dZ = (T - Y) ...
    missing_batch_size,       // dZ without its 1/n
    doubled_batch_size,       // dZ with 1/n twice
    forgotten_bias_gradient,  // db = 0
};

constexpr std::size_t depth = 3, width = 4, n = 3;

Matrix transposed(const Matrix& M) {
    Matrix result(M.cols(), M.rows());
    for (std::size_t i = 0; i < M.rows(); ++i) {
        for (std::size_t j = 0; j < M.cols(); ++j) {
            result(j, i) = M(i, j);
        }
    }
    return result;
}

void scale(std::span<Scalar> values, Scalar factor) {
    for (Scalar& value : values) {
        value *= factor;
    }
}

/// The backward pass, with `mistake` made at layer `at`.
void backward(PlainNetwork& network, Mistake mistake, std::size_t at) {
    Matrix dA = network.output_gradient();
    for (std::size_t l = depth; l >= 1; --l) {
        PlainNetwork::Layer& layer = network.layers[l - 1];
        const bool here = l == at;
        if ((l == depth && network.kind == Loss::cross_entropy) ||
            (here && mistake == Mistake::missing_derivative)) {
            layer.dZ = dA;
        } else {
            network.backward_activation(layer, dA);
        }
        if (here && mistake == Mistake::wrong_sign) {
            scale(layer.dZ.flat(), -1);
        }
        if (here && mistake == Mistake::missing_batch_size) {
            scale(layer.dZ.flat(), n);
        }
        if (here && mistake == Mistake::doubled_batch_size) {
            scale(layer.dZ.flat(), Scalar{1} / n);
        }
        PlainNetwork::backward_dense(layer, network.input_of(l));
        if (here && mistake == Mistake::transposed_weights) {
            PlainNetwork::Layer turned = layer;
            turned.W = transposed(layer.W);
            PlainNetwork::backward_dense(turned, network.input_of(l));
            layer.dX = turned.dX;
        }
        if (here && mistake == Mistake::transposed_gradient) {
            layer.dW = transposed(layer.dW);
        }
        if (here && mistake == Mistake::forgotten_bias_gradient) {
            std::ranges::fill(layer.db, Scalar{0});
        }
        dA = layer.dX;
    }
}

/// A network of square layers, its data, and what its gradients should be, which no mistake in a backward pass changes.
struct Case {
    Rng rng;
    testing::Output output;
    PlainNetwork network;
    std::vector<Derivatives> derivatives;

    Case(const Activation& hidden, const testing::Output& o, std::uint64_t seed)
        : rng(seed), output(o), network(width, depth, hidden, o, rng) {
        network.X = testing::random_matrix(n, width, rng);
        network.T = testing::random_targets(n, width, o, rng);
        derivatives = network.derivatives();
    }

    GradientCheck check() { return check_gradients(network.parameters(), derivatives); }

    GradientCheck check_after(Mistake mistake, std::size_t at) {
        network.loss();
        backward(network, mistake, at);
        return check();
    }
};

/// Does the message start with an element of `tensor`, and say that `right` and all after it are
/// right? An empty `right` stands for a mistake in the very last tensor.
void check_message(const GradientCheck& check, const std::string& tensor,
                   const std::string& right) {
    CAPTURE(check.message());
    CHECK_FALSE(check.passed());
    const auto found = std::ranges::find(check.tensors, tensor, &TensorCheck::tensor);
    REQUIRE(found != check.tensors.end());
    CHECK(found->worst.starts_with(tensor + "["));
    CHECK(check.message().starts_with(found->worst + ": backward says "));
    CHECK(contains(check.message(), ", central differences say "));
    CHECK(contains(check.message(), "the gradients from " + right + " on are right") ==
          !right.empty());
}

void check_hint(const GradientCheck& check, const std::string& hint) {
    CAPTURE(check.message());
    CHECK(contains(check.message(), hint));
}

/// Plants every mistake that makes sense in layer `at`.
void check_mistakes(const Activation& hidden, const testing::Output& output, std::size_t at,
                    std::uint64_t seed) {
    CAPTURE(testing::describe(hidden, output, depth));
    CAPTURE(at);
    Case c(hidden, output, seed);
    const std::string layer = "layer." + std::to_string(at);
    const std::string next = at < depth ? "layer." + std::to_string(at + 1) + ".W" : "";
    const auto skipped_in = [&](const GradientCheck& check, std::size_t tensor) {
        return check.tensors[1 + 2 * (at - 1) + tensor].skipped > 0;
    };

    const GradientCheck right = c.check_after(Mistake::none, at);
    CHECK_MESSAGE(right.passed(), right.message());

    GradientCheck check = c.check_after(Mistake::transposed_weights, at);
    check_message(check, at == 1 ? "X" : "layer." + std::to_string(at - 1) + ".b", layer + ".W");

    check = c.check_after(Mistake::transposed_gradient, at);
    check_message(check, layer + ".W", layer + ".b");
    if (!skipped_in(check, 0)) {  // which hides the pattern
        check_hint(check, layer + ": dW fits \"transposed\"");
    }

    const Activation& f = c.network.layers[at - 1].f;
    const bool fused = at == depth && output.loss == Loss::cross_entropy;
    if (f.kind != Kind::identity && !fused) {  // where f' is 1, or not computed
        check = c.check_after(Mistake::missing_derivative, at);
        check_message(check, layer + ".b", next);
    }

    check = c.check_after(Mistake::wrong_sign, at);
    check_message(check, layer + ".b", next);
    check_hint(check, layer + ": db fits \"the wrong sign\"");

    check = c.check_after(Mistake::missing_batch_size, at);
    check_message(check, layer + ".b", next);
    check_hint(check, layer + ": db fits \"3 times what it should be\"");
    check = c.check_after(Mistake::doubled_batch_size, at);
    check_message(check, layer + ".b", next);
    check_hint(check, layer + ": db fits \"0.3333 times what it should be\"");

    check = c.check_after(Mistake::forgotten_bias_gradient, at);
    check_message(check, layer + ".b", next);
    check_hint(check, layer + ": db fits \"never computed: all of it is zero\"");
}

}  // namespace

TEST_SUITE_BEGIN("the checks");

TEST_CASE("check_gradients: catches each mistake planted behind each hidden activation") {
    std::uint64_t seed = 300;
    for (const Activation& hidden : testing::all_activations) {
        for (const std::size_t at : {1u, 2u}) {
            check_mistakes(hidden, {Loss::mean_squared_error, {Kind::identity}}, at, seed++);
        }
    }
}

TEST_CASE("check_gradients: catches each mistake planted behind each loss and output") {
    std::uint64_t seed = 400;
    for (const testing::Output& output : testing::all_outputs()) {
        check_mistakes({Kind::tanh}, output, depth, seed++);
        check_mistakes({Kind::leaky_relu}, output, 2, seed++);
    }
}

TEST_CASE("check_gradients: names the one element that was spoiled in any tensor") {
    Case c({Kind::tanh}, {Loss::mean_squared_error, {Kind::tanh}}, 501);
    CHECK(c.check_after(Mistake::none, 1).passed());
    const auto message = [&] { return c.check().message(); };
    c.network.layers[0].dX(2, 1) += 1;
    CHECK(message().starts_with("X[2,1]: backward says "));
    c.network.layers[0].dW(3, 0) += 1;
    CHECK(message().starts_with("layer.1.W[3,0]: backward says "));
    c.network.layers[1].db[2] += 1;
    CHECK(message().starts_with("layer.2.b[2]: backward says "));
    CHECK(contains(message(), "the gradients from layer.3.W on are right"));
    c.network.layers[2].dW(1, 2) += 1;  // nearer to the output, so it is named first
    CHECK(message().starts_with("layer.3.W[1,2]: backward says "));
    c.network.layers[2].db[0] += 1;
    CHECK(message().starts_with("layer.3.b[0]: backward says "));
    CHECK_FALSE(contains(message(), "are right"));
}

TEST_CASE("check_gradients: sees gradients left over from another batch") {
    Case c({Kind::tanh}, {Loss::mean_squared_error, {Kind::tanh}}, 502);
    CHECK(c.check_after(Mistake::none, 1).passed());
    c.network.X = testing::random_matrix(n, width, c.rng);
    c.derivatives = c.network.derivatives();
    CHECK_FALSE(c.check().passed());
}

TEST_SUITE_END();

}  // namespace hourglass::planted
