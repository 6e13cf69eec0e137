// Exercise 1b: noisy letters in, clean letters out.

#include "denoising/denoising.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <iostream>
#include <iterator>

#include "common/parallel.hpp"
#include "common/progress.hpp"
#include "common/report.hpp"
#include "common/run.hpp"
#include "hourglass/core/text.hpp"
#include "hourglass/core/threads.hpp"
#include "hourglass/nn/divergence.hpp"
#include "hourglass/plot/live_chart.hpp"

namespace hourglass::denoising {
namespace {

/// Several copies of the font at each noise level, and the same clean: noisy(i) came from clean(i).
class NoisySet {
public:
    NoisySet(const Matrix& X, Noise::Kind kind, std::vector<double> levels, std::size_t sets)
        : noisy(levels.size() * sets * X.rows(), X.cols()),
          clean(noisy),
          block_clean_(sets * X.rows(), X.cols()),
          kind_(kind),
          levels_(std::move(levels)) {
        const auto repeat = [&X](Matrix& copies) {
            for (std::size_t i = 0; i < copies.rows(); ++i) {
                std::ranges::copy(X.row(i % X.rows()), copies.row(i).begin());
            }
        };
        repeat(clean);
        repeat(block_clean_);
    }

    /// Draws new noise for all of them.
    void distort(Rng& rng) {
        auto destination = noisy.flat().begin();
        for (const double level : levels_) {
            add_noise(block_, block_clean_, {kind_, level}, rng);
            destination = std::ranges::copy(block_.flat(), destination).out;
        }
    }

    std::size_t bytes() const {
        return sizeof(Scalar) * (noisy.size() + clean.size() + block_clean_.size() + block_.size());
    }

