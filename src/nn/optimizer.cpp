#include "hourglass/nn/optimizer.hpp"

#include <cmath>
#include <utility>

#include "hourglass/core/error.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/updates.hpp"

namespace hourglass {

Optimizer::Optimizer(std::vector<Parameter> parameters, double learning_rate)
    : parameters_(std::move(parameters)), learning_rate_(learning_rate) {
    std::erase_if(parameters_, [](const Parameter& p) { return p.gradient.empty(); });
    for (const Parameter& p : parameters_) {
        if (p.gradient.size() != p.value.size()) {
            throw ShapeError(p.name + ": a gradient of " + std::to_string(p.gradient.size()) +
                             " numbers for " + std::to_string(p.value.size()) + " values");
        }
    }
}

std::vector<Vector> Optimizer::zeros() const {
    std::vector<Vector> result;
    for (const Parameter& parameter : parameters_) {
        result.emplace_back(parameter.value.size());
    }
    return result;
}

Sgd::Sgd(std::vector<Parameter> parameters, const Options& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options), v_(zeros()) {}

void Sgd::step() {
    const SgdUpdate update = {.eta = static_cast<Scalar>(learning_rate_),
                              .mu = static_cast<Scalar>(options_.momentum),
                              .nesterov = options_.nesterov};
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
        sgd_update(parameters_[p].value, v_[p], parameters_[p].gradient, update);
    }
}

Adagrad::Adagrad(std::vector<Parameter> parameters, const Options& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options), G_(zeros()) {}

void Adagrad::step() {
    const AdagradUpdate update = {.eta = static_cast<Scalar>(learning_rate_),
                                  .eps = static_cast<Scalar>(options_.epsilon)};
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
        adagrad_update(parameters_[p].value, G_[p], parameters_[p].gradient, update);
    }
}

Adam::Adam(std::vector<Parameter> parameters, const Options& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options), m_(zeros()),
      v_(zeros()) {}

void Adam::step() {
    beta1_t_ *= options_.beta1;  // once a step, whatever the number of tensors
    beta2_t_ *= options_.beta2;
    const AdamUpdate update = {
        .eta = static_cast<Scalar>(learning_rate_),
        .eps = static_cast<Scalar>(options_.epsilon),
        .one_minus_beta1 = static_cast<Scalar>(1 - options_.beta1),  // exact in double only
        .one_minus_beta2 = static_cast<Scalar>(1 - options_.beta2),
        // The moments start at zero and are too small at first, by just these factors.
        .correct1 = static_cast<Scalar>(1 / (1 - beta1_t_)),
        .correct2 = static_cast<Scalar>(1 / (1 - beta2_t_))};
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
        adam_update(parameters_[p].value, m_[p], v_[p], parameters_[p].gradient, update);
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
