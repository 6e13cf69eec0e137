#include "hourglass/nn/network.hpp"

#include <algorithm>
#include <utility>

#include "hourglass/core/error.hpp"

namespace hourglass {
namespace {

[[noreturn, gnu::cold]] void refuse_input(const Layer& layer, const Matrix& X) {
    throw ShapeError(layer.name + ", " + layer.description() + ": expected inputs (n, " +
                     std::to_string(layer.in()) + "), got " + shape_text(X));
}

/// Throws "encoder.0, dense(35,25): expected inputs (n, 35), got (5, 34)" unless X fits.
void require_input(const Layer& layer, const Matrix& X) {
    if (X.cols() != layer.in()) {
        refuse_input(layer, X);
    }
}

[[noreturn, gnu::cold]] void refuse_workspace(const Workspace& ws, std::size_t depth) {
    throw ShapeError("expected a workspace of a network of " + std::to_string(depth) +
                     " layers, got one of " + std::to_string(ws.Z.size() - 1));
}

/// Throws unless `ws` was made for a network of that depth.
void require_workspace(const Workspace& ws, std::size_t depth) {
    if (ws.Z.size() != depth + 1) {
        refuse_workspace(ws, depth);
    }
}

[[noreturn, gnu::cold]] void refuse_loss(const Workspace& ws, const Layer& last) {
    throw ShapeError("backward: expected dZ of " + last.name + " to be " +
                     shape_text(ws.A[0].rows(), last.out()) + ", got " + shape_text(ws.dZ.back()) +
                     "; forward and loss come first, with the same workspace");
}

/// Throws unless `ws` holds what forward and loss leave there for this very network.
void require_loss(const Workspace& ws, const Network& network) {
    const std::size_t depth = network.depth(), n = ws.A[0].rows();
    require_workspace(ws, depth);
    bool fits = ws.A[0].cols() == network.in();
    for (std::size_t l = 1; l <= depth; ++l) {
        const Matrix& V = l < depth ? ws.A[l] : ws.dZ[l];
        fits = fits && V.rows() == n && V.cols() == network.layer(l).out();
    }
    if (!fits) {
        refuse_loss(ws, network.layer(depth));
    }
}

}  // namespace

Workspace::Workspace(const Network& network)
    : Z(network.depth() + 1), A(network.depth() + 1), dZ(network.depth() + 1),
      dA(network.depth() + 1), pass(1) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        pass.emplace_back(network.layer(l));
    }
}

Workspace::Workspace(const Network& network, std::uint64_t seed) : Workspace(network) {
    Rng streams(seed);
    for (Pass& of_layer : pass) {
        of_layer.mode = Pass::Mode::train;
        of_layer.rng = Rng(streams.bits());
    }
}

std::vector<Workspace::Named> Workspace::matrices(const Network& network) const {
    std::vector<Named> result = {{"X", &A[0]}};
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        const std::string& name = network.layer(l).name;
        for (const Pass::Kept& kept : pass[l].kept) {
            result.push_back({name + "." + kept.name, &kept.value});
        }
        result.push_back({name + ".Z", &Z[l]});
        result.push_back({name + ".A", &A[l]});
    }
    for (std::size_t l = network.depth(); l >= 1; --l) {
        const std::string& name = network.layer(l).name;
        result.push_back({name + ".dA", &dA[l]});
        result.push_back({name + ".dZ", &dZ[l]});
    }
    result.push_back({"dX", &dA[0]});
    return result;
}

Network::Network(std::vector<std::unique_ptr<Layer>> layers) : layers_(std::move(layers)) {
    if (layers_.empty() || std::ranges::any_of(layers_, [](const auto& layer) { return !layer; })) {
        throw ShapeError("a network needs at least one layer, and no empty ones");
    }
    for (std::size_t l = 2; l <= depth(); ++l) {
        if (layer(l).in() != layer(l - 1).out()) {
            throw ShapeError(layer(l).name + ", " + layer(l).description() + ", takes " +
                             std::to_string(layer(l).in()) + " numbers a sample; " + layer(l - 1).name +
                             ", " + layer(l - 1).description() + ", before it gives " +
                             std::to_string(layer(l - 1).out()));
        }
    }
}

