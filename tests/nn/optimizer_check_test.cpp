#include "hourglass/nn/optimizer_check.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/testing.hpp"

namespace hourglass::wrong_optimizers {  // names of its own, for several files are compiled together
namespace {

/// An optimizer with a mistake in it: what it adds to w, from what it keeps, w's gradient and which tensor that
/// is of.
class Wrong final : public Optimizer {
public:
    struct Number {
        double m = 0, v = 0;
    };
    using Change = std::function<double(Number&, double g, double eta, int step, std::size_t tensor)>;

    Wrong(std::vector<Parameter> parameters, double eta, Change change)
        : Optimizer(std::move(parameters), eta), change_(std::move(change)) {
        for (const Parameter& p : parameters_) {
            kept_.emplace_back(p.value.size());
        }
    }

    void step() override {
        ++step_;
        for (std::size_t p = 0; p < parameters_.size(); ++p) {
            for (std::size_t i = 0; i < kept_[p].size(); ++i) {
                parameters_[p].value[i] += static_cast<Scalar>(change_(
                    kept_[p][i], static_cast<double>(parameters_[p].gradient[i]), learning_rate_, step_, p));
            }
        }
    }

private:
    Change change_;
    std::vector<std::vector<Number>> kept_;
    int step_ = 0;
};

std::string message_of(const OptimizerOptions& options, const Wrong::Change& change) {
    const OptimizerCheck check =
        check_optimizer(options, [&](std::vector<Parameter> parameters, const OptimizerOptions& o) {
            return std::make_unique<Wrong>(std::move(parameters), o.learning_rate, change);
        });
    CHECK_FALSE(check.passed);
    return check.message;
}

/// Adam's moments.
void keep(Wrong::Number& k, double g) {
    k.m = 0.9 * k.m + 0.1 * g;
    k.v = 0.999 * k.v + 0.001 * g * g;
}

/// The same with each bias correction by t.
double adam(Wrong::Number& k, double g, double eta, int t) {
    keep(k, g);
    return -eta * k.m / (1 - std::pow(0.9, t)) / (std::sqrt(k.v / (1 - std::pow(0.999, t))) + 1e-8);
}

}  // namespace

TEST_SUITE_BEGIN("the checks");

TEST_CASE("Optimizer: each follows its equations, as check_optimizer sees them") {
    for (const OptimizerOptions& options :
         {OptimizerOptions{.name = "adam"}, OptimizerOptions{.name = "adam", .beta1 = 0.5, .beta2 = 0.9},
          OptimizerOptions{.name = "adagrad", .learning_rate = 0.1}, OptimizerOptions{.name = "sgd"},
          OptimizerOptions{.name = "sgd", .momentum = 0.9},
          OptimizerOptions{.name = "sgd", .momentum = 0.9, .nesterov = true}}) {
        const OptimizerCheck check = check_optimizer(options);
        CHECK_MESSAGE(check.passed, check.message);
        CHECK(check.message.empty());
        CHECK(check.relative_error < (testing::scalar_is_double ? 1e-12 : 1e-5));
    }
}

TEST_CASE("check_optimizer: names the mistakes that people make in Adam") {
    const OptimizerOptions options;
    CHECK(message_of(options, [](auto& k, double g, double eta, int t, std::size_t) {
              keep(k, g);
              return -eta * k.m * (1 - std::pow(0.9, t)) / (std::sqrt(k.v * (1 - std::pow(0.999, t))) + 1e-8);
          }) == "adam: step 1 fits \"bias correction multiplied, where it should divide\"");
    CHECK(message_of(options, [](auto& k, double g, double eta, int t, std::size_t tensor) {
              return adam(k, g, eta, 2 * (t - 1) + static_cast<int>(tensor) + 1);
          }) == "adam: step 1 fits \"the step counted once per tensor, not once per step\"");
    CHECK(message_of(options, [](auto& k, double g, double eta, int t, std::size_t) {
              keep(k, g);
              return -eta * k.m / (1 - std::pow(0.9, t)) / (k.v / (1 - std::pow(0.999, t)) + 1e-8);
          }) == "adam: step 1 fits \"the root of v forgotten\"");
    CHECK(message_of(options, [](auto& k, double g, double eta, int, std::size_t) {
              keep(k, g);
              return -eta * k.m / (std::sqrt(k.v) + 1e-8);
          }) == "adam: step 1 fits \"bias correction forgotten\"");
    CHECK(message_of(options, [](auto& k, double g, double eta, int t, std::size_t) {
              return -adam(k, g, eta, t);
          }) == "adam: step 1 fits \"the wrong sign\"");
    CHECK(message_of(options, [](auto& k, double g, double eta, int, std::size_t) {
              return adam(k, g, eta, 1);
          }) == "adam: step 2 fits \"the step not counted: t stays 1\"");
    CHECK(message_of(options, [](auto&, double, double, int, std::size_t) { return 0.0; }) ==
          "adam: step 1 fits \"never computed: all of it is zero\"");
}

TEST_CASE("check_optimizer: names the mistakes that people make in Adagrad and SGD") {
    const OptimizerOptions adagrad = {.name = "adagrad", .learning_rate = 0.1};
    CHECK(message_of(adagrad, [](auto& k, double g, double eta, int, std::size_t) {
              k.v += g * g;
              return -eta * g / (k.v + 1e-10);
          }) == "adagrad: step 1 fits \"the root of G forgotten\"");
    CHECK(message_of(adagrad, [](auto&, double g, double eta, int, std::size_t) {
              return -eta * g / (std::abs(g) + 1e-10);
          }) == "adagrad: step 2 fits \"G overwritten, where it should add up\"");
    const OptimizerOptions momentum = {.name = "sgd", .learning_rate = 0.1, .momentum = 0.9};
    CHECK(message_of(momentum, [](auto&, double g, double eta, int, std::size_t) { return -eta * g; }) ==
          "sgd: step 2 fits \"the velocity not kept: momentum forgotten\"");
    CHECK(message_of(momentum, [](auto& k, double g, double eta, int, std::size_t) {
              k.v = 0.9 * k.v + eta * g;
              return -k.v;
          }) == "sgd: step 2 fits \"the learning rate summed in the velocity\"");
    CHECK(message_of(momentum, [](auto& k, double g, double, int, std::size_t) {
              k.v = 0.9 * k.v + g;
              return -k.v;
          }) == "sgd: step 1 fits \"the learning rate forgotten\"");
}

TEST_CASE("check_changes: needs the numbers alone, such as those of a program that was not trusted") {
    const OptimizerOptions options = {.name = "adagrad", .learning_rate = 0.1};
    OptimizerChanges changes = trial_changes(options, make_optimizer);
    CHECK(check_changes(options, changes).passed);
    std::vector<double> reversed = changes[1];
    for (double& change : reversed) {
        change = -change;
    }
    CHECK(check_changes(options, {changes[0], reversed}).message == "adagrad: step 2 fits \"the wrong sign\"");
    changes[1][0] = NAN;
    CHECK(check_changes(options, changes).message.find("NaN or infinite") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace hourglass::wrong_optimizers
