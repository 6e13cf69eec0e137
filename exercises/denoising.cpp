// Exercise 1b: noisy letters in, clean letters out.

#include "denoising/denoising.hpp"

#include "common/parallel.hpp"
#include "common/validation_sets.hpp"
#include "hourglass/data/noisy_set.hpp"

namespace hourglass::denoising {

Run train(const Options& options) {
    NoisySet set(options.font.pixels(), options.test.noise, options.train_levels, options.sets);
    Training t(options, set.noisy, set.clean);
    ValidationSets validation(options, options.test.noise, options.train_levels, t);
    set.distort(t.rng);
    t.data_changed();
    while (t.next_epoch()) {
        if (options.fresh) {
            set.distort(t.rng);
            t.data_changed();
        }
        for (const Batch& batch : t.batches.shuffled(t.rng)) {
            t.model.forward(t.ws, batch.X);                                 // Y = f(noisy letters)
            const double loss = t.model.loss(t.ws, batch.T, options.loss);  // against the clean ones
            t.add(loss, batch);
            t.model.backward(t.ws);                                         // dW, db, last layer first
            t.optimizer->step();                                            // W -= eta ...
        }
        validation.watch(t);
    }
    Run run{t.finish(validation.workspace_size()), std::move(validation.errors)};
    run.memory.data +=
        set.bytes() - sizeof(Scalar) * (set.noisy.size() + set.clean.size()) + validation.bytes();
    return run;
}

DoctorData doctor_data(const Options& options) {
    NoisySet set(options.font.pixels(), options.test.noise, options.train_levels, 1);
    Rng rng(options.seed);
    set.distort(rng);
    return {.set = {.X = options.font.pixels()}, .X = std::move(set.noisy), .T = std::move(set.clean)};
}

namespace {

/// The networks of all seeds, and for comparison the same networks after as many steps with no noise
/// on any letter: [0][s] and [1][s]. Where nothing is trained there is no comparison.
std::vector<std::vector<Run>> train_networks(const Options& options) {
    std::vector<Options> variants = {options};
    if (options.epochs > 0) {
        Options& plain = variants.emplace_back(options);
        plain.start.reset();
        plain.sets *= options.train_levels.size();
        plain.train_levels = {0.0};
        plain.stay_in_background();
    }
    return run_all_seeds(variants, train);
}

Outcome run_denoising(const Options& options, std::ostream& output) {
    std::vector<std::vector<Run>> runs = train_networks(options);
    const Result result =
        Progress("testing", options.quiet).during([&] { return measure(options, std::move(runs)); });
    if (result.runs.empty()) {
        output << "Interrupted before the first seed was done.\n";
        return Outcome::interrupted;
    }
    report_run(options, result, output);
    return result.criterion_met && result.failures.empty() ? Outcome::criterion_held
                                                           : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::denoising

int main(int argc, char** argv) {
    using namespace hourglass::denoising;
    return hourglass::run_exercise("denoising", read_options, run_denoising, run_study, argc, argv);
}
