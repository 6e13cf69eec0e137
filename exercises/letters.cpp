// Exercise 1a: the letters of a 5x7 font through a latent space of two numbers, and back.

#include "letters/letters.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>

#include "common/progress.hpp"
#include "common/report.hpp"
#include "common/run.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/threads.hpp"
#include "hourglass/nn/divergence.hpp"
#include "hourglass/plot/live_chart.hpp"
#include "letters/pictures.hpp"

namespace hourglass::letters {
namespace {

/// Looks at all letters after an epoch: wrong pixels, and whether training has diverged.
void observe_epoch(Run& run, Workspace& all, const Matrix& X, const Options& options, Epoch epoch) {
    run.model.forward(all, X);
    run.pixels = epoch.pixels = count_pixel_errors(all.Y(), X);
    run.epochs.push_back(epoch);
    const int number = static_cast<int>(run.epochs.size());
    if (const auto divergence = find_divergence(run.model, all)) {
        throw Diverged(
            "training diverged in epoch " + std::to_string(number) + ": a pre-activation of " +
            divergence->layer + " reached " + to_text(divergence->value) + " for the letter " +
            options.font.glyphs[divergence->sample.value_or(0)].name + "; try a smaller learning rate");
    }
    if (!run.epoch_criterion_met && run.pixels.worst <= 1) {
        run.epoch_criterion_met = number;
    }
}

}  // namespace

Run train(const Options& options, const Matrix& X, const Observer& observe) {
    Rng rng(options.seed);
    Run run{.model = make_model(options, rng), .seed = options.seed};
    if (options.start) {
        run.epochs_before = options.start->epoch;
        run.seed = options.epochs == 0 ? options.start->seed : options.seed;
    }
    Autoencoder& model = run.model;
    const auto optimizer = make_optimizer(model.parameters(), options.optimizer);
    Minibatches batches(X, X, options.batch_size);  // an autoencoder's target is its input
    Workspace ws(model);
    Workspace all(model);
    run.pixels = count_pixel_errors(model.reconstruct(X), X);
    run.epochs.reserve(static_cast<std::size_t>(std::min(options.epochs, 100'000)));

    const auto start = std::chrono::steady_clock::now();
    for (int epoch = 1; epoch <= options.epochs && !interrupted(); ++epoch) {
        optimizer->set_learning_rate(scheduled_learning_rate(
            options.schedule, options.optimizer.learning_rate, epoch, options.epochs));
        double error = 0;
        for (const Batch& batch : batches.shuffled(rng)) {
            model.forward(ws, batch.X);                                 // Y = f(X; W, b)
            const double loss = model.loss(ws, batch.T, options.loss);  // L, dZ of the last layer
            model.backward(ws);                                         // dW, db, last layer first
            optimizer->step();                                          // W -= eta ...
            error += loss * static_cast<double>(batch.X.rows()) / static_cast<double>(X.rows());
        }
        observe_epoch(run, all, X, options, {error, optimizer->learning_rate(), {}});
        if (options.animate && is_animation_frame(epoch, options.epochs)) {
            run.frames.push_back({model.encode(X), "epoch " + std::to_string(epoch), {}});
        }
        if (observe) {
            observe(run);
        }
    }
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    run.stopped = static_cast<int>(run.epochs.size()) < options.epochs;
    run.memory = {.parameters = parameter_bytes(model, options.optimizer),
                  .workspace = workspace_bytes(ws, std::min(options.batch_size, X.rows())) +
                               workspace_bytes(all, X.rows()),
                  .data = sizeof(Scalar) * X.size() + batch_bytes(X, X, options.batch_size),
                  .process_peak = process_peak_bytes()};
    return run;
}

namespace {

/// Trains one seed with everything that a person can watch while it does.
Run train_watched(const Options& options, const Matrix& X) {
    Progress progress(options.epochs, options.quiet || options.live);
    std::optional<LiveChart> chart;
    if (options.live) {
        chart.emplace("Error while training " + mirrored_text(options.widths),
                      error_label(options.loss, "letter"));
    }
    return train(options, X, [&](const Run& run) {
        if (progress.due()) {
            char details[80];
            std::snprintf(details, sizeof details,
                          "error %.3g  wrong pixels: worst %zu, mean %.2f ",
                          run.epochs.back().error, run.pixels.worst, run.pixels.mean);
            progress.show("epoch", static_cast<int>(run.epochs.size()), details);
        }
        if (chart) {
            chart->add(run.epochs.back().error);
        }
    });
}

Outcome run_letters(const Options& options) {
    std::ostream quiet(nullptr);
    std::ostream& output = options.quiet ? quiet : std::cout;
    set_threads(options.threads);
    if (!options.study.empty()) {
        return run_study(options, output);
    }
    const Matrix X = options.font.pixels();  // (n, 35), pixels +-1
    std::vector<Run> runs;
    if (options.seeds == 1) {
        runs.push_back(train_watched(options, X));
    } else {
        runs = std::move(train_all({options}, X).front());
    }
    report_runs(options, runs, output);
    if (interrupted()) {
        return Outcome::interrupted;
    }
    const bool held = std::ranges::all_of(runs, &Run::criterion_met);
    return held ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::letters

int main(int argc, char** argv) {
    using namespace hourglass;
    return run_exercise("letters", [&] {
        const auto options = letters::read_options(argc, argv);
        return options ? letters::run_letters(*options) : Outcome::criterion_held;
    });
}
