// Exercise 2: photographs in a handful of numbers.

#include "flowers/flowers.hpp"

#include <chrono>
#include <iostream>

#include "common/progress.hpp"
#include "common/report.hpp"
#include "hourglass/analysis/metrics.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/threads.hpp"
#include "hourglass/nn/divergence.hpp"
#include "hourglass/plot/live_chart.hpp"

namespace hourglass::flowers {
Run train(const Options& options, const Matrix& X, const Observer& observe) {
    Rng rng(options.seed);
    Run run{.model = make_model(options, rng),
            .seed = options.start && options.epochs == 0 ? options.start->seed : options.seed};
    Autoencoder& model = run.model;
    const auto optimizer = make_optimizer(model.parameters(), options.optimizer);
    Minibatches batches(X, X, options.batch_size);  // an autoencoder's target is its input
    Workspace ws(model);

    const auto start = std::chrono::steady_clock::now();
    for (int epoch = 1; epoch <= options.epochs && !interrupted(); ++epoch) {
        optimizer->set_learning_rate(scheduled_learning_rate(
            options.schedule, options.optimizer.learning_rate, epoch, options.epochs));
        double error = 0;
        for (const Batch& batch : batches.shuffled(rng)) {
            model.forward(ws, batch.X);  // Y = f(X; W, b)
            const double loss =
                model.loss(ws, batch.T, options.loss);  // L, and dZ of the last layer
            model.backward(ws);                         // dW, db, last layer first
            optimizer->step();                          // W -= eta ...
            error += loss * static_cast<double>(batch.X.rows()) / static_cast<double>(X.rows());
        }
        run.errors.push_back(error);
        if (const auto divergence = find_divergence(model, ws)) {
            throw Diverged("training diverged in epoch " + std::to_string(epoch) +
                           ": a pre-activation of " + divergence->layer + " reached " +
                           to_text(divergence->value) + " for sample " +
                           std::to_string(divergence->sample.value_or(0)) +
                           " of the last batch; try a smaller "
                           "learning rate");
        }
        if (options.animate && is_animation_frame(epoch, options.epochs)) {
            run.frames.push_back({model.encode(X), "epoch " + std::to_string(epoch), {}});
        }
        if (observe) {
            observe(run);
        }
    }
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    run.stopped = static_cast<int>(run.errors.size()) < options.epochs;
    run.memory = {.parameters = parameter_bytes(model, options.optimizer),
                  .workspace = workspace_bytes(ws, options.batch_size),
                  .data = sizeof(Scalar) * X.size() + batch_bytes(X, X, options.batch_size),
                  .process_peak = process_peak_bytes()};
    run.mse = mean_squared_difference(model.reconstruct(X), X);
    return run;
}

namespace {

Run train_watched(const Options& options, const Matrix& X) {
    Progress progress(options.epochs, options.quiet || options.live);
    std::optional<LiveChart> chart;
    if (options.live) {
        chart.emplace("Error while training " + mirrored_text(options.widths),
                      error_label(options.loss, "image"));
    }
    return train(options, X, [&](const Run& run) {
        progress.show("epoch", static_cast<int>(run.errors.size()),
                      text("error %.3g ", run.errors.back()));
        if (chart) {
            chart->add(run.errors.back());
        }
    });
}

Outcome run_flowers(const Options& options) {
    std::ostream quiet(nullptr);
    std::ostream& output = options.quiet ? quiet : std::cout;
    set_threads(options.threads);
    if (!options.study.empty()) {
        return run_study(options, output);
    }
    const Run run = train_watched(options, options.images.X);
    report(options, run, output);
    if (run.stopped) {
        return Outcome::interrupted;
    }
    return run.mse <= learned ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::flowers

int main(int argc, char** argv) {
    using namespace hourglass;
    return run_exercise("flowers", [&] {
        const auto options = flowers::read_options(argc, argv);
        return options ? flowers::run_flowers(*options) : Outcome::criterion_held;
    });
}
