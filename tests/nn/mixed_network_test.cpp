// Nets with layers of all kinds mixed: their gradients, the same bits for any number of threads, and a model that
// two workspaces share.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>

#include "hourglass/core/reference.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/divergence.hpp"
#include "hourglass/nn/layers/dropout.hpp"
#include "hourglass/nn/layers/sampling.hpp"
#include "hourglass/nn/minibatches.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "hourglass/nn/parse_layers.hpp"
#include "nn/layer_testing.hpp"

namespace hourglass {
namespace {

struct Net {
    std::string layers;
    ImageShape input;
    Loss loss;
};

const std::array<Net, 7> nets = {{
    {"average_pool(3x3,same) tanh, batch_norm relu, max_pool(2x2,s2), dropout(0.3), dense(3) tanh",
     {5, 4, 2},
     Loss::mean_squared_error},
    {"dense(6,no_bias), batch_norm leaky_relu(0.1), dense(4), sampling(2,0.5), dense(5) tanh, dense(9) "
     "sigmoid",
     {3, 3, 1},
     Loss::cross_entropy},
    {"conv(3,3x3,s2,same,no_bias), batch_norm tanh, max_pool(2x2), dense(4), sampling(2,0.5), dense(8) tanh, "
     "conv_transposed(2x2x2,3,3x2,s2,no_bias), batch_norm tanh, dropout(0.2), conv(1,2x2) sigmoid",
     {5, 6, 1},
     Loss::cross_entropy},
    {"conv_transposed(2,2x2,s3) tanh, average_pool(2x2,s2), upsample(2) tanh, conv(2,1x3,s2) tanh",
     {2, 3, 1},
     Loss::mean_squared_error},
    {"max_pool(2x2) tanh, upsample(2), average_pool(2x3,s3), batch_norm, dense(2) softmax",
     {3, 4, 2},
     Loss::cross_entropy},
    {"dropout(0.2), dense(4), sampling(2,3), dropout(0.5) sigmoid, dense(8), upsample(2x2x2,2) tanh",
     {2, 2, 2},
     Loss::cross_entropy},
    {"upsample(2) sigmoid, max_pool(3x3,s2,same), batch_norm tanh, average_pool(2x2), dense(4)",
     {2, 3, 1},
     Loss::mean_squared_error},
}};

Network make(const Net& net) {
    auto layers = parse_layers(net.layers, net.input);
    for (std::size_t l = 0; l < layers.size(); ++l) {
        layers[l]->name = "layer." + std::to_string(l);
    }
    return Network(std::move(layers));
}

Matrix targets_for(const Net& net, const Network& network, std::size_t n, Rng& rng) {
    return testing::random_targets(n, network.out(), {net.loss, network.layer(network.depth()).activation},
                                   rng);
}

}  // namespace

TEST_SUITE_BEGIN("several layers");

TEST_CASE("Network: of all kinds of layers mixed, backward matches central differences") {
    std::uint64_t seed = 1000;
    for (const Net& net : nets) {
        CAPTURE(net.layers);
        Rng rng(seed);
        Network network = make(net);
        testing::randomize(network, rng);
        const Matrix X = testing::random_matrix(3, network.in(), rng);
        const Matrix T = targets_for(net, network, 3, rng);
        Workspace trains(network, seed), evaluates(network);
        for (Workspace* const ws : {&trains, &evaluates}) {
            const GradientCheck check = testing::check_step(network, *ws, X, T, net.loss);
            CHECK_MESSAGE(check.passed(), check.message());
            std::size_t compared = 0, skipped = 0;
            for (const TensorCheck& tensor : check.tensors) {
                compared += tensor.compared;
                skipped += tensor.skipped;
            }
            CHECK(compared > 4 * skipped);
        }
        ++seed;
    }
}

TEST_CASE("Network: of all kinds of layers mixed, any number of threads gives the same bits") {
    const Net net = {
        "conv(8,3x3,same,no_bias), batch_norm relu, max_pool(2x2,s2), dropout(0.3), dense(40), "
        "sampling(20), dense(200) tanh, batch_norm relu, dense(100), conv_transposed(5x5x4,8,3x3,s2,same) "
        "relu, upsample(2), average_pool(3x3,same) sigmoid",
        {20, 20, 4},
        Loss::cross_entropy};
    constexpr std::size_t n = reference_kernels ? 2 : 24;  // the plain loops are split for none
    std::vector<Vector> before;
    for (const int count : {1, 2, 3}) {
        CAPTURE(count);
        const testing::WithThreads with(count);
        Rng rng(1);
        Network network = make(net);
        initialize(network, Initialization::xavier, rng);
        Workspace ws(network, 2);
        Adam adam(network.parameters(), {});
        const Matrix X = testing::random_matrix(n, network.in(), rng), T(n, network.out(), Scalar{0.25});
        for (int step = 0; step < (testing::scalar_is_double ? 1 : 3); ++step) {
            network.forward(ws, X);
            network.loss(ws, T, net.loss);
            network.backward(ws);
            adam.step();
        }
        std::vector<Vector> after;
        for (const Parameter& p : network.parameters()) {
            after.emplace_back(p.value.begin(), p.value.end());
        }
        CHECK((before.empty() || before == after));
        before = std::move(after);
    }
}

TEST_CASE("Network: evaluation is the same while another workspace trains") {
    const Net& net = nets[0];
    Rng rng(3);
    Network network = make(net);
    testing::randomize(network, rng);
    const Matrix X = testing::random_matrix(4, network.in(), rng);
    const Matrix Y = network.predict(X);
    Workspace trains(network, 1), evaluates(network);
    network.forward(trains, X);  // const: it moves nothing
    network.forward(evaluates, X);
    CHECK(evaluates.Y() == Y);
    CHECK(trains.Y() != Y);
    network.forward(trains, X);  // another mask
    Workspace again(network, 1);
    network.forward(again, X);
    CHECK(again.Y() != trains.Y());
}

TEST_CASE("Network: the loss has the penalties of its layers") {
    const Net& net = nets[1];
    Rng rng(4);
    Network network = make(net);
    testing::randomize(network, rng);
    const Matrix X = testing::random_matrix(4, network.in(), rng), T = targets_for(net, network, 4, rng);
    Workspace ws(network);
    network.forward(ws, X);
    const double L = network.loss(ws, T, net.loss);
    Matrix dZ, dY;
    const double reconstruction =
        output_loss(dZ, dY, ws.Z.back(), ws.A.back(), T, net.loss, {testing::Kind::sigmoid});
    CHECK(ws.pass[4].penalty > 0);
    CHECK(L == doctest::Approx(reconstruction + ws.pass[4].penalty).epsilon(1e-12));
}

// By the definitions: the probability that independent pixels have these values, and the integral of the divergence.
TEST_CASE("Network: of a variational autoencoder, the loss is the negative ELBO in nats a sample") {
    for (const testing::Kind output : {testing::Kind::sigmoid, testing::Kind::tanh}) {
        CAPTURE(name_of({output}));
        const bool tanh = output == testing::Kind::tanh;
        Rng rng(6);
        Autoencoder model =
            variational_autoencoder(std::vector<std::size_t>{7, 4, 2}, 1, {.output = {output}});
        testing::randomize(model, rng);
        Matrix X = testing::random_matrix(5, 7, rng);
        for (Scalar& x : X.flat()) {
            x = x > 0 ? Scalar{1} : Scalar(tanh ? -1 : 0);
        }
        Workspace ws(model, 7);
        model.forward(ws, X);
        const double L = model.loss(ws, X, Loss::cross_entropy);
        double log_probability = 0, kl = 0;
        for (std::size_t p = 0; p < X.size(); ++p) {
            const double y = static_cast<double>(ws.Y().flat()[p]);
            const double one = tanh ? (1 + y) / 2 : y;  // the probability of a pixel that is on
            log_probability += std::log(X.flat()[p] > 0 ? one : 1 - one);
        }
        for (std::size_t i = 0; i < 5; ++i) {
            for (std::size_t j = 0; j < 2; ++j) {
                const double mu = static_cast<double>(ws.A[2](i, j)),
                             s = static_cast<double>(ws.A[2](i, 2 + j));
                kl += (mu * mu + std::exp(s) - s - 1) / 2;
            }
        }
        CHECK(ws.pass[model.latent_layer()].penalty == doctest::Approx(kl / 5).epsilon(1e-6));
        CHECK(L == doctest::Approx((kl - log_probability) / 5).epsilon(1e-5));
    }
}

TEST_CASE("find_divergence: names what a layer keeps") {
    Network network = make(nets[1]);
    Rng rng(5);
    testing::randomize(network, rng);
    Workspace ws(network, 1);
    const Matrix X = testing::random_matrix(4, network.in(), rng);
    for (Scalar& b : network.as<Dense>(3).b) {
        b = 2000;  // exp overflows, in double too
    }
    network.forward(ws, X);
    network.loss(ws, Matrix(4, network.out()), Loss::cross_entropy);
    const auto divergence = find_divergence(network, ws);
    REQUIRE(divergence.has_value());
    CHECK(divergence->layer == "layer.3");
    CHECK(divergence->tensor == "sigma");
}

TEST_SUITE_END();

}  // namespace hourglass
