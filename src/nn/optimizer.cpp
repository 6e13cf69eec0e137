#include "hourglass/nn/optimizer.hpp"

#include <cmath>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"

namespace hourglass {

Optimizer::Optimizer(std::vector<Parameter> parameters, double learning_rate)
    : parameters_(std::move(parameters)), learning_rate_(learning_rate) {}

std::vector<Vector> Optimizer::zeros() const {
    std::vector<Vector> result;
    for (const Parameter& parameter : parameters_) {
        result.emplace_back(parameter.value.size());
    }
    return result;
}

Sgd::Sgd(std::vector<Parameter> parameters, const Options& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options), v_(zeros()) {}

// v = mu v + g     w -= eta v,  or  w -= eta (g + mu v)
void Sgd::step() {
    const Scalar eta = static_cast<Scalar>(learning_rate_);
    const Scalar mu = static_cast<Scalar>(options_.momentum);
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
        const auto w = parameters_[p].value;
        const auto g = parameters_[p].gradient;
        Vector& v = v_[p];
        for (std::size_t i = 0; i < w.size(); ++i) {
            v[i] = mu * v[i] + g[i];
            w[i] -= eta * (options_.nesterov ? g[i] + mu * v[i] : v[i]);
        }
    }
}

Adagrad::Adagrad(std::vector<Parameter> parameters, const Options& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options), G_(zeros()) {}

// G += g^2     w -= eta g / (sqrt(G) + eps)
void Adagrad::step() {
    const Scalar eta = static_cast<Scalar>(learning_rate_);
    const Scalar eps = static_cast<Scalar>(options_.epsilon);
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
        const auto w = parameters_[p].value;
        const auto g = parameters_[p].gradient;
        Vector& G = G_[p];
        for (std::size_t i = 0; i < w.size(); ++i) {
            G[i] += g[i] * g[i];
            w[i] -= eta * g[i] / (std::sqrt(G[i]) + eps);
        }
    }
}

Adam::Adam(std::vector<Parameter> parameters, const Options& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options), m_(zeros()),
      v_(zeros()) {}

// m = beta1 m + (1 - beta1) g     v = beta2 v + (1 - beta2) g^2     w -= eta m_hat / (sqrt(v_hat) + eps)
void Adam::step() {
    ++t_;  // once a step, whatever the number of tensors
    const Scalar eta = static_cast<Scalar>(learning_rate_);
    const Scalar beta1 = static_cast<Scalar>(options_.beta1);
    const Scalar beta2 = static_cast<Scalar>(options_.beta2);
    const Scalar eps = static_cast<Scalar>(options_.epsilon);
    const Scalar one_minus_beta1 = static_cast<Scalar>(1 - options_.beta1);  // exact in double only
    const Scalar one_minus_beta2 = static_cast<Scalar>(1 - options_.beta2);
    // The moments start at zero and are too small at first, by just these factors.
    const Scalar correct1 = static_cast<Scalar>(1 / (1 - std::pow(options_.beta1, t_)));
    const Scalar correct2 = static_cast<Scalar>(1 / (1 - std::pow(options_.beta2, t_)));
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
        const auto w = parameters_[p].value;
        const auto g = parameters_[p].gradient;
        Vector& m = m_[p];
        Vector& v = v_[p];
        for (std::size_t i = 0; i < w.size(); ++i) {
            m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
            v[i] = beta2 * v[i] + one_minus_beta2 * g[i] * g[i];
            const Scalar m_hat = m[i] * correct1;
            const Scalar v_hat = v[i] * correct2;
            w[i] -= eta * m_hat / (std::sqrt(v_hat) + eps);
        }
    }
}

namespace {

void require(bool condition, const char* what, const char* expected, double found) {
    if (!condition) {
        throw Error(std::string(what) + ": expected " + expected + ", got " + to_text(found));
    }
}

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(std::vector<Parameter> parameters,
                                          const OptimizerOptions& o) {
    require(std::isfinite(o.learning_rate) && o.learning_rate > 0, "learning rate",
            "a positive number", o.learning_rate);
    require(o.momentum >= 0 && o.momentum < 1, "momentum", "a number in [0, 1)", o.momentum);
    require(o.beta1 >= 0 && o.beta1 < 1, "beta1", "a number in [0, 1)", o.beta1);
    require(o.beta2 >= 0 && o.beta2 < 1, "beta2", "a number in [0, 1)", o.beta2);
    if (o.name == "sgd") {
        return std::make_unique<Sgd>(
            std::move(parameters),
            Sgd::Options{.learning_rate = o.learning_rate, .momentum = o.momentum,
                         .nesterov = o.nesterov});
    }
    if (o.name == "adagrad") {
        return std::make_unique<Adagrad>(std::move(parameters),
                                         Adagrad::Options{.learning_rate = o.learning_rate});
    }
    if (o.name == "adam") {
        return std::make_unique<Adam>(std::move(parameters),
                                      Adam::Options{.learning_rate = o.learning_rate,
                                                    .beta1 = o.beta1, .beta2 = o.beta2});
    }
    throw Error("unknown optimizer '" + o.name + "': expected sgd, adagrad or adam");
}

}  // namespace hourglass
