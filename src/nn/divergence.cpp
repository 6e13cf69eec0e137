#include "hourglass/nn/divergence.hpp"

#include <algorithm>
#include <cmath>

#include "hourglass/core/rows.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

constexpr float large = 1e6F;  // what a number of a training that goes well stays below, with room to spare

/// A hidden tanh beyond this is flat for good; the other layers come back from any finite value.
double limit_of_z(const Network& network, std::size_t l) {
    return saturates(network.layer(l).activation) && l < network.depth() ? 1e4 : 1e12;
}

/// The first sample of the first layer with a pre-activation beyond its limit.
std::optional<Divergence> find_excess(const Network& network, const Workspace& ws) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        for (std::size_t i = 0; i < ws.Z[l].rows(); ++i) {
            const double largest = max_abs(ws.Z[l].row(i));
            if (!(largest <= limit_of_z(network, l))) {  // also where it is NaN
                return Divergence{.layer = network.layer(l).name, .tensor = "Z", .sample = i, .value = largest,
                                  .grew = true};
            }
        }
    }
    return std::nullopt;
}

/// Goes through the tensors in the order in which they are computed, as far as the first with a number that is
/// not finite.
class Search {
public:
    /// @returns true if that is in `values`
    bool look(const std::string& layer, const std::string& tensor, std::span<const Scalar> values) {
        const auto bad = std::ranges::find_if_not(values, [](Scalar v) { return std::isfinite(v); });
        if (bad == values.end()) {
            return false;
        }
        found = Divergence{.layer = layer, .tensor = tensor, .sample = {}, .value = static_cast<double>(*bad)};
        return true;
    }

    /// The same in a matrix with one row a sample.
    bool look(const std::string& layer, const std::string& tensor, const Matrix& V) {
        for (std::size_t i = 0; i < V.rows(); ++i) {
            if (look(layer, tensor, V.row(i))) {
                found->sample = i;
                return true;
            }
        }
        return false;
    }

    std::optional<Divergence> found;
};

/// "W" of "encoder.1.W".
std::string short_name(const Parameter& p, const std::string& layer) {
    return p.name.starts_with(layer + ".") ? p.name.substr(layer.size() + 1) : p.name;
}

/// In the gradients of the step before; dZ and dA of the last layer are of this step already.
bool look_at_backward(Search& search, Network& network, const Workspace& ws) {
    for (std::size_t l = network.depth(); l >= 1; --l) {
        const std::string& name = network.layer(l).name;
        if (l < network.depth() &&
            (search.look(name, "dA", ws.dA[l]) || search.look(name, "dZ", ws.dZ[l]))) {
            return true;
        }
        for (const Parameter& p : network.layer(l).parameters()) {
            if (search.look(name, "d" + short_name(p, name), p.gradient)) {
                return true;
            }
        }
    }
    return false;
}

/// In the parameters, which the optimizer has changed since.
bool look_at_parameters(Search& search, Network& network) {
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        const std::string& name = network.layer(l).name;
        for (const Parameter& p : network.layer(l).parameters()) {
            if (search.look(name, short_name(p, name), p.value)) {
                return true;
            }
        }
    }
    return false;
}

/// In what this step has computed so far: forward, and the loss's gradient.
bool look_at_forward(Search& search, const Network& network, const Workspace& ws) {
    for (const Workspace::Named& matrix : ws.matrices(network)) {  // in the order of a step
        const std::size_t dot = matrix.name.rfind('.');
        const bool of_input = dot == std::string::npos;
        const std::string tensor = matrix.name.substr(of_input ? 0 : dot + 1);
        if (search.look(of_input ? "" : matrix.name.substr(0, dot), tensor, *matrix.value)) {
            return true;
        }
        if (tensor == "dZ") {
            return false;  // that of the last layer; the others are of the step before
        }
    }
    return false;
}

bool is_finite(const Matrix& V) {
    return std::isfinite(max_abs(V.flat()));
}

/// Is one of the finite numbers that are left, in the layers or in `ws`, larger than training needs?
bool has_large_numbers(Network& network, const Workspace& ws) {
    const auto is_large = [](Scalar v) { return std::isfinite(v) && std::abs(v) > Scalar{large}; };
    const auto any = [&](std::span<const Scalar> values) {
        return std::ranges::any_of(values, is_large);
    };
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        for (const Parameter& p : network.layer(l).parameters()) {
            if (any(p.value) || any(p.gradient)) {
                return true;
            }
        }
        if (any(ws.Z[l].flat()) || any(ws.dZ[l].flat())) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::string Divergence::message() const {
    const std::string what = tensor + (layer.empty() ? "" : " of " + layer);
    if (std::isfinite(value)) {
        return what + " reached " + to_text(value, 3);
    }
    const std::string is = std::isnan(value) ? " is not a number" : " is infinite";
    if (layer.empty()) {
        return "the input" + is;
    }
    return what + is + (grew ? " after its inputs grew without bound"
                             : " while all that it was computed from is finite");
}

std::optional<Divergence> find_divergence(const Network& network, const Workspace& ws) {
    return find_divergence(network, ws, ws);
}

std::optional<Divergence> find_divergence(const Network& network, const Workspace& ws,
                                          const Workspace& step) {
    const auto excess = find_excess(network, ws);
    const std::size_t last = network.depth();
    if (excess ? std::isfinite(excess->value) : is_finite(ws.A[last]) && is_finite(ws.dZ[last])) {
        return excess;
    }
    Network readable = network;  // parameters() hands out what may be changed
    Search search;
    if (look_at_backward(search, readable, step) || look_at_parameters(search, readable)) {
        search.found->of_step_before = true;
    } else {
        look_at_forward(search, readable, ws);
    }
    if (search.found) {
        search.found->grew = has_large_numbers(readable, ws);
    }
    return search.found;
}

}  // namespace hourglass
