// Exercise 2: photographs in a handful of numbers.

#include "flowers/flowers.hpp"

#include <cmath>

#include "hourglass/analysis/metrics.hpp"

namespace hourglass::flowers {

Run train(const Options& options) {
    const Matrix& X = options.images.X;
    Training t(options, X, X);  // an autoencoder's target is its input
    t.sample_name = [&](std::size_t i) { return "image " + options.images.label(i); };
    while (t.next_epoch()) {
        for (const Batch& batch : t.batches.shuffled(t.rng)) {
            t.model.forward(t.ws, batch.X);                                 // Y = f(X; W, b)
            const double loss = t.model.loss(t.ws, batch.T, options.loss);  // L, dZ of the last layer
            t.add(loss, batch);
            t.model.backward(t.ws);                                         // dW, db, last layer first
            t.optimizer->step();                                            // W -= eta ...
        }
        t.check_divergence(t.ws);
    }
    Run run{t.finish()};
    run.mse = mean_squared_difference(run.model.reconstruct(X), X);
    if (run.failure.empty() && !std::isfinite(run.mse)) {
        run.failure = "the trained network gives numbers that are not finite";
    }
    return run;
}

DoctorData doctor_data(const Options& options) {
    return {.set = {.X = options.images.X}};
}

namespace {

Outcome run_flowers(const Options& options, std::ostream& output) {
    const Run run = train(options);
    const Result result = Progress("analysing", options.quiet).during([&] { return measure(options, run); });
    report_run(options, result, output);
    return result.run.learned() ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::flowers

int main(int argc, char** argv) {
    using namespace hourglass::flowers;
    return hourglass::run_exercise("flowers", read_options, run_flowers, run_study, argc, argv);
}
