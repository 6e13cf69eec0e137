// The hidden tests of activations, losses and networks.

#include <memory>

#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/layers/batch_norm.hpp"
#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/schedule.hpp"
#include "probe.hpp"

namespace hourglass::grading {
namespace {

using Kind = Activation::Kind;

/// Rows of positive numbers that sum to 1.
Matrix distributions(std::size_t n, std::size_t d, Rng& rng) {
    Matrix result(n, d);
    for (std::size_t i = 0; i < n; ++i) {
        Scalar sum = 0;
        for (Scalar& value : result.row(i)) {
            value = static_cast<Scalar>(rng.uniform(0.1, 1));
            sum += value;
        }
        for (Scalar& value : result.row(i)) {
            value /= sum;
        }
    }
    return result;
}

void add_activations_and_losses(std::vector<Case>& cases, std::size_t n, std::size_t d) {
    cases.push_back({"softmax_forward", [=](Rng& rng, Findings& found) {
        Matrix A(1, 1, 9);
        softmax_forward(A, draw(n, d, rng, 30));
        found.add("A", A);
    }});
    cases.push_back({"softmax_backward", [=](Rng& rng, Findings& found) {
        Matrix dZ(1, 1, 9);
        softmax_backward(dZ, draw(n, d, rng), distributions(n, d, rng));
        found.add("dZ", dZ);
    }});
    for (const Kind kind : {Kind::relu, Kind::leaky_relu, Kind::identity}) {
        cases.push_back({"activation_backward", [=](Rng& rng, Findings& found) {
            Matrix dZ;
            activation_backward(dZ, draw(n, d, rng), draw(n, d, rng), {kind});
            found.add("dZ", dZ);
        }});
    }
    cases.push_back({"mean_squared_error", [=](Rng& rng, Findings& found) {
        Matrix dY(1, 1, 9);
        const double loss = mean_squared_error(dY, draw(n, d, rng), draw(n, d, rng));
        found.add("dY", dY);
        found.add("L", loss);
    }});
    cases.push_back({"mean_absolute_error", [=](Rng& rng, Findings& found) {
        Matrix dY(1, 1, 9);
        const double loss = mean_absolute_error(dY, draw(n, d, rng), draw(n, d, rng));
        found.add("dY", dY);
        found.add("L", loss);
    }});
    cases.push_back({"cross_entropy_gradient", [=](Rng& rng, Findings& found) {
        Matrix dZ(1, 1, 9);  // the softmax's value needs no other function of the level
        softmax_cross_entropy(dZ, draw(n, d, rng), distributions(n, d, rng), distributions(n, d, rng));
        found.add("dZ", dZ);
    }});
}

void add_dense(std::vector<Case>& cases, std::size_t n, std::size_t in, std::size_t out) {
    const auto dense = [=](Rng& rng) {
        Dense result(in, out);
        result.W = draw(out, in, rng);
        result.b = draw(out, rng);
        result.dW = draw(out, in, rng);  // to be overwritten
        result.db = draw(out, rng);
        return result;
    };
    cases.push_back({"Dense::forward", [=](Rng& rng, Findings& found) {
        Matrix Z(1, 1, 9);
        Pass pass;
        dense(rng).forward(Z, pass, draw(n, in, rng));
        found.add("Z", Z);
    }});
    cases.push_back({"Dense::backward",
                     [=](Rng& rng, Findings& found) {
                         Dense layer = dense(rng);
                         const Matrix X = draw(n, in, rng), dZ = draw(n, out, rng);
                         Pass pass;
                         layer.backward(dZ, pass, X);
                         found.add("dW", layer.dW);
                         found.add("db", layer.db);
                     },
                     {},
                     [=](Rng& rng, const Findings& found) {
                         const Dense layer = dense(rng);
                         const Matrix X = draw(n, in, rng), dZ = draw(n, out, rng);
                         return equation_hint(layer, X, dZ, found);
                     }});
    cases.push_back({"Dense::backward_input",
                     [=](Rng& rng, Findings& found) {
                         const Dense layer = dense(rng);
                         const Matrix X = draw(n, in, rng), dZ = draw(n, out, rng);
                         Matrix dX(1, 1, 9);
                         Pass pass;
                         layer.backward_input(dX, dZ, pass, X);
                         found.add("dX", dX);
                     },
                     {},
                     [=](Rng& rng, const Findings& found) {
                         const Dense layer = dense(rng);
                         const Matrix X = draw(n, in, rng), dZ = draw(n, out, rng);
                         return equation_hint(layer, X, dZ, found);
                     }});
}

/// A network of batch norms, which need nothing that a level asks for beside the network's own backward.
void add_networks(std::vector<Case>& cases, std::size_t n, std::size_t depth, const Activation& hidden) {
    const auto step = [=](Rng& rng, Network& network, Workspace& ws) {
        for (Parameter& parameter : network.parameters()) {
            for (Scalar& value : parameter.gradient.empty() ? std::span<Scalar>() : parameter.value) {
                value += static_cast<Scalar>(0.3 * rng.normal());
            }
        }
        const Matrix X = draw(n, 4, rng), T = draw(n, 4, rng);
        network.forward(ws, X);
        network.loss(ws, T, Loss::mean_squared_error);
    };
    const auto network_of = [=] {
        std::vector<std::unique_ptr<Layer>> layers;
        for (std::size_t l = 1; l <= depth; ++l) {
            layers.push_back(std::make_unique<BatchNorm>(ImageShape{1, 2, 2}));
            layers.back()->activation = hidden;
            layers.back()->name = "layer." + std::to_string(l);
        }
        return Network(std::move(layers));
    };
    cases.push_back({"Network::backward", [=](Rng& rng, Findings& found) {
        Network network = network_of();
        Workspace ws(network, 1);
        step(rng, network, ws);
        network.backward(ws);
        for (const Parameter& parameter : network.parameters()) {
            if (!parameter.gradient.empty()) {
                found.add("the gradient of " + parameter.name, parameter.gradient);
            }
        }
        for (std::size_t l = 1; l < depth; ++l) {
            found.add("dZ", ws.dZ[l]);
        }
    }});
    cases.push_back({"Network::backward_input", [=](Rng& rng, Findings& found) {
        Network network = network_of();
        Workspace ws(network, 1);
        step(rng, network, ws);
        ws.dZ[1] = draw(n, 4, rng);
        network.backward_input(ws);
        found.add("dX", ws.dA[0]);
    }});
}

void add_others(std::vector<Case>& cases) {
    for (const Initialization initialization :
         {Initialization::he, Initialization::xavier, Initialization::layer_scaled}) {
        cases.push_back({"initialize_parameters", [=](Rng& rng, Findings& found) {
            Vector W(30), b(5);
            initialize_parameters(W, b, {.fan_in = 6, .fan_out = 5}, initialization, rng);
            found.add("W", W);
            found.add("b", b);
        }});
    }
    cases.push_back({"scheduled_learning_rate", [](Rng&, Findings& found) {
        for (const int epoch : {1, 3, 10}) {
            found.add("eta", scheduled_learning_rate({Schedule::Kind::cosine}, 0.3, epoch, 10));
        }
    }});
    for (const double beta : {1.0, 0.25}) {
        cases.push_back({"variational_autoencoder", [=](Rng&, Findings& found) {
            const std::vector<std::size_t> widths = {9, 7, 5, 2};
            const Autoencoder model = variational_autoencoder(widths, beta, {});
            found.add("the latent layer", static_cast<double>(model.latent_layer()));
            for (std::size_t l = 1; l <= model.depth(); ++l) {
                const Layer& layer = model.layer(l);
                found.add(layer.name + ", " + layer.description() + " " + name_of(layer.activation), 1.0);
            }
        }});
    }
}

}  // namespace

std::vector<Case> network_cases() {
    std::vector<Case> cases;
    add_activations_and_losses(cases, 3, 4);
    add_activations_and_losses(cases, 1, 6);
    add_activations_and_losses(cases, 5, 2);
    add_dense(cases, 5, 4, 3);
    add_dense(cases, 1, 7, 2);
    add_dense(cases, 6, 1, 5);
    add_networks(cases, 3, 2, {Kind::tanh});
    add_networks(cases, 4, 5, {Kind::sigmoid});
    add_networks(cases, 3, 3, {Kind::leaky_relu});
    add_others(cases);
    return cases;
}

}  // namespace hourglass::grading
