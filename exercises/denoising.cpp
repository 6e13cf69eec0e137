// Exercise 1b: noisy letters in, clean letters out.

#include "denoising/denoising.hpp"

#include "common/parallel.hpp"
#include "hourglass/analysis/pixel_range.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/data/noisy_set.hpp"

namespace hourglass::denoising {

namespace {

/// Validation letters, drawn apart from training, a set for each level.
class ValidationSets {
public:
    ValidationSets(const Options& options, Training& t)
        : levels_(options.train_levels), loss_(options.loss), ws_(t.model) {
        Rng rng(options.seed ^ 0x77617463686564);  // not the stream that training draws from
        for (const double level : levels_) {
            sets_.emplace_back(options.font.pixels(), options.test.noise, std::vector{level}, 10);
            sets_.back().distort(rng);
            if (options.zero_one()) {
                to_zero_one(sets_.back().noisy, sets_.back().noisy);
                to_zero_one(sets_.back().clean, sets_.back().clean);
            }
        }
        t.sample_name = [&font = options.font](std::size_t i) {
            return "the letter " + font.glyphs[i % font.size()].name;
        };
    }

    /// Takes down the mean loss on each of the sets.
    void watch(Training& t) {
        errors.emplace_back();
        for (std::size_t l = 0; l < sets_.size(); ++l) {
            t.model.forward(ws_, sets_[l].noisy);
            errors.back().push_back(t.model.loss(ws_, sets_[l].clean, loss_));
            t.check_divergence(ws_, " with noise of " + to_text(levels_[l]));
        }
    }

    std::size_t workspace_size() const { return workspace_bytes(ws_, sets_.front().noisy.rows()); }
    std::size_t bytes() const { return sets_.size() * sets_.front().bytes(); }

    std::vector<std::vector<double>> errors;  // [e][l]: after epoch e + 1, at level l

private:
    const std::vector<double>& levels_;
    Loss loss_;
    Workspace ws_;
    std::vector<NoisySet> sets_;
};

}  // namespace

Run train(const Options& options) {
    NoisySet set(options.font.pixels(), options.test.noise, options.train_levels, options.sets);
    Training t(options, set.noisy, set.clean);
    ValidationSets validation(options, t);
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
        plain.quiet = true;  // a person watches the network, not its comparison
        plain.live = false;
        plain.trace.clear();
    }
    return run_all_seeds(variants, train);
}

Outcome run_denoising(const Options& options, std::ostream& output) {
    std::vector<std::vector<Run>> runs = train_networks(options);
    const Result result =
        Progress("testing", options.quiet).during([&] { return measure(options, std::move(runs)); });
    if (result.seeds.empty()) {
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
