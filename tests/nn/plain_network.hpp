#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "hourglass/nn/gradient_check.hpp"
#include "nn/testing.hpp"

namespace hourglass::testing {

/// A network of dense layers in plain loops of its own, forward, loss and backward, for the tests of the
/// gradient check: they must not fail because a layer, an activation or a loss of the library is wrong.
struct PlainNetwork {
    struct Layer {
        Activation f;
        Matrix W, dW, Z, A, dZ, dX;  // dX: the gradient of the layer's input
        Vector b, db;
    };
    std::vector<Layer> layers;
    Matrix X, T;
    Loss kind = Loss::mean_squared_error;

    /// Widths all the same; the weights normal, larger where f' is small, biases away from kinks.
    PlainNetwork(std::size_t width, std::size_t depth, const Activation& hidden, const Output& output,
                 Rng& rng)
        : kind(output.loss) {
        for (std::size_t l = 1; l <= depth; ++l) {
            const Activation f = l < depth ? hidden : output.activation;
            const bool kinked = f.kind == Kind::leaky_relu || f.kind == Kind::relu;
            const bool flat = l < depth && (f.kind == Kind::sigmoid || f.kind == Kind::softmax);
            const double gain = (kinked ? 0.75 : flat ? 4 : 1) / std::sqrt(static_cast<double>(width + 1));
            Layer layer{f, random_matrix(width, width, rng), {}, {}, {}, {}, {}, Vector(width), Vector(width)};
            for (Scalar& w : layer.W.flat()) {
                w *= static_cast<Scalar>(gain);
            }
            for (std::size_t j = 0; j < width; ++j) {
                layer.b[j] = static_cast<Scalar>(gain * rng.normal() + (kinked ? (j % 2 == 0 ? 2 : -2) : 0));
            }
            layers.push_back(std::move(layer));
        }
    }

    double loss() {
        const Matrix* input = &X;
        for (Layer& layer : layers) {
            forward(layer, *input);
            input = &layer.A;
        }
        return layers.back().f.kind == Kind::softmax && kind == Loss::cross_entropy ? softmax_entropy()
                                                                                     : sum_of_losses();
    }

    /// dZ of layer l from its dA.
    void backward_activation(Layer& layer, const Matrix& dA) const {
        layer.dZ = Matrix(dA.rows(), dA.cols());
        for (std::size_t i = 0; i < dA.rows(); ++i) {
            for (std::size_t j = 0; j < dA.cols(); ++j) {
                if (layer.f.kind != Kind::softmax) {
                    layer.dZ(i, j) = static_cast<Scalar>(slope(layer, i, j)) * dA(i, j);
                    continue;
                }
                for (std::size_t k = 0; k < dA.cols(); ++k) {  // da_k / dz_j = a_k ([j = k] - a_j)
                    layer.dZ(i, j) += dA(i, k) * layer.A(i, k) * (Scalar(j == k) - layer.A(i, j));
                }
            }
        }
    }

    /// dL/dY, and for a cross-entropy dL/dZ, of the last layer.
    Matrix output_gradient() const {
        const Layer& last = layers.back();
        const Matrix& Y = last.A;
        Matrix result(Y.rows(), Y.cols());
        const double n = static_cast<double>(Y.rows()), nd = static_cast<double>(Y.size());
        for (std::size_t p = 0; p < Y.size(); ++p) {
            const double e = static_cast<double>(Y.flat()[p] - T.flat()[p]);
            result.flat()[p] = static_cast<Scalar>(kind == Loss::cross_entropy        ? e / n
                                                   : kind == Loss::mean_squared_error ? 2 * e / nd
                                                                                      : (e > 0 ? 1 : -1) / nd);
        }
        return result;
    }

    /// dW, db and dX from dZ and the input of a layer.
    static void backward_dense(Layer& layer, const Matrix& input) {
        const std::size_t out = layer.W.rows(), in = layer.W.cols();
        layer.dW = Matrix(out, in);
        layer.db = Vector(out);
        layer.dX = Matrix(input.rows(), in);
        for (std::size_t i = 0; i < input.rows(); ++i) {
            for (std::size_t j = 0; j < out; ++j) {
                layer.db[j] += layer.dZ(i, j);
                for (std::size_t k = 0; k < in; ++k) {
                    layer.dW(j, k) += layer.dZ(i, j) * input(i, k);
                    layer.dX(i, k) += layer.dZ(i, j) * layer.W(j, k);
                }
            }
        }
    }

    const Matrix& input_of(std::size_t l) const { return l == 1 ? X : layers[l - 2].A; }

