// Exercise 1a: the letters of a 5x7 font through a latent space of two numbers, and back.

#include "letters/letters.hpp"

#include <algorithm>

#include "common/parallel.hpp"

namespace hourglass::letters {

Run train(const Options& options) {
    const Matrix X = options.font.pixels();  // (n, 35), pixels +-1
    Training t(options, X, X);  // an autoencoder's target is its input
    Workspace all(t.model);
    std::vector<PixelErrors> pixels = {count_pixel_errors(t.pixels(t.model.reconstruct(t.inputs())), X)};
    t.details = [&] {  // for the progress line
        return text("wrong pixels: worst %zu, mean %.2f ", pixels.back().worst, pixels.back().mean);
    };
    t.sample_name = [&](std::size_t i) { return "the letter " + options.font.glyphs[i].name; };
    while (t.next_epoch()) {
        for (const Batch& batch : t.batches.shuffled(t.rng)) {
            t.model.forward(t.ws, batch.X);                                 // Y = f(X; W, b)
            const double loss = t.model.loss(t.ws, batch.T, options.loss);  // L, dZ of the last layer
            t.add(loss, batch);
            t.model.backward(t.ws);                                         // dW, db, last layer first
            t.optimizer->step();                                            // W -= eta ...
        }
        t.model.forward(all, t.inputs());  // what it makes of every letter now
        pixels.push_back(count_pixel_errors(t.pixels(all.Y()), X));
        t.check_divergence(all);
    }
    return {t.finish(all.bytes(X.rows())), std::move(pixels)};
}

DoctorData doctor_data(const Options& options) {
    return {.set = {.X = options.font.pixels()}};
}

namespace {

Outcome run_letters(const Options& options, std::ostream& output) {
    const std::vector<Run> runs = run_all_seeds(std::vector{options}, train).front();
    const Result result = Progress("analysing", options.quiet).during([&] { return measure(options, runs); });
    report_run(options, result, output);
    if (!result.attractors) {
        output << "No map of the latent space and no new letters: they need a latent size of 2.\n";
    }
    const bool held = std::ranges::all_of(runs, &Run::criterion_met);
    return held ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::letters

int main(int argc, char** argv) {
    using namespace hourglass::letters;
    return hourglass::run_exercise("letters", read_options, run_letters, run_study, argc, argv);
}
