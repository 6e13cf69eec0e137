#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/options.hpp"
#include "hourglass/io/progress.hpp"
#include "hourglass/io/trace.hpp"
#include "hourglass/nn/divergence.hpp"
#include "hourglass/nn/minibatches.hpp"
#include "hourglass/plot/animation.hpp"
#include "hourglass/plot/live_chart.hpp"

namespace hourglass {

/// The memory that a training needs, in bytes, counted.
struct TrainingMemory {
    std::size_t parameters = 0;  // each with its gradient and what the optimizer keeps for it
    std::size_t workspace = 0;
    std::size_t data = 0;  // the whole set and a batch of it
};

/// What a training leaves, from its first epoch to its last.
struct Trained {
    Autoencoder model;                         // for pixels in [-1, 1]
    std::optional<Autoencoder> zero_one = {};  // it as it was trained, where that was on pixels of 0 and 1
    std::uint64_t seed = 0;
    int epochs_before = 0;                    // those of the model that --load named
    std::vector<double> errors = {};          // mean loss over each epoch's batches, as they were met
    std::vector<AnimationFrame> frames = {};  // the codes on their way, where --animate asks for them
    double seconds = 0;
    TrainingMemory memory = {};
    bool stopped = false;        // by Ctrl-C, before its last epoch
    std::string failure = {};    // how it diverged; empty: it did not
    std::size_t best_epoch = 0;  // whose model this is, where it is not that of the last: early stopping
    std::map<std::string, std::string> metadata = {};  // of the model's file, besides the layers

    const Autoencoder& as_trained() const { return zero_one ? *zero_one : model; }
    std::size_t epochs() const { return errors.size(); }
    int model_epoch() const { return epochs_before + static_cast<int>(best_epoch > 0 ? best_epoch : epochs()); }
    bool complete() const { return failure.empty() && !stopped; }
};

/// The model of the options and everything else that training changes, for an exercise's loop to use:
///     Training t(options, X, T);
///     while (t.next_epoch()) {
///         for (const Batch& batch : t.batches.shuffled(t.rng)) { ...; t.add(loss, batch); ... }
///         t.check_divergence(t.ws);
///     }
///     return t.finish();
/// Around the loop it keeps the learning rate to its schedule, and shows the progress line, the live chart
/// and whatever else a person watches.
class Training {
    const TrainingOptions& options_;
    const Matrix& X_;
    const Matrix& T_;
    Matrix inputs_, targets_;  // the same as pixels of 0 and 1, where these are trained on
    Matrix pixels_;

public:
    /// @param X  inputs (n, in)   @param T  their targets (n, in)   All must outlive this object.
    Training(const TrainingOptions& options, const Matrix& X, const Matrix& T);

    /// Inputs as the network is trained on them: X, or the same as pixels of 0 and 1.
    const Matrix& inputs() const { return options_.zero_one() ? inputs_ : X_; }

    /// An output as pixels in [-1, 1]; it lives until the next call.
    const Matrix& pixels(const Matrix& Y);

    /// To be called when X or T have changed.
    void data_changed();

    /// Ends one epoch and begins the next, with its learning rate.
    /// @returns false after the last one, after Ctrl-C, and once training has diverged
    bool next_epoch();

    /// Adds the loss of a batch to the mean of its epoch; if a number is not finite, training ends as by
    /// check_divergence. Call it before backward, which would spread a NaN from where it arose.
    void add(double loss, const Batch& batch);

    /// Ends training with this epoch if find_divergence finds something in `of`; `failure` of what finish()
    /// returns says what. With many seeds that is a result like any other.
    /// @param of    `ws`, or a workspace of samples in the order of X
    /// @param note  what the message says of the sample besides its name
    void check_divergence(const Workspace& of, const std::string& note = "");

    /// Makes this epoch the last one, as if it had been meant to be.
    void stop() { ended_ = true; }

    /// Does something else, such as a test, whose time is not that of the training.
    void aside(const std::function<void()>& work);

    /// What is left at the end; the model moves out of this object.
    /// @param more  workspaces of the exercise's own, in bytes
    Trained finish(std::size_t more = 0);

    Rng rng;
    Autoencoder model;
    std::unique_ptr<Optimizer> optimizer;
    Minibatches batches;
    Workspace ws;
    int epoch = 0;                                        // counted from 1
    // What a message calls row i of X, and what stands beside the error on the progress line.
    std::function<std::string(std::size_t)> sample_name = [](std::size_t i) { return "sample " + std::to_string(i + 1); };
    std::function<std::string()> details;

private:
    void show_epoch();
    void show_progress();
    void end_epoch();

    /// @param rows  which rows of X the samples of the divergence's tensor are; none: those of X
    void fail(const Divergence& divergence, const std::vector<std::size_t>* rows, const std::string& note);

    std::vector<double> errors_;
    std::vector<AnimationFrame> frames_;
    std::string failure_;
    bool ended_ = false;                           // by stop()
    std::size_t batch_ = 0;                        // of the epoch, counted from 1
    std::size_t samples_ = 0;                      // of the epoch, so far
    std::vector<std::size_t> rows_, rows_before_;  // of X that are in it, and in the batch before
    Progress progress_;
    std::optional<LiveChart> chart_;
    Trace trace_;
    std::chrono::steady_clock::time_point start_;
};

}  // namespace hourglass
