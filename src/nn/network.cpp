#include "hourglass/nn/network.hpp"

#include <cmath>
#include <utility>

#include "hourglass/core/vector_math.hpp"

namespace hourglass {

std::string Parameter::element_name(std::size_t position) const {
    const std::string index = cols == 0 ? std::to_string(position)
                                        : std::to_string(position / cols) + "," +
                                              std::to_string(position % cols);
    return name + "[" + index + "]";
}

Workspace::Workspace(const Network& network)
    : Z(network.depth() + 1), A(network.depth() + 1), dZ(network.depth() + 1),
      dA(network.depth() + 1) {}

Network::Network(std::vector<Layer> layers) : layers_(std::move(layers)) {
    assert(!layers_.empty());
    for (std::size_t l = 2; l <= depth(); ++l) {
        assert(layer(l).dense.in() == layer(l - 1).dense.out());
    }
}

void Network::forward(Workspace& ws, const Matrix& X) const {
    ws.A[0] = X;
    forward(ws);
}

void Network::forward(Workspace& ws) const {
    assert(ws.A[0].cols() == in());
    for (std::size_t l = 1; l <= depth(); ++l) {
        layer(l).dense.forward(ws.Z[l], ws.A[l - 1]);               // Z_l = A_{l-1} W_l^T + b_l
        activation_forward(ws.A[l], ws.Z[l], layer(l).activation);  // A_l = f_l(Z_l)
    }
}

double Network::loss(Workspace& ws, const Matrix& T, Loss loss) const {
    const std::size_t last = depth();
    return output_loss(ws.dZ[last], ws.dA[last], ws.Z[last], ws.A[last], T, loss,
                       layer(last).activation);
}

void Network::backward(Workspace& ws) {
    for (std::size_t l = depth(); l >= 2; --l) {
        const Activation& f = layer(l - 1).activation;
        layer(l).dense.backward(ws.dA[l - 1], ws.dZ[l], ws.A[l - 1]);     // dW_l, db_l, dA_{l-1}
        activation_backward(ws.dZ[l - 1], ws.dA[l - 1], ws.A[l - 1], f);  // dZ = dA * f'(Z)
    }
    layer(1).dense.backward(ws.dZ[1], ws.A[0]);  // dW_1, db_1: training needs no dA_0
}

void Network::backward_input(Workspace& ws) const {
    layer(1).dense.backward_input(ws.dA[0], ws.dZ[1]);  // dA_0 = dZ_1 W_1
}

Matrix Network::apply(std::size_t first, std::size_t last, const Matrix& X) const {
    Matrix Z;
    Matrix A = X;
    for (std::size_t l = first; l <= last; ++l) {
        layer(l).dense.forward(Z, A);
        activation_forward(A, Z, layer(l).activation);
    }
    return A;
}

std::vector<Parameter> Network::parameters() {
    std::vector<Parameter> result;
    for (Layer& layer : layers_) {
        Dense& dense = layer.dense;
        result.push_back({layer.name + ".W", dense.W.flat(), dense.dW.flat(), dense.in()});
        result.push_back({layer.name + ".b", dense.b, dense.db, 0});
    }
    return result;
}

std::size_t Network::parameter_count() const {
    std::size_t count = 0;
    for (const Layer& layer : layers_) {
        count += layer.dense.W.size() + layer.dense.b.size();
    }
    return count;
}

std::vector<std::size_t> Network::widths() const {
    std::vector<std::size_t> result = {in()};
    for (const Layer& layer : layers_) {
        result.push_back(layer.dense.out());
    }
    return result;
}

namespace {

/// A hidden tanh beyond this is flat for good; the other layers come back from any finite value.
double divergence_limit(const Network& network, std::size_t l) {
    using Kind = Activation::Kind;
    const Kind f = network.layer(l).activation.kind;
    const bool saturates = f == Kind::tanh || f == Kind::sigmoid || f == Kind::softmax;
    return saturates && l < network.depth() ? 1e4 : 1e12;
}

}  // namespace

std::optional<Divergence> find_divergence(const Network& network, const Workspace& ws) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        const double limit = divergence_limit(network, l);
        for (std::size_t i = 0; i < ws.Z[l].rows(); ++i) {
            const double largest = max_abs(ws.Z[l].row(i));
            if (!(largest <= limit)) {  // also where it is NaN
                return Divergence{network.layer(l).name, i, largest};
            }
        }
    }
    return std::nullopt;
}

}  // namespace hourglass
