// The hidden tests of the optimizers: of the loop that changes the numbers of a tensor, and of the steps.

#include <algorithm>
#include <memory>

#include "hourglass/core/reference.hpp"
#include "hourglass/nn/optimizer_check.hpp"
#include "probe.hpp"

namespace hourglass::grading {
namespace {

/// Steps by a loop alone, so that a mistake in it is found as one in its optimizer.
class ByLoop final : public Optimizer {
public:
    /// Changes w by g in step t; u and v are kept.
    using Loop = std::function<void(Values w, Values u, Values v, Given g, Scalar eta, int t)>;

    ByLoop(std::vector<Parameter> parameters, double eta, Loop loop)
        : Optimizer(std::move(parameters), eta), loop_(std::move(loop)), u_(zeros()), v_(zeros()) {}

    void step() override {
        ++t_;
        for (std::size_t p = 0; p < parameters_.size(); ++p) {
            loop_(parameters_[p].value, u_[p], v_[p], parameters_[p].gradient, static_cast<Scalar>(learning_rate_), t_);
        }
    }

private:
    Loop loop_;
    std::vector<Vector> u_, v_;
    int t_ = 0;
};

OptimizerMaker maker_of(const ByLoop::Loop& loop) {
    return [loop](std::vector<Parameter> parameters, const OptimizerOptions& o) {
        return std::make_unique<ByLoop>(std::move(parameters), o.learning_rate, loop);
    };
}

std::string name_of_step(std::size_t step) { return "the change in step " + std::to_string(step + 1); }

/// A case that also takes the steps of the doctor's check, for the judge to name the mistake.
Case diagnosed(const std::string& function, const OptimizerOptions& options, const OptimizerMaker& make,
               const std::function<void(Rng& rng, Findings& found)>& run) {
    return {function,
            [=](Rng& rng, Findings& found) {
                run(rng, found);
                const OptimizerChanges changes = trial_changes(options, make);
                for (std::size_t step = 0; step < changes.size(); ++step) {
                    found.add(name_of_step(step), Vector(changes[step].begin(), changes[step].end()));
                }
            },
            {},
            [=](Rng&, const Findings& found) {
                OptimizerChanges changes = trial_changes(options, make);  // right where the judge is, of the right size
                for (std::size_t step = 0; step < changes.size(); ++step) {
                    const auto tensor = std::ranges::find(found.tensors, name_of_step(step), &Tensor::name);
                    if (tensor == found.tensors.end() || tensor->values.size() != changes[step].size()) {
                        return std::string();
                    }
                    changes[step].assign(tensor->values.begin(), tensor->values.end());
                }
                const std::string said = check_changes(options, changes).message;
                return said.find(" fits ") == std::string::npos ? "" : said;
            }};
}

void add_loops(std::vector<Case>& cases, std::size_t size) {
    for (const bool nesterov : {false, true}) {
        cases.push_back(diagnosed(
            "reference::sgd_update", {.name = "sgd", .learning_rate = 0.25, .momentum = 0.75, .nesterov = nesterov},
            maker_of([nesterov](Values w, Values, Values v, Given g, Scalar eta, int) {
                reference::sgd_update(w, v, g, {eta, Scalar(0.75), nesterov});
            }),
            [size, nesterov](Rng& rng, Findings& found) {
                Vector w = draw(size, rng), v = draw(size, rng);
                reference::sgd_update(w, v, draw(size, rng), {Scalar(0.3), Scalar(0.7), nesterov});
                found.add("v", v);
                found.add("w", w);
            }));
    }
    cases.push_back(diagnosed(
        "reference::adagrad_update", {.name = "adagrad", .learning_rate = 0.25},
        maker_of([](Values w, Values, Values G, Given g, Scalar eta, int) {
            reference::adagrad_update(w, G, g, {eta, static_cast<Scalar>(Adagrad::Options{}.epsilon)});
        }),
        [size](Rng& rng, Findings& found) {
            Vector w = draw(size, rng), G = draw_between(size, rng, 0, 1);
            reference::adagrad_update(w, G, draw(size, rng), {Scalar(0.3), Scalar(0.01)});
            found.add("G", G);
            found.add("w", w);
        }));
    cases.push_back(diagnosed(
        "reference::adam_update", {.name = "adam", .learning_rate = 0.25, .beta1 = 0.75, .beta2 = 0.5},
        maker_of([](Values w, Values m, Values v, Given g, Scalar eta, int t) {
            const Scalar correct1 = Scalar(t == 1 ? 4 : 16.0 / 7), correct2 = Scalar(t == 1 ? 2 : 4.0 / 3);
            reference::adam_update(w, m, v, g, {eta, static_cast<Scalar>(Adam::Options{}.epsilon), Scalar(0.25),
                                                Scalar(0.5), correct1, correct2});
        }),
        [size](Rng& rng, Findings& found) {
            Vector w = draw(size, rng), m = draw(size, rng), v = draw_between(size, rng, 0, 1);
            reference::adam_update(w, m, v, draw(size, rng),
                                   {Scalar(0.3), Scalar(0.01), Scalar(0.2), Scalar(0.05), Scalar(1.5), Scalar(3)});
            found.add("m", m);
            found.add("v", v);
            found.add("w", w);
        }));
}

/// Five steps on two tensors, with other gradients each time.
void add_steps(std::vector<Case>& cases, const std::string& function, const OptimizerOptions& options) {
    cases.push_back(diagnosed(function, options, make_optimizer, [=](Rng& rng, Findings& found) {
        Vector W = draw(6, rng), b = draw(3, rng), dW(6), db(3);
        const auto optimizer = make_optimizer({{"W", W, dW, {2, 3}}, {"b", b, db, {3}}}, options);
        for (int t = 1; t <= 5; ++t) {
            std::ranges::copy(draw(6, rng), dW.begin());
            std::ranges::copy(draw(3, rng), db.begin());
            optimizer->step();
            found.add("W after step " + std::to_string(t), W);
            found.add("b after step " + std::to_string(t), b);
        }
    }));
}

}  // namespace

std::vector<Case> optimizer_cases() {
    std::vector<Case> cases;
    for (const std::size_t size : {1u, 7u, 60u}) {
        add_loops(cases, size);
    }
    add_steps(cases, "Sgd::step", {.name = "sgd", .learning_rate = 0.3});
    add_steps(cases, "Sgd::step", {.name = "sgd", .learning_rate = 0.2, .momentum = 0.7});
    add_steps(cases, "Sgd::step", {.name = "sgd", .learning_rate = 0.2, .momentum = 0.7, .nesterov = true});
    add_steps(cases, "Adagrad::step", {.name = "adagrad", .learning_rate = 0.3});
    add_steps(cases, "Adam::step", {.name = "adam", .learning_rate = 0.3});
    add_steps(cases, "Adam::step", {.name = "adam", .learning_rate = 0.02, .beta1 = 0.6, .beta2 = 0.9});
    return cases;
}

}  // namespace hourglass::grading
