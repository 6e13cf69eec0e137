// The smallest complete program: one net, one sample, one step, every number printed beside its equation.
// Given any argument, as in `step_by_step both`, it takes the two samples of docs/backprop.md, section 11.

#include <cstdio>
#include <span>

#include "hourglass/nn/layers/dense.hpp"
#include "hourglass/nn/network.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "hourglass/nn/parse_layers.hpp"

using namespace hourglass;

namespace {

void show_row(const char* equation, std::span<const Scalar> row) {
    std::printf("%-30s", equation);
    for (const Scalar value : row) {
        std::printf(" %10.6f", static_cast<double>(value));
    }
    std::printf("\n");
}

void show(const char* equation, const Matrix& V) {
    for (std::size_t i = 0; i < V.rows(); ++i) {
        show_row(i == 0 ? equation : "", V.row(i));
    }
}

}  // namespace

int main(int argc, char**) {
    const Matrix X = argc > 1 ? Matrix{{1, -0.5}, {0.5, 1}} : Matrix{{1, -0.5}};  // (n, 2)
    const Matrix T = argc > 1 ? Matrix{{1, -1}, {1, 1}} : Matrix{{1, -1}};        // (n, 2)

    Network net(parse_layers("dense(2) tanh, dense(2) tanh", {1, 1, 2}));
    Dense &first = net.as<Dense>(1), &second = net.as<Dense>(2);
    first.name = "first", second.name = "second";
    first.W = {{0.5, -0.25}, {0.25, 0.75}}, first.b = {0.25, -0.5};
    second.W = {{0.75, -0.5}, {0.25, 0.5}}, second.b = {-0.25, 0.5};

    show("X", X);
    show("T", T);
    show("W1", first.W), show_row("b1", first.b);
    show("W2", second.W), show_row("b2", second.b);

    Workspace ws(net);
    net.forward(ws, X);
    std::printf("\nforward\n");
    show("Z1 = X W1^T + b1", ws.Z[1]);
    show("A1 = tanh Z1", ws.A[1]);
    show("Z2 = A1 W2^T + b2", ws.Z[2]);
    show("Y = A2 = tanh Z2", ws.Y());

    const double loss = net.loss(ws, T, Loss::cross_entropy);
    std::printf("\nloss, with p = (1 + y) / 2 and q = (1 + t) / 2\n");
    std::printf("%-30s %10.6f\n", "-sum q ln p+(1-q) ln(1-p) / n", loss);

    net.backward(ws);
    std::printf("\nbackward\n");
    show("dZ2 = (Y - T) / n", ws.dZ[2]);
    show("dW2 = dZ2^T A1", second.dW);
    show_row("db2 = sum_i dZ2_i", second.db);
    show("dA1 = dZ2 W2", ws.dA[1]);
    show("dZ1 = dA1 * (1 - A1^2)", ws.dZ[1]);
    show("dW1 = dZ1^T X", first.dW);
    show_row("db1 = sum_i dZ1_i", first.db);

    Sgd(net.parameters(), {.learning_rate = 0.1}).step();
    std::printf("\none step, eta = 0.1\n");
    show("W1 -= eta dW1", first.W), show_row("b1 -= eta db1", first.b);
    show("W2 -= eta dW2", second.W), show_row("b2 -= eta db2", second.b);

    net.forward(ws, X);
    std::printf("\n%-30s %10.6f\n", "the loss then", net.loss(ws, T, Loss::cross_entropy));
}
