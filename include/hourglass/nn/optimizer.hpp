#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hourglass/nn/layer.hpp"

namespace hourglass {

/// Changes parameters by their gradients. State is kept by position in the list of parameters.
class Optimizer {
public:
    virtual ~Optimizer() = default;

    /// One update of every parameter; call it once for each backward pass.
    virtual void step() = 0;

    /// For a schedule to change between steps.
    void set_learning_rate(double learning_rate) { learning_rate_ = learning_rate; }
    double learning_rate() const { return learning_rate_; }

protected:
    /// Keeps those with a gradient. @throws ShapeError  if one has more or fewer numbers than its gradient
    Optimizer(std::vector<Parameter> parameters, double learning_rate);

    /// One zero for every number in every parameter.
    std::vector<Vector> zeros() const;

    std::vector<Parameter> parameters_;
    double learning_rate_;
};

/// Stochastic gradient descent, plain or with momentum mu.
///   v = mu v + g,   w -= eta v          plain: mu = 0
///   v = mu v + g,   w -= eta (g + mu v)     Nesterov
/// @see  Sutskever, Martens, Dahl & Hinton 2013. As is common since, eta multiplies the velocity when
///       it is used and not when it is summed. For Nesterov, w is the point that the velocity looks ahead
///       to: docs/backprop.md, section 8.
class Sgd final : public Optimizer {
public:
    struct Options {
        double learning_rate = 0.01;
        double momentum = 0;
        bool nesterov = false;
    };
    Sgd(std::vector<Parameter> parameters, const Options& options);
    void step() override;

private:
    Options options_;
    std::vector<Vector> v_;
};

/// A learning rate for each parameter that shrinks as its gradients add up.
///   G += g^2,   w -= eta g / (sqrt(G) + eps)
/// @see  Duchi, Hazan & Singer 2011, the diagonal form; G starts at 0
class Adagrad final : public Optimizer {
public:
    struct Options {
        double learning_rate = 0.01;
        double epsilon = 1e-10;
    };
    Adagrad(std::vector<Parameter> parameters, const Options& options);
    void step() override;

private:
    Options options_;
    std::vector<Vector> G_;
};

/// Steps of about eta in each parameter, by the first two moments of its gradient.
///   m = beta1 m + (1 - beta1) g,     m_hat = m / (1 - beta1^t)
///   v = beta2 v + (1 - beta2) g^2,   v_hat = v / (1 - beta2^t)
///   w -= eta m_hat / (sqrt(v_hat) + eps)
/// @see  Kingma & Ba 2015, Algorithm 1. t counts steps, not tensors.
class Adam final : public Optimizer {
public:
    struct Options {
        double learning_rate = 0.001;
        double beta1 = 0.9;
        double beta2 = 0.999;
        double epsilon = 1e-8;
    };
    Adam(std::vector<Parameter> parameters, const Options& options);
    void step() override;

private:
    Options options_;
    std::vector<Vector> m_;
    std::vector<Vector> v_;
    double beta1_t_ = 1;  // beta1^t
    double beta2_t_ = 1;  // beta2^t
};

/// An optimizer by its name and the hyperparameters that it has; the others are ignored.
struct OptimizerOptions {
    std::string name = "adam";  // sgd, adagrad or adam
    double learning_rate = 0.001;
    double momentum = 0;    // sgd
    bool nesterov = false;  // sgd
    double beta1 = Adam::Options{}.beta1;
    double beta2 = Adam::Options{}.beta2;
};

/// @throws Error  for an unknown name (the message lists those allowed), a learning rate that is not a
///                positive number, or a momentum or beta outside [0, 1)
std::unique_ptr<Optimizer> make_optimizer(std::vector<Parameter> parameters,
                                          const OptimizerOptions& options);

}  // namespace hourglass
