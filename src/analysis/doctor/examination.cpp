#include <algorithm>

#include "hourglass/analysis/doctor.hpp"

namespace hourglass {

Examination examine(const Patient& patient, const DataSet& set, const Schedule& schedule, int epochs) {
    Examination e;
    const auto add = [&](const Finding& finding) { e.findings.push_back(finding); };
    Network network = patient.network;
    const std::size_t steps = affordable_steps(network, patient.batch_size);
    add(examine_gradients(patient));
    if (e.findings.back().verdict != Verdict::wrong) {  // else it would say the same again
        add(examine_other_layers());
    }
    add(examine_optimizer(patient.optimizer));
    add(examine_first_loss(patient));
    e.batch = learn_one_batch(patient, affordable_steps(network, std::min<std::size_t>(patient.batch_size, 8)));
    add(examine_input(e.batch));
    add(examine_overfitting(e.batch));
    if (const auto finding = examine_capacity(patient, steps)) {
        add(*finding);
    }
    for (const Finding& finding : examine_data(set, network.layer(network.depth()).activation)) {
        add(finding);
    }
    const Course course = train_some_steps(patient, patient.X, patient.T, steps);
    e.first = measure_signal(patient, patient.network);
    e.later = measure_signal(patient, course.network);
    add(examine_signal(e.first, "at initialization"));
    add(examine_signal(e.later, "after " + std::to_string(course.losses.size()) + " steps", true));
    e.rates = test_learning_rates(patient, std::clamp<std::size_t>(steps / 4, 60, 300));
    const double eta = patient.optimizer.learning_rate;
    add(examine_learning_rate(e.rates, eta));
    add(examine_schedule(schedule, eta, epochs));
    add(examine_divergence(course));
    return e;
}

}  // namespace hourglass
