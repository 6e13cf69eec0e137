#include <algorithm>
#include <cmath>

#include "hourglass/analysis/doctor.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {
namespace {

struct Moments {
    double mean = 0, spread = 0;
};

Moments moments_of(const Matrix& V) {
    double sum = 0, squares = 0;
    for (const Scalar v : V.flat()) {
        sum += static_cast<double>(v);
        squares += static_cast<double>(v) * static_cast<double>(v);
    }
    const double size = static_cast<double>(V.size()), mean = sum / size;
    return {mean, std::sqrt(std::max(squares / size - mean * mean, 0.0))};
}

/// sqrt(sum_i v_i^2)
double norm(std::span<const Scalar> values) {
    double squares = 0;
    for (const Scalar v : values) {
        squares += static_cast<double>(v) * static_cast<double>(v);
    }
    return std::sqrt(squares);
}

/// The share of activations at the flat ends of f, where less than 2 % of a gradient is left.
double saturated(const Matrix& A, const Activation& f) {
    const double top = 0.99, bottom = f.kind == Activation::Kind::tanh ? -0.99 : 0.01;
    const auto flat = std::ranges::count_if(
        A.flat(), [&](Scalar a) { return static_cast<double>(a) > top || static_cast<double>(a) < bottom; });
    return static_cast<double>(flat) / static_cast<double>(A.size());
}

/// The share of units that are not above zero for any sample.
double dead(const Matrix& A) {
    std::size_t count = 0;
    for (std::size_t j = 0; j < A.cols(); ++j) {
        bool alive = false;
        for (std::size_t i = 0; i < A.rows(); ++i) {
            alive = alive || A(i, j) > 0;
        }
        count += !alive;
    }
    return static_cast<double>(count) / static_cast<double>(A.cols());
}

double flat_share(const Matrix& A, const Activation& f) {
    using Kind = Activation::Kind;
    return f.kind == Kind::relu || f.kind == Kind::leaky_relu ? dead(A)
           : f.kind == Kind::tanh || f.kind == Kind::sigmoid  ? saturated(A, f)
                                                              : 0;
}

/// The weights of each layer, as they are: the first tensor that is trained.
std::vector<std::vector<Scalar>> weights_of(Network& network) {
    std::vector<std::vector<Scalar>> result(network.depth());
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        const auto parameters = network.layer(l).parameters();
        if (!parameters.empty()) {
            result[l - 1].assign(parameters[0].value.begin(), parameters[0].value.end());
        }
    }
    return result;
}

}  // namespace

std::vector<LayerSignal> measure_signal(const Patient& patient, const Network& trained) {
    Network network = trained;
    Workspace ws(network, patient.seed);
    const auto optimizer = make_optimizer(network.parameters(), patient.optimizer);
    network.forward(ws, some_rows(patient.X, 64));
    network.loss(ws, some_rows(patient.T, 64), patient.loss);
    network.backward(ws);
    const std::vector<std::vector<Scalar>> before = weights_of(network);
    optimizer->step();
    std::vector<std::vector<Scalar>> after = weights_of(network);
    std::vector<LayerSignal> layers;
    for (std::size_t l = 1; l <= network.depth(); ++l) {
        const Layer& layer = network.layer(l);
        const Moments z = moments_of(ws.Z[l]), a = moments_of(ws.A[l]), dz = moments_of(ws.dZ[l]);
        for (std::size_t i = 0; i < after[l - 1].size(); ++i) {
            after[l - 1][i] -= before[l - 1][i];
        }
        const double size = norm(before[l - 1]);
        layers.push_back({.layer = layer.name,
                          .z_mean = z.mean,
                          .z_spread = z.spread,
                          .a_mean = a.mean,
                          .a_spread = a.spread,
                          .flat = l == network.depth() ? 0 : flat_share(ws.A[l], layer.activation),
                          .gradient = std::sqrt(dz.mean * dz.mean + dz.spread * dz.spread),
                          .update = size > 0 ? norm(after[l - 1]) / size : 0});
    }
    return layers;
}

Finding examine_signal(const std::vector<LayerSignal>& layers, const std::string& when, bool trained) {
    const auto largest = [&](double LayerSignal::*value) {
        return *std::ranges::max_element(layers, {}, value);
    };
    const LayerSignal flat = largest(&LayerSignal::flat), update = largest(&LayerSignal::update);
    const auto [least, most] = std::ranges::minmax_element(layers, {}, &LayerSignal::gradient);
    const auto [faint, loud] = std::ranges::minmax_element(layers, {}, &LayerSignal::z_spread);
    Finding finding{"signal " + when,
                    Verdict::well,
                    "spread of Z " + to_text(faint->z_spread, 2) + " to " + to_text(loud->z_spread, 2) +
                        ", size of dZ " + to_text(least->gradient, 2) + " to " + to_text(most->gradient, 2) +
                        ", step / weight at most " + to_text(update.update, 2),
                    {}};
    const auto say = [&](Verdict verdict, const std::string& number, const std::string& advice) {
        finding.verdict = verdict;
        finding.number = number;
        finding.advice = advice;
    };
    if (flat.flat > (trained ? 0.95 : 0.6)) {  // what has learned black and white may well be saturated
        say(Verdict::wrong, flat.layer + ": " + to_text(100 * flat.flat, 3) + " % of it is saturated or dead",
            "No gradient comes back through it: smaller first weights, a smaller rate, or a leaky ReLU.");
    } else if (least->gradient < 1e-5 * most->gradient || least->gradient == 0) {
        say(Verdict::wrong,
            least->layer + ": dZ of size " + to_text(least->gradient, 2) + ", in " + most->layer + " it is " +
                to_text(most->gradient, 2),
            "Gradients vanish or explode on the way: other first weights, ReLU in place of sigmoid, or batch "
            "norm.");
    } else if (!(loud->z_spread < 1e3)) {
        say(Verdict::wrong, loud->layer + ": Z has a spread of " + to_text(loud->z_spread, 2),
            "The signal explodes on the way: smaller first weights, or inputs scaled to about 1.");
    } else if (faint->z_spread < 1e-4) {
        say(Verdict::wrong, faint->layer + ": Z has a spread of " + to_text(faint->z_spread, 2),
            "All samples look the same from there on: larger first weights, or inputs scaled to about 1.");
    } else if (update.update > 1) {
        say(Verdict::wrong,
            update.layer + ": one step moves W by " + to_text(100 * update.update, 3) + " % of its size",
            "Steps about as large as the weights themselves: take a smaller learning rate.");
    }
    return finding;
}

}  // namespace hourglass