    Matrix noisy;
    Matrix clean;

private:
    Matrix block_clean_;  // one level's letters
    Matrix block_;
    Noise::Kind kind_;
    std::vector<double> levels_;
};

/// One level's letters, drawn apart from training, to see its error evolve.
std::vector<NoisySet> watched_sets(const Options& options, const Matrix& X,
                                   const std::vector<double>& levels) {
    std::vector<NoisySet> sets;
    Rng rng(options.seed ^ 0x77617463686564);  // not the stream that training draws from
    for (const double level : levels) {
        sets.emplace_back(X, options.noise, std::vector{level}, 10);
        sets.back().distort(rng);
    }
    return sets;
}

}  // namespace

Run train(const Options& options, const Matrix& X, const std::vector<double>& levels,
          const Observer& observe) {
    Rng rng(options.seed);
    Run run{.model = make_model(options, rng),
            .seed = options.start && options.epochs == 0 ? options.start->seed : options.seed};
    Autoencoder& model = run.model;
    const auto optimizer = make_optimizer(model.parameters(), options.optimizer);
    NoisySet set(X, options.noise, levels, static_cast<std::size_t>(options.sets));
    const std::vector<NoisySet> watched = watched_sets(options, X, levels);
    Minibatches batches(set.noisy, set.clean, options.batch_size);
    Workspace ws(model);
    Workspace apart(model);
    set.distort(rng);

    const auto start = std::chrono::steady_clock::now();
    for (int epoch = 1; epoch <= options.epochs && !interrupted(); ++epoch) {
        optimizer->set_learning_rate(scheduled_learning_rate(
            options.schedule, options.optimizer.learning_rate, epoch, options.epochs));
        if (options.fresh) {
            set.distort(rng);
        }
        double error = 0;
        for (const Batch& batch : batches.shuffled(rng)) {
            model.forward(ws, batch.X);                                 // Y = f(noisy letters)
            const double loss = model.loss(ws, batch.T, options.loss);  // against the clean ones
            model.backward(ws);
            optimizer->step();
            error +=
                loss * static_cast<double>(batch.X.rows()) / static_cast<double>(set.clean.rows());
        }
        run.epochs.push_back({error, optimizer->learning_rate(), {}});
        for (std::size_t l = 0; l < levels.size(); ++l) {
            model.forward(apart, watched[l].noisy);
            run.epochs.back().level_error.push_back(
                model.loss(apart, watched[l].clean, options.loss));
            if (const auto divergence = find_divergence(model, apart)) {
                throw Diverged("training diverged in epoch " + std::to_string(epoch) +
                               ": a pre-activation of " + divergence->layer + " reached " +
                               to_text(divergence->value) + " for the letter " +
                               options.font.glyphs[divergence->sample.value_or(0) % X.rows()].name +
                               " with noise of " + to_text(levels[l]) +
                               "; try a smaller learning rate");
            }
        }
        if (observe) {
            observe(run);
        }
    }
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    run.stopped = static_cast<int>(run.epochs.size()) < options.epochs;
    run.memory = {.parameters = parameter_bytes(model, options.optimizer),
                  .workspace = workspace_bytes(ws, std::min(options.batch_size, set.clean.rows())) +
                               workspace_bytes(apart, watched.front().noisy.rows()),
                  .data = set.bytes() + watched.size() * watched.front().bytes() +
                          batch_bytes(set.noisy, set.clean, options.batch_size),
                  .process_peak = process_peak_bytes()};
    return run;
}

Matrix denoise(const Autoencoder& model, const Matrix& noisy, int passes) {
    Matrix image = noisy;
    for (int pass = 0; pass < passes; ++pass) {
        image = model.reconstruct(image);
    }
    return image;
}

namespace {

Run train_watched(const Options& options, const Matrix& X) {
    Progress progress(options.epochs, options.quiet || options.live);
    std::optional<LiveChart> chart;
    if (options.live) {
        chart.emplace("Error while training " + mirrored_text(options.widths),
                      error_label(options.loss, "letter"));
    }
    return train(options, X, options.train_levels, [&](const Run& run) {
        progress.show("epoch", static_cast<int>(run.epochs.size()),
                      text("error %.3g ", run.epochs.back().error));
        if (chart) {
            chart->add(run.epochs.back().error);
        }
    });
}

/// The comparison: the same network and as many training steps, with no noise on any letter.
Run train_plain(const Options& options, const Matrix& X) {
    Options plain = options;
    plain.start.reset();
    plain.sets = options.sets * static_cast<int>(options.train_levels.size());
    return train(plain, X, {0.0});
}

void evaluate_seed(SeedResult& result, const Options& options, const Matrix& X) {
    result.evaluation = evaluate(options, X, result.run.model,
                                 result.plain ? &result.plain->model : nullptr, result.run.seed);
    result.neighbours = measure_neighbours(result.run.model, X,
                                           result.evaluation.confusion[confusion_level(options)]);
}

/// One seed, which a person can watch while its comparison trains on other cores; with a single thread, the
/// comparison comes after it.
SeedResult train_one(const Options& options, const Matrix& X) {
    const int half = options.threads / 2;
    std::future<Run> plain;
    if (options.epochs > 0) {
        plain = std::async(half > 0 ? std::launch::async : std::launch::deferred, [&] {
            set_threads(std::max(half, 1));
            return train_plain(options, X);
        });
        set_threads(options.threads - half);
    }
    SeedResult result{train_watched(options, X), {}, {}, {}};
    if (plain.valid()) {
        result.plain = plain.get();
    }
    set_threads(options.threads);
    evaluate_seed(result, options, X);
    return result;
}

/// Several seeds side by side. One that diverges leaves a line in `failures`, one that was interrupted
/// nothing.
std::vector<SeedResult> train_seeds(const Options& options, const Matrix& X,
                                    std::vector<std::string>& failures) {
    const std::size_t count = static_cast<std::size_t>(options.seeds);
    std::vector<std::optional<SeedResult>> results(count);
    std::vector<std::string> complaints(count);
    run_in_parallel(count, options, [&](std::size_t s) {
        Options of_seed = options;
        of_seed.seed += s;
        try {
            SeedResult result{
                train(of_seed, X, of_seed.train_levels), train_plain(of_seed, X), {}, {}};
            if (!result.run.stopped && !result.plain->stopped) {
                evaluate_seed(result, of_seed, X);
                results[s] = std::move(result);
            }
        } catch (const Diverged& error) {
            complaints[s] = "seed " + std::to_string(of_seed.seed) + ": " + error.what();
        }
    });
    std::vector<SeedResult> seeds;
    for (auto& result : results) {
        if (result) {
            seeds.push_back(std::move(*result));
        }
    }
    std::ranges::copy_if(complaints, std::back_inserter(failures),
                         [](const std::string& complaint) { return !complaint.empty(); });
    return seeds;
}

Outcome run_denoising(const Options& options) {
    std::ostream quiet(nullptr);
    std::ostream& output = options.quiet ? quiet : std::cout;
    set_threads(options.threads);
    if (!options.study.empty()) {
        return run_study(options, output);
    }
    const Matrix X = options.font.pixels();  // (n, 35), pixels +-1
    std::vector<std::string> failures;
    std::vector<SeedResult> seeds;
    if (options.seeds == 1) {
        seeds.push_back(train_one(options, X));
    } else {
        seeds = train_seeds(options, X, failures);
    }
    if (seeds.empty() && !failures.empty()) {
        throw Diverged("no seed came to its end; " + failures.front());
    }
    if (seeds.empty()) {
        output << "Interrupted before the first seed was done.\n";
        return Outcome::interrupted;
    }
    std::vector<Evaluation> evaluations;
    for (const SeedResult& seed : seeds) {
        evaluations.push_back(seed.evaluation);
    }
    const Evaluation mean = mean_of(evaluations);
    report(options, seeds, mean, failures, output);
    if (interrupted()) {
        return Outcome::interrupted;
    }
    const bool held = failures.empty() && criterion_met(options, seeds, mean);
    return held ? Outcome::criterion_held : Outcome::criterion_missed;
}

}  // namespace
}  // namespace hourglass::denoising

int main(int argc, char** argv) {
    using namespace hourglass;
    return run_exercise("denoising", [&] {
        const auto options = denoising::read_options(argc, argv);
        return options ? denoising::run_denoising(*options) : Outcome::criterion_held;
    });
}
