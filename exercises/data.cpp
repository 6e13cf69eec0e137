// Exercise 6: any data of one's own, beside PCA; which rows are unusual.

#include "data/data.hpp"

#include <limits>

#include "hourglass/analysis/evaluation.hpp"
#include "hourglass/core/error.hpp"

namespace hourglass::data {

Run train(const Options& options) {
    const Matrix &X = options.rows->X, &H = options.rows->H;
    Training t(options, X, X);  // an autoencoder's target is its input
    t.sample_name = [&](std::size_t i) { return "row " + options.rows->table.row_name(options.rows->train[i]); };
    std::vector<double> held_out;
    std::optional<Autoencoder> best;
    double least = std::numeric_limits<double>::infinity();
    int best_epoch = 0;
    while (t.next_epoch()) {
        for (const Batch& batch : t.batches.shuffled(t.rng)) {
            t.model.forward(t.ws, batch.X);                                 // Y = f(X; W, b)
            const double loss = t.model.loss(t.ws, batch.T, options.loss);  // L, dZ of the last layer
            t.add(loss, batch);
            t.model.backward(t.ws);  // dW, db, last layer first
            t.optimizer->step();     // W -= eta ...
        }
        t.check_divergence(t.ws);
        if (!H.empty()) {
            t.aside([&] { held_out.push_back(score(t.model, H, H, options.loss, options.seed).error); });
            if (held_out.back() < least) {
                least = held_out.back();
                best = t.model;
                best_epoch = t.epoch;
            } else if (t.epoch - best_epoch >= options.patience) {
                t.stop();
            }
        }
    }
    t.model = best.value_or(t.model);
    Run run{t.finish(), std::move(held_out)};
    run.best_epoch = static_cast<std::size_t>(best_epoch);
    run.metadata["scaling"] = scaling_text(options.rows->saved);
    return run;
}

DoctorData doctor_data(const Options& o) {
    return {.set = {.X = o.rows->X, .test = o.rows->H}};
}

namespace {

/// Can the net do no better than PCA?
bool is_linear(const Options& o) {
    const auto identity = [](const Activation& f) { return f.kind == Activation::Kind::identity; };
    return identity(o.activations.output) && identity(o.activations.latent) &&
           (o.widths.size() == 2 || identity(o.activations.hidden));
}

/// The linear net with as many numbers, where it takes no time to train it beside the other one.
bool is_lesson(const Options& o) {
    return o.watched() && !o.start && !is_linear(o) && o.rows->X.size() <= 10'000;
}

Options linear(Options o) {
    o.widths = {o.widths.front(), o.widths.back()};
    o.activations = {{Activation::Kind::identity}, {Activation::Kind::identity}, {Activation::Kind::identity}};
    o.stay_in_background();
    return o;
}

Outcome run_data(const Options& options, std::ostream& output) {
    std::vector<Options> nets = {options};
    if (is_lesson(options)) {
        nets.push_back(linear(options));
    }
    std::vector<std::vector<Run>> runs = run_all_seeds(nets, train);
    for (const Run& run : runs.front()) {
        if (!run.failure.empty()) {
            throw Error(run.failure);
        }
    }
    save_first(options, runs.front().front());
    const Result result = measure(options, std::move(runs));
    report_run(options, result, output);
    return result.criterion_met ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::data

int main(int argc, char** argv) {
    using namespace hourglass::data;
    return hourglass::run_exercise("data", read_options, run_data, run_study, argc, argv);
}