Network::Network(const Network& other) {
    for (const auto& layer : other.layers_) {
        layers_.push_back(layer->copy());
    }
}

Network& Network::operator=(const Network& other) {
    layers_ = Network(other).layers_;
    return *this;
}

void Network::forward(Workspace& ws, const Matrix& X) const {
    require_input(layer(1), X);
    ws.A[0] = X;
    forward(ws);
}

void Network::forward(Workspace& ws) const {
    require_workspace(ws, depth());
    require_input(layer(1), ws.A[0]);
    for (std::size_t l = 1; l <= depth(); ++l) {
        layer(l).forward(ws.Z[l], ws.pass[l], ws.A[l - 1]);         // Z_l = g_l(A_{l-1})
        activation_forward(ws.A[l], ws.Z[l], layer(l).activation);  // A_l = f_l(Z_l)
    }
}

double Network::loss(Workspace& ws, const Matrix& T, Loss loss) const {
    require_workspace(ws, depth());
    const std::size_t last = depth();
    double L = output_loss(ws.dZ[last], ws.dA[last], ws.Z[last], ws.A[last], T, loss,
                           layer(last).activation);
    for (const Pass& pass : ws.pass) {
        L += pass.penalty;
    }
    return L;
}

void Network::backward(Workspace& ws) {
    require_loss(ws, *this);
    for (std::size_t l = depth(); l >= 1; --l) {
        layer(l).backward(ws.dZ[l], ws.pass[l], ws.A[l - 1]);  // dW_l, db_l
        if (l > 1) {                                           // training needs no dA_0
            const Activation& f = layer(l - 1).activation;
            layer(l).backward_input(ws.dA[l - 1], ws.dZ[l], ws.pass[l], ws.A[l - 1]);  // dA_{l-1}
            activation_backward(ws.dZ[l - 1], ws.dA[l - 1], ws.A[l - 1], f);           // dZ = dA * f'(Z)
        }
    }
}

void Network::backward_input(Workspace& ws) const {
    require_loss(ws, *this);
    layer(1).backward_input(ws.dA[0], ws.dZ[1], ws.pass[1], ws.A[0]);  // dA_0
}

Matrix Network::apply(std::size_t first, std::size_t last, const Matrix& X) const {
    require_input(layer(first), X);
    Matrix Z;
    Matrix A = X;
    for (std::size_t l = first; l <= last; ++l) {
        Pass pass(layer(l));
        layer(l).forward(Z, pass, A);
        activation_forward(A, Z, layer(l).activation);
    }
    return A;
}

std::vector<Parameter> Network::parameters() {
    std::vector<Parameter> result;
    for (const auto& layer : layers_) {
        for (Parameter& parameter : layer->parameters()) {
            result.push_back(std::move(parameter));
        }
    }
    return result;
}

std::size_t Network::parameter_count() const {
    std::size_t count = 0;
    for (const auto& layer : layers_) {
        for (const Parameter& parameter : layer->parameters()) {
            count += parameter.gradient.size();
        }
    }
    return count;
}

std::vector<std::size_t> Network::widths() const {
    std::vector<std::size_t> result = {in()};
    for (const auto& layer : layers_) {
        result.push_back(layer->out());
    }
    return result;
}

void initialize(Network& network, Initialization initialization, Rng& rng) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        network.layer(l).initialize(initialization, rng);
    }
}

std::size_t Workspace::bytes(std::size_t rows) const {
    std::size_t numbers = 0;
    for (const auto* of_layers : {&Z, &A, &dZ, &dA}) {
        for (const Matrix& matrix : *of_layers) {
            numbers += matrix.cols();  // of each sample
        }
    }
    std::size_t kept = 0;  // as it is: not all of that is of samples
    for (const Pass& of_layer : pass) {
        for (const Pass::Kept& matrix : of_layer.kept) {
            kept += matrix.value.size();
        }
    }
    return sizeof(Scalar) * (numbers * rows + kept);
}

}  // namespace hourglass
