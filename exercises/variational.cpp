// Exercise 4: the variational autoencoder, whose latent space can be drawn from.

#include "variational/variational.hpp"

#include <algorithm>


namespace hourglass::variational {

Run train(const Options& options) {
    const Matrix& X = options.X;
    Training t(options, X, X);  // an autoencoder's target is its input
    t.sample_name = [&](std::size_t i) { return options.sample + (" " + options.names[i]); };
    std::vector<double> kl;
    while (t.next_epoch()) {
        kl.push_back(0);
        for (const Batch& batch : t.batches.shuffled(t.rng)) {
            t.model.forward(t.ws, batch.X);  // z = mu + sigma eps on the way to Y
            const double loss = t.model.loss(t.ws, batch.T, options.loss);  // -ln p(x|z) + beta KL, and dZ
            t.add(loss, batch);
            t.model.backward(t.ws);  // dW, db, last layer first
            t.optimizer->step();     // W -= eta ...
            const double share = static_cast<double>(batch.X.rows()) / static_cast<double>(X.rows());
            kl.back() += share * t.ws.pass[t.model.latent_layer()].penalty;
        }
        t.check_divergence(t.ws);
    }
    return {t.finish(), std::move(kl)};
}

DoctorData doctor_data(const Options& options) {
    return {.set = {.X = options.X}};
}

namespace {

/// The variational net with every seed; for one seed, the plain one of the same widths beside it.
Outcome run_variational(const Options& options, std::ostream& output) {
    std::vector<Options> both(options.watched() && !options.start ? 2 : 1, options);
    if (both.size() == 2) {
        both.back().beta.reset();
        both.back().stay_in_background();
    }
    const std::vector<std::vector<Run>> runs = run_all_seeds(both, train);
    const auto sound = std::ranges::find(runs.front(), "", &Run::failure);
    save_first(options, sound != runs.front().end() ? *sound : runs.front().front());  // which says how all diverged
    const Result result = measure(options, runs);
    report_run(options, result, output);
    const auto met = std::ranges::count_if(result.nets, &Net::criterion_met);
    return met == options.seeds ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::variational

int main(int argc, char** argv) {
    using namespace hourglass::variational;
    return hourglass::run_exercise("variational", read_options, run_variational, run_study, argc, argv);
}
