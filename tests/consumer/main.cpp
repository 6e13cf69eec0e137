// Trains a tiny autoencoder through the installed library, and checks that the loss went down.
#include <cstdio>
#include <vector>

#include "hourglass/core/random.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/optimizer.hpp"

using namespace hourglass;

int main() {
    const Matrix X = {{1, -1, -1, -1}, {-1, 1, -1, -1}, {-1, -1, 1, -1}, {-1, -1, -1, 1}};

    Rng rng(1);
    const std::vector<std::size_t> widths = {4, 8, 2};
    Autoencoder model = mirrored_autoencoder(widths, {}, Initialization::layer_scaled, rng);
    Adam adam(model.parameters(), {.learning_rate = 0.02});
    Workspace ws(model);

    double first = 0;
    double last = 0;
    for (int step = 0; step < 200; ++step) {
        model.forward(ws, X);
        last = model.loss(ws, X, Loss::cross_entropy);
        model.backward(ws);
        adam.step();
        if (step == 0) {
            first = last;
        }
    }
    std::printf("loss %.4f at first, %.4f after 200 steps\n", first, last);
    return last < first / 10 ? 0 : 1;
}
