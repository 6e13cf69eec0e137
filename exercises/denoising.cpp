// Exercise 1b: noisy letters in, clean letters out.

#include "common/parallel.hpp"
#include "common/report.hpp"
#include "common/run.hpp"
#include "denoising/options.hpp"
#include "denoising/result.hpp"
#include "denoising/run.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/data/noisy_set.hpp"

namespace hourglass::denoising {

namespace {

/// Letters drawn apart from training, a set for each level, to see the error there evolve.
class Apart {
public:
    Apart(const Options& options, const Matrix& X, const std::vector<double>& levels, Training& t)
        : levels_(levels), loss_(options.loss), ws_(t.model) {
        Rng rng(options.seed ^ 0x77617463686564);  // not the stream that training draws from
        for (const double level : levels) {
            sets_.emplace_back(X, options.test.noise, std::vector{level}, 10);
            sets_.back().distort(rng);
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
            t.require_sound(ws_, " with noise of " + to_text(levels_[l]));
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

Run train(const Options& options, const Matrix& X, const std::vector<double>& levels) {
    NoisySet set(X, options.test.noise, levels, static_cast<std::size_t>(options.sets));
    Training t(options, set.noisy, set.clean);
    Apart apart(options, X, levels, t);
    set.distort(t.rng);
    while (t.next_epoch()) {
        if (options.fresh) {
            set.distort(t.rng);
        }
        for (const Batch& batch : t.batches.shuffled(t.rng)) {
            t.model.forward(t.ws, batch.X);                                 // Y = f(noisy letters)
            const double loss = t.model.loss(t.ws, batch.T, options.loss);  // against the clean ones
            t.add(loss, batch);
            t.model.backward(t.ws);                                         // dW, db, last layer first
            t.optimizer->step();                                            // W -= eta ...
        }
        apart.watch(t);
    }
    Run run{t.finish(apart.workspace_size()), std::move(apart.errors)};
    run.memory.data += set.bytes() - sizeof(Scalar) * (set.noisy.size() + set.clean.size()) + apart.bytes();
    return run;
}

namespace {

/// The networks of all seeds, and for comparison the same networks after as many steps with no noise on any
/// letter: [s] and [seeds + s]. Where nothing is trained there is no comparison.
std::vector<Run> train_networks(const Options& options, const Matrix& X) {
    const auto seeds = static_cast<std::size_t>(options.seeds);
    std::vector<std::optional<Run>> found(options.epochs > 0 ? 2 * seeds : seeds);
    run_in_parallel(found.size(), options, [&](std::size_t j) {
        Options of_job = options;
        of_job.seed += j % seeds;
        if (j < seeds) {
            found[j] = train(of_job, X, options.train_levels);
            return;
        }
        of_job.start.reset();
        of_job.sets *= static_cast<int>(options.train_levels.size());
        of_job.quiet = true;  // a person watches the network, not its comparison
        of_job.live = false;
        found[j] = train(of_job, X, {0.0});
    });
    std::vector<Run> runs;
    for (std::optional<Run>& run : found) {
        runs.push_back(std::move(*run));
    }
    return runs;
}

Outcome run_denoising(const Options& options, std::ostream& output) {
    if (!options.study.empty()) {
        return run_study(options, output);
    }
    const Matrix X = options.font.pixels();  // (n, 35), pixels +-1
    const Result result = measure(options, X, train_networks(options, X));
    if (result.seeds.empty()) {
        output << "Interrupted before the first seed was done.\n";
        return Outcome::interrupted;
    }
    report(options, result, output);
    if (interrupted()) {
        return Outcome::interrupted;
    }
    return result.criterion_met && result.failures.empty() ? Outcome::criterion_held
                                                           : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::denoising

int main(int argc, char** argv) {
    using namespace hourglass::denoising;
    return hourglass::run_exercise("denoising", read_options, run_denoising, argc, argv);
}
