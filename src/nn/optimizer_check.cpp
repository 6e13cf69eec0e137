#include "hourglass/nn/optimizer_check.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "comparison.hpp"
#include "mistakes.hpp"
#include "optimizer_trial.hpp"

namespace hourglass {
namespace {

/// What an optimizer knows of one number when it changes it.
struct State {
    double g = 0;            // the gradient
    double eta = 0;          // the learning rate of this step
    double m = 0, v = 0;     // moments; of momentum the velocity is v, of Adagrad the sum is v
    std::size_t t = 0;       // the step, from 1
    std::size_t tensor = 0;  // from 0
    const OptimizerOptions& o;
};

/// What is added to w, right or by a mistake.
struct UpdateRule {
    std::string name;
    double (*change)(State&);
};

double adam(State& s, double correct1, double correct2) {
    s.m = s.o.beta1 * s.m + (1 - s.o.beta1) * s.g;
    s.v = s.o.beta2 * s.v + (1 - s.o.beta2) * s.g * s.g;
    return -s.eta * s.m * correct1 / (std::sqrt(s.v * correct2) + Adam::Options{}.epsilon);
}

/// 1 / (1 - beta^t)
double correction(double beta, std::size_t t) {
    return 1 / (1 - std::pow(beta, t));
}

/// With the betas exchanged in the moments. @param beta1, beta2  those of the bias corrections
double exchanged(State& s, double beta1, double beta2) {
    s.m = s.o.beta2 * s.m + (1 - s.o.beta2) * s.g;
    s.v = s.o.beta1 * s.v + (1 - s.o.beta1) * s.g * s.g;
    return -s.eta * s.m * correction(beta1, s.t) /
           (std::sqrt(s.v * correction(beta2, s.t)) + Adam::Options{}.epsilon);
}

// The first of each list is right.

const UpdateRule of_adam[] = {
    {"", [](State& s) { return adam(s, correction(s.o.beta1, s.t), correction(s.o.beta2, s.t)); }},
    {"bias correction multiplied, where it should divide",
     [](State& s) { return adam(s, 1 / correction(s.o.beta1, s.t), 1 / correction(s.o.beta2, s.t)); }},
    {"bias correction of m multiplied, where it should divide",
     [](State& s) { return adam(s, 1 / correction(s.o.beta1, s.t), correction(s.o.beta2, s.t)); }},
    {"bias correction of v multiplied, where it should divide",
     [](State& s) { return adam(s, correction(s.o.beta1, s.t), 1 / correction(s.o.beta2, s.t)); }},
    {"bias correction forgotten", [](State& s) { return adam(s, 1, 1); }},
    {"bias correction of v forgotten", [](State& s) { return adam(s, correction(s.o.beta1, s.t), 1); }},
    {"bias correction of m forgotten", [](State& s) { return adam(s, 1, correction(s.o.beta2, s.t)); }},
    {"the step counted once per tensor, not once per step",
     [](State& s) {
         const std::size_t t = (s.t - 1) * trial::tensors + s.tensor + 1;
         return adam(s, correction(s.o.beta1, t), correction(s.o.beta2, t));
     }},
    {"the step not counted: t stays 1",
     [](State& s) { return adam(s, correction(s.o.beta1, 1), correction(s.o.beta2, 1)); }},
    {"the root of v forgotten",
     [](State& s) {
         adam(s, 1, 1);
         return -s.eta * s.m * correction(s.o.beta1, s.t) /
                (s.v * correction(s.o.beta2, s.t) + Adam::Options{}.epsilon);
     }},
    {"epsilon under the root",
     [](State& s) {
         adam(s, 1, 1);
         return -s.eta * s.m * correction(s.o.beta1, s.t) /
                std::sqrt(s.v * correction(s.o.beta2, s.t) + Adam::Options{}.epsilon);
     }},
    {"beta1 and beta2 exchanged", [](State& s) { return exchanged(s, s.o.beta2, s.o.beta1); }},
    {"beta1 and beta2 exchanged in the moments", [](State& s) { return exchanged(s, s.o.beta1, s.o.beta2); }},
    {"beta and 1 - beta exchanged",
     [](State& s) {
         s.m = (1 - s.o.beta1) * s.m + s.o.beta1 * s.g;
         s.v = (1 - s.o.beta2) * s.v + s.o.beta2 * s.g * s.g;
         return -s.eta * s.m * correction(s.o.beta1, s.t) /
                (std::sqrt(s.v * correction(s.o.beta2, s.t)) + Adam::Options{}.epsilon);
     }},
    {"the moments not kept from step to step",
     [](State& s) {
         s.m = s.v = 0;
         return adam(s, correction(s.o.beta1, s.t), correction(s.o.beta2, s.t));
     }},
};

double adagrad(State& s) {
    s.v += s.g * s.g;
    return -s.eta * s.g / (std::sqrt(s.v) + Adagrad::Options{}.epsilon);
}
const UpdateRule of_adagrad[] = {
    {"", adagrad},
    {"the root of G forgotten",
     [](State& s) { return adagrad(s), -s.eta * s.g / (s.v + Adagrad::Options{}.epsilon); }},
    {"G overwritten, where it should add up", [](State& s) { return s.v = 0, adagrad(s); }},
    {"the gradient before the sum: g not in G yet",
     [](State& s) {
         const double G = s.v;
         s.v += s.g * s.g;
         return -s.eta * s.g / (std::sqrt(G) + Adagrad::Options{}.epsilon);
     }},
};

double sgd(State& s) {
    s.v = s.o.momentum * s.v + s.g;
    return -s.eta * (s.o.nesterov ? s.g + s.o.momentum * s.v : s.v);
}
const UpdateRule of_sgd[] = {
    {"", sgd},
    {"the velocity not kept: momentum forgotten", [](State& s) { return -s.eta * s.g; }},
    {"plain momentum in place of Nesterov's", [](State& s) { return sgd(s), -s.eta * s.v; }},
    {"Nesterov's momentum in place of the plain one",
     [](State& s) { return sgd(s), -s.eta * (s.g + s.o.momentum * s.v); }},
    {"the gradient times 1 - momentum",
     [](State& s) {
         s.v = s.o.momentum * s.v + (1 - s.o.momentum) * s.g;
         return -s.eta * (s.o.nesterov ? s.g + s.o.momentum * s.v : s.v);
     }},
    {"the learning rate summed in the velocity",
     [](State& s) { return s.v = s.o.momentum * s.v + s.eta * s.g, -s.v; }},
};

std::span<const UpdateRule> rules_of(const OptimizerOptions& o) {
    if (o.name == "adam") {
        return of_adam;
    }
    return o.name == "adagrad" ? std::span<const UpdateRule>(of_adagrad)
                               : std::span<const UpdateRule>(of_sgd);
}

OptimizerChanges by_rule(const UpdateRule& rule, const OptimizerOptions& o) {
    OptimizerChanges changes;
    for (std::size_t p = 0; p < trial::tensors * trial::size; ++p) {
        State s{.tensor = p / trial::size, .o = o};
        for (std::size_t step = 0; step < trial::steps; ++step) {
            s.g = trial::gradients[step][p / trial::size][p % trial::size];
            s.t = step + 1;
            s.eta = o.learning_rate / static_cast<double>(s.t);
            changes[step].push_back(rule.change(s));
        }
    }
    return changes;
}

/// |u - v| / |v|, the largest.
double relative_difference(const std::vector<double>& u, const std::vector<double>& v) {
    double largest = 0;
    for (std::size_t e = 0; e < u.size(); ++e) {
        const double difference = std::abs(u[e] - v[e]) / std::abs(v[e]);
        largest = difference <= largest ? largest : std::isnan(difference) ? INFINITY : difference;
    }
    return largest;
}

/// The rule whose changes these are: in the step where it went wrong, and in the other one.
std::string name_of_rule(const OptimizerChanges& found, const OptimizerChanges& right, std::size_t step,
                         const OptimizerOptions& o) {
    const double tolerance = sizeof(Scalar) == 8 ? 1e-9 : 1e-4;
    for (const UpdateRule& rule : rules_of(o).subspan(1)) {
        const OptimizerChanges changes = by_rule(rule, o);
        if (relative_difference(found[0], changes[0]) < tolerance &&
            relative_difference(found[1], changes[1]) < tolerance) {
            return rule.name;
        }
    }
    std::vector<double> without_eta = right[step];
    for (double& change : without_eta) {
        change /= o.learning_rate / static_cast<double>(step + 1);
    }
    return name_mistake(found[step], right[step], {{"the learning rate forgotten", without_eta}});
}

}  // namespace

OptimizerCheck check_changes(const OptimizerOptions& options, const OptimizerChanges& found) {
    const OptimizerChanges right = by_rule(rules_of(options).front(), options);
    OptimizerCheck check{.relative_error = 0, .passed = true, .message = {}};
    for (std::size_t step = trial::steps; step-- > 0;) {
        const double error = relative_difference(found[step], right[step]);
        check.relative_error = std::max(check.relative_error, error);
        if (error > (sizeof(Scalar) == 8 ? 1e-9 : 1e-4)) {
            check.passed = false;
            const std::string name = name_of_rule(found, right, step, options);
            check.message =
                options.name + ": step " + std::to_string(step + 1) +
                (name.empty() ? " is wrong, and fits no mistake known here" : " fits \"" + name + "\"");
        }
    }
    return check;
}

}  // namespace hourglass
