// Where a hunt may begin: the gradients of some nets against central differences. It sees mistakes in gradients, not
// those in the steps of optimizers, in the draws of a layer or in what only an evaluation shows. Ask it more.

#include <iostream>

#include "hourglass/nn/gradient_check.hpp"
#include "hourglass/nn/parse_layers.hpp"

using namespace hourglass;

namespace {

void check(const std::string& layers, Loss loss) {
    Rng rng(1);
    Network network(parse_layers(layers, {1, 1, 4}));
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        network.layer(l).name = "layer." + std::to_string(l);
    }
    initialize(network, Initialization::layer_scaled, rng);
    Matrix X(3, network.in()), T(3, network.out());
    for (Scalar& x : X.flat()) {
        x = static_cast<Scalar>(rng.normal());
    }
    for (Scalar& t : T.flat()) {
        t = static_cast<Scalar>(rng.uniform());
    }
    Workspace ws(network, 1);
    network.forward(ws, X);
    network.loss(ws, T, loss);
    network.backward(ws);
    network.backward_input(ws);
    const GradientCheck result = check_gradients(network, ws, X, T, loss);
    std::cout << layers << ", " << name_of(loss) << ":\n  "
              << (result.passed() ? "the gradients are right" : result.message()) << '\n';
}

}  // namespace

int main() {
    for (const char* layers : {"dense(4,5) tanh, dense(5,3) sigmoid", "dense(4,5) leaky_relu, dense(5,3) tanh"}) {
        check(layers, Loss::mean_squared_error);
        check(layers, Loss::cross_entropy);
    }
}
