#include "optimizer_trial.hpp"

#include "hourglass/nn/optimizer_check.hpp"

namespace hourglass {

OptimizerChanges trial_changes(const OptimizerOptions& o, const OptimizerMaker& make) {
    Vector w[trial::tensors] = {Vector(trial::size), Vector(trial::size)},
           g[trial::tensors] = {Vector(trial::size), Vector(trial::size)};
    const auto optimizer =
        make({{"first", w[0], g[0], {trial::size}}, {"second", w[1], g[1], {trial::size}}}, o);
    OptimizerChanges changes;
    for (std::size_t step = 0; step < trial::steps; ++step) {
        optimizer->set_learning_rate(o.learning_rate / static_cast<double>(step + 1));
        for (std::size_t p = 0; p < trial::tensors * trial::size; ++p) {
            g[p / trial::size][p % trial::size] =
                static_cast<Scalar>(trial::gradients[step][p / trial::size][p % trial::size]);
            w[p / trial::size][p % trial::size] = 0;  // so that the change is not rounded
        }
        optimizer->step();
        for (std::size_t p = 0; p < trial::tensors * trial::size; ++p) {
            changes[step].push_back(static_cast<double>(w[p / trial::size][p % trial::size]));
        }
    }
    return changes;
}

OptimizerCheck check_optimizer(const OptimizerOptions& options, const OptimizerMaker& make) {
    return check_changes(options, trial_changes(options, make));
}

}  // namespace hourglass
