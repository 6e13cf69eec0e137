#include <algorithm>
#include <cmath>
#include <numbers>

#include "hourglass/analysis/doctor.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/nn/central_differences.hpp"

namespace hourglass {
namespace {

constexpr double first_rate = 1e-6, last_rate = 10;

/// Means of each loss and those before it, of which older ones weigh less.
std::vector<double> smooth(const std::vector<double>& losses) {
    std::vector<double> result;
    double mean = 0, weight = 0;
    for (const double loss : losses) {
        mean = 0.8 * mean + 0.2 * loss;
        weight = 0.8 * weight + 0.2;
        result.push_back(mean / weight);
    }
    return result;
}

/// What an epoch's rate is by its equation, the cosine by that of half the angle.
double rate_by_equation(const Schedule& schedule, double eta, int epoch, int epochs) {
    const double angle = std::numbers::pi * (epoch - 1) / epochs;
    switch (schedule.kind) {
        case Schedule::Kind::step:
            return eta * std::pow(schedule.step_factor, (epoch - 1) / schedule.step_epochs);
        case Schedule::Kind::cosine:
            return eta * std::cos(angle / 2) * std::cos(angle / 2);
        default:
            return eta;
    }
}

}  // namespace

Finding examine_schedule(const Schedule& schedule, double eta, int epochs) {
    const int last = std::max(epochs, 1);
    const std::string name(name_of(schedule.kind));
    const auto rate = [&](int epoch) { return scheduled_learning_rate(schedule, eta, epoch, last); };
    const auto wrong = [&](int epoch, const std::string& how, const std::string& advice) -> Finding {
        return {"schedule", Verdict::wrong,
                name + ": the rate of epoch " + std::to_string(epoch) + " is " + to_text(rate(epoch)) + how,
                advice};
    };
    for (const std::size_t position : spread_positions(static_cast<std::size_t>(last), 10'000)) {
        const int epoch = static_cast<int>(position) + 1;
        const double expected = rate_by_equation(schedule, eta, epoch, last);
        if (!(std::abs(rate(epoch) - expected) <= 1e-9 * std::max(eta, expected))) {
            return wrong(epoch, ", and should be " + to_text(expected),
                         "Compare scheduled_learning_rate with its equations in nn/schedule.hpp.");
        }
        if (expected > eta) {
            return wrong(epoch, ", larger than that of epoch 1",
                         "A rate should fall: a step factor below 1.");
        }
    }
    return {"schedule",
            Verdict::well,
            name + ": from " + to_text(eta, 3) + " to " + to_text(rate(last), 2) + " in epoch " +
                std::to_string(last),
            {}};
}

RangeTest test_learning_rates(const Patient& patient, std::size_t steps) {
    RangeTest test;
    const auto rate = [&](std::size_t step) {
        return first_rate *
               std::pow(last_rate / first_rate, static_cast<double>(step) / static_cast<double>(steps - 1));
    };
    const Course course = train_some_steps(patient, patient.X, patient.T, steps, rate);
    test.losses = smooth(course.losses);
    const auto lowest = std::ranges::min_element(test.losses);
    const double bound =
        1.2 * (test.losses.empty() ? 0 : test.losses[std::min<std::size_t>(9, test.losses.size() - 1)]);
    const auto leaves = std::find_if(lowest, test.losses.end(), [&](double loss) { return !(loss < bound); });
    for (std::size_t s = 0; s < test.losses.size(); ++s) {
        test.rates.push_back(rate(s));
    }
    if (!test.losses.empty()) {
        const auto position = [&](auto at) { return static_cast<std::size_t>(at - test.losses.begin()); };
        test.suggestion = test.rates[position(lowest)] / 10;
        test.largest = leaves != test.losses.end() ? test.rates[position(leaves)]
                       : course.divergence         ? rate(test.losses.size())
                                                   : INFINITY;
    }
    return test;
}

Finding examine_learning_rate(const RangeTest& test, double learning_rate) {
    Finding finding{
        "learning rate",
        Verdict::well,
        to_text(learning_rate, 3) + "; the range test suggests about " + to_text(test.suggestion, 1) +
            ", and " +
            (std::isinf(test.largest) ? "no rate up to " + to_text(last_rate) + " makes the loss grow"
                                      : "the loss grows from " + to_text(test.largest, 1) + " on"),
        {}};
    if (learning_rate >= test.largest) {
        finding.verdict = Verdict::wrong;
        finding.advice = "With this rate the loss grows: take the suggested one.";
    } else if (learning_rate < test.suggestion / 1000) {
        finding.verdict = Verdict::wrong;
        finding.advice = "With this rate hardly anything moves: take the suggested one.";
    } else if (learning_rate < test.suggestion / 30 || learning_rate > 30 * test.suggestion) {
        finding.verdict = Verdict::notice;
        finding.advice = "The rate is far from the suggested one: try that.";
    }
    return finding;
}

}  // namespace hourglass
