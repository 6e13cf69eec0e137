// Steps of a small convolutional net, of one with a wrong layer, and of one of the other kinds of layers, for hg_test.py
// to debug. It also prints what the library's own gradient check says.
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "hourglass/core/matmul.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/nn/autoencoder.hpp"
#include "hourglass/nn/gradient_check.hpp"
#include "hourglass/nn/optimizer.hpp"
#include "hourglass/nn/parse_layers.hpp"

namespace hourglass {

/// A dense layer of a student's own, whose db has lost a sample.
class Forgetful final : public Layer {
public:
    Matrix W, dW;
    Vector b, db;

    Forgetful(std::size_t inputs, std::size_t outputs) : W(outputs, inputs), dW(outputs, inputs), b(outputs), db(outputs) {}

    std::size_t in() const override { return W.cols(); }
    std::size_t out() const override { return W.rows(); }
    std::string description() const override { return "forgetful"; }
    std::vector<Parameter> parameters() override {
        return {{name + ".W", W.flat(), dW.flat(), {out(), in()}}, {name + ".b", b, db, {out()}}};
    }
    void forward(Matrix& Z, Pass&, const Matrix& X) const override;
    void backward(const Matrix& dZ, Pass&, const Matrix& X) override;
    void backward_input(Matrix& dX, const Matrix& dZ, Pass&, const Matrix&) const override { matmul_nn(dX, dZ, W); }
    std::unique_ptr<Layer> copy() const override { return std::make_unique<Forgetful>(*this); }
};

// Z = X W^T + b
void Forgetful::forward(Matrix& Z, Pass&, const Matrix& X) const {
    matmul_nt(Z, X, W);
    add_to_rows(Z, b);
}

// dW = dZ^T X     db = sum_i dZ_i
void Forgetful::backward(const Matrix& dZ, Pass&, const Matrix& X) {
    matmul_tn(dW, dZ, X);  // dw_jk = sum_i dz_ij x_ik
    sum_rows(db, dZ);      // db_j  = sum_i dz_ij
    for (std::size_t j = 0; j < db.size(); ++j) {
        db[j] -= dZ(0, j);
    }
}

}  // namespace hourglass

using namespace hourglass;

namespace {

void fill(std::span<Scalar> values, int start) {
    for (std::size_t p = 0; p < values.size(); ++p) {
        values[p] = static_cast<Scalar>((static_cast<int>(p * p + 3 * p) + start) % 17 - 8) / 16;
    }
}

/// One training step; and what check_gradients says of each tensor.
void train_one_step(Network& model, Workspace& ws, const Matrix& X, const Matrix& T) {
    model.forward(ws, X);
    const double loss = model.loss(ws, T, Loss::mean_squared_error);
    model.backward(ws);
    model.backward_input(ws);
    std::printf("loss %.6f\n", loss);
    for (const TensorCheck& tensor : check_gradients(model, ws, X, T, Loss::mean_squared_error).tensors) {
        std::printf("library %s %s %.12g %.12g\n", tensor.worst.c_str(), tensor.passed ? "right" : "wrong",
                    tensor.analytic, tensor.numeric);
    }
    std::fflush(stdout);
}

void stop_here(const Network& model, const Workspace& ws) {
    std::printf("%zu layers, n = %zu\n", model.depth(), ws.Y().rows());
}

std::vector<std::unique_ptr<Layer>> with_forgetful() {
    auto layers = parse_layers("dense(4) tanh, dense(3) tanh", {1, 1, 5});
    layers.push_back(std::make_unique<Forgetful>(3, 2));
    return layers;
}

void fill_parameters(Network& network) {
    for (int l = 1; l <= static_cast<int>(network.depth()); ++l) {
        for (const Parameter& p : network.layer(static_cast<std::size_t>(l)).parameters()) {
            if (!p.gradient.empty()) {
                fill(p.value, l);
            }
        }
    }
}

}  // namespace

int main() {
    Network convolutional = autoencoder_of(
        parse_layers("conv(2,3x3,s2,same) tanh, batch_norm leaky_relu, max_pool(2x2), dropout(0.25), dense(3) tanh, "
                     "dense(8) sigmoid, conv_transposed(2x2x2,1,3x3,s2,same) tanh",
                     {6, 6, 1}),
        5);
    fill_parameters(convolutional);
    Matrix X(3, 36), T(3, convolutional.out());
    fill(X.flat(), 5);
    fill(T.flat(), 2);
    Workspace ws(convolutional, 7);
    train_one_step(convolutional, ws, X, T);
    stop_here(convolutional, ws);

    Network wrong = autoencoder_of(with_forgetful(), 1);
    for (const Parameter& p : wrong.parameters()) {
        fill(p.value, 1);
    }
    Matrix few(3, 5), targets(3, 2);
    fill(few.flat(), 3);
    fill(targets.flat(), 4);
    Workspace of_wrong(wrong);
    train_one_step(wrong, of_wrong, few, targets);
    stop_here(wrong, of_wrong);

    Network pooling = autoencoder_of(
        parse_layers("max_pool(3x3,s2,same) tanh, average_pool(2x2,s2,same) tanh, upsample(2) tanh, dense(6) softmax, "
                     "sampling(3,0.5), dense(4) softmax",
                     {5, 5, 2}),
        5);
    fill_parameters(pooling);
    Matrix images(2, 50), classes(2, 4);
    fill(images.flat(), 5);
    fill(classes.flat(), 2);
    Workspace of_pooling(pooling, 7);
    train_one_step(pooling, of_pooling, images, classes);
    stop_here(pooling, of_pooling);
}