    /// X, layer.1.W, layer.1.b, ... with the gradients as they stand.
    std::vector<Parameter> parameters() {
        std::vector<Parameter> result = {{"X", X.flat(), layers[0].dX.flat(), {X.rows(), X.cols()}}};
        for (std::size_t l = 1; l <= layers.size(); ++l) {
            Layer& layer = layers[l - 1];
            const std::string name = "layer." + std::to_string(l);
            result.push_back({name + ".W", layer.W.flat(), layer.dW.flat(), {layer.W.rows(), layer.W.cols()}});
            result.push_back({name + ".b", layer.b, layer.db, {layer.b.size()}});
        }
        return result;
    }

    /// What the gradients should be.
    std::vector<Derivatives> derivatives() {
        const auto kinks = [&](std::vector<int>& sides) {
            for (const Layer& layer : layers) {
                const bool kinked = layer.f.kind == Kind::leaky_relu || layer.f.kind == Kind::relu;
                for (std::size_t p = 0; kinked && p < layer.Z.size(); ++p) {
                    sides.push_back(layer.Z.flat()[p] > 0);
                }
            }
            for (std::size_t p = 0; kind == Loss::mean_absolute_error && p < T.size(); ++p) {
                sides.push_back(layers.back().A.flat()[p] > T.flat()[p]);
            }
        };
        return loss_derivatives(parameters(), [&] { return loss(); }, kinks);
    }

private:
    static double value(const Activation& f, double z) {
        switch (f.kind) {
            case Kind::tanh: return std::tanh(z);
            case Kind::leaky_relu: return z > 0 ? z : f.alpha * z;
            case Kind::relu: return z > 0 ? z : 0;
            case Kind::sigmoid: return 1 / (1 + std::exp(-z));
            default: return z;
        }
    }
    static double slope(const Layer& layer, std::size_t i, std::size_t j) {
        const double a = static_cast<double>(layer.A(i, j));
        const bool above = layer.Z(i, j) > 0;
        switch (layer.f.kind) {
            case Kind::tanh: return 1 - a * a;
            case Kind::leaky_relu: return above ? 1 : layer.f.alpha;
            case Kind::relu: return above ? 1 : 0;
            case Kind::sigmoid: return a * (1 - a);
            default: return 1;
        }
    }
    static void forward(Layer& layer, const Matrix& input) {
        const std::size_t out = layer.W.rows();
        layer.Z.resize(input.rows(), out);
        layer.A.resize(input.rows(), out);
        for (std::size_t i = 0; i < input.rows(); ++i) {
            double sum_of_exp = 0;
            for (std::size_t j = 0; j < out; ++j) {
                Scalar z = layer.b[j];
                for (std::size_t k = 0; k < input.cols(); ++k) {
                    z += input(i, k) * layer.W(j, k);
                }
                layer.Z(i, j) = z;
                layer.A(i, j) = static_cast<Scalar>(value(layer.f, static_cast<double>(z)));
                sum_of_exp += layer.f.kind == Kind::softmax ? std::exp(static_cast<double>(z)) : 0;
            }
            for (std::size_t j = 0; layer.f.kind == Kind::softmax && j < out; ++j) {
                layer.A(i, j) = static_cast<Scalar>(std::exp(static_cast<double>(layer.Z(i, j))) / sum_of_exp);
            }
        }
    }
    double softmax_entropy() const {
        double sum = 0;
        for (std::size_t p = 0; p < T.size(); ++p) {
            sum -= static_cast<double>(T.flat()[p]) * std::log(static_cast<double>(layers.back().A.flat()[p]));
        }
        return sum / static_cast<double>(T.rows());
    }
    /// Of p = sigmoid(z), or of (1 + tanh z) / 2 = sigmoid(2z), the cross-entropy is softplus of z less t z.
    double sum_of_losses() const {
        double sum = 0;
        const Layer& last = layers.back();
        const bool tanh = last.f.kind == Kind::tanh;
        const Given of_Z = last.Z.flat(), of_A = last.A.flat(), of_T = T.flat();
        for (std::size_t p = 0; p < of_T.size(); ++p) {
            const double z = static_cast<double>(of_Z[p]), t = static_cast<double>(of_T[p]);
            const double e = static_cast<double>(of_A[p]) - t;
            sum += kind == Loss::mean_squared_error    ? e * e
                   : kind == Loss::mean_absolute_error ? std::abs(e)
                   : tanh                              ? std::log1p(std::exp(2 * z)) - (1 + t) * z
                                                       : std::log1p(std::exp(z)) - t * z;
        }
        return sum / static_cast<double>(kind == Loss::cross_entropy ? T.rows() : T.size());
    }
};

}  // namespace hourglass::testing
