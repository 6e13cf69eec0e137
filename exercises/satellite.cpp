// Exercise 5: 4000 satellite images, as distributions of codes that convolutions find, and the map of these codes.

#include "satellite/satellite.hpp"

namespace hourglass::satellite {

Run train(const Options& o) {
    Training t(o, o.X(), o.X());  // an autoencoder's target is its input
    t.sample_name = [&](std::size_t i) { return "image " + o.set->names[i]; };
    std::vector<SetScores> scores;
    while (t.next_epoch()) {
        Tally tally;
        for (const Batch& batch : t.batches.shuffled(t.rng)) {
            t.model.forward(t.ws, batch.X);                           // z = mu + sigma eps on the way to Y
            const double loss = t.model.loss(t.ws, batch.T, o.loss);  // -ln p(x|z) + beta KL, and dZ
            t.add(loss, batch);
            t.model.backward(t.ws);  // dW, db, last layer first
            t.optimizer->step();     // W -= eta ...
            tally.add(loss, t.ws, batch.T);
            if (interrupted()) {
                break;
            }
        }
        t.check_divergence(t.ws);
        const SetScores mean = tally.mean();
        scores.push_back({mean.error * o.nats(), mean.kl * o.nats()});
    }
    return {t.finish(), std::move(scores)};
}

DoctorData doctor_data(const Options& o) {
    return {.set = {.X = o.X(), .labels = o.set->labels}};
}

namespace {

Outcome run_satellite(const Options& options, std::ostream& output) {
    const Result result = measure(options, train(options));
    report_run(options, result, output);
    return result.criterion_met ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::satellite

int main(int argc, char** argv) {
    using namespace hourglass::satellite;
    return hourglass::run_exercise("satellite", read_options, run_satellite, run_study, argc, argv);
}
