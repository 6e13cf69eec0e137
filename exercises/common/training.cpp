#include "common/training.hpp"

#include <algorithm>
#include <cmath>

#include "hourglass/analysis/pixel_range.hpp"
#include "hourglass/core/rows.hpp"
#include "hourglass/io/program.hpp"

namespace hourglass {
namespace {

Autoencoder first_model(const TrainingOptions& o, Rng& rng) {
    Autoencoder model = o.initial_model();
    if (!o.start) {
        initialize(model, o.initialization, rng);
    }
    return model;
}

}  // namespace

Training::Training(const TrainingOptions& options, const Matrix& X, const Matrix& T)
    : options_(options),
      X_(X),
      T_(T),
      inputs_(options.zero_one() ? zero_one(X) : Matrix{}),
      targets_(options.zero_one() ? zero_one(T) : Matrix{}),
      rng(options.seed),
      model(first_model(options, rng)),
      optimizer(make_optimizer(model.parameters(), options.optimizer)),
      batches(inputs(), options.zero_one() ? targets_ : T, options.batch_size),
      ws(model, options.seed),
      progress_(options.epochs, options.quiet || options.live || !options.watched()),
      trace_(options.trace, options.seed) {
    if (!options.trace.empty()) {
        optimizer = std::make_unique<TracedOptimizer>(std::move(optimizer), trace_, model, ws);
    }
    if (options.live && options.watched()) {
        chart_.emplace("Error while training " + options.net_text(), options.error_label());
    }
    start_ = std::chrono::steady_clock::now();
}

const Matrix& Training::pixels(const Matrix& Y) {
    if (!options_.zero_one()) {
        return Y;
    }
    to_signed(pixels_, Y);
    return pixels_;
}

void Training::data_changed() {
    if (options_.zero_one()) {
        to_zero_one(inputs_, X_);
        to_zero_one(targets_, T_);
    }
}

bool Training::next_epoch() {
    if (epoch > 0) {
        end_epoch();
        show_epoch();
    }
    if (epoch == options_.epochs || ended_ || interrupted() || !failure_.empty()) {
        return false;
    }
    ++epoch;
    optimizer->set_learning_rate(
        scheduled_learning_rate(options_.schedule, options_.optimizer.learning_rate, epoch, options_.epochs));
    errors_.push_back(0);
    batch_ = samples_ = 0;
    return true;
}

void Training::add(double loss, const Batch& batch) {
    trace_.add_loss(loss, batch.T);
    ++batch_;
    std::swap(rows_, rows_before_);
    rows_.assign(batch.rows.begin(), batch.rows.end());
    errors_.back() += loss * static_cast<double>(batch.X.rows()) / static_cast<double>(X_.rows());
    samples_ += batch.X.rows();
    if (batch_ % 16 == 0) {  // a short epoch is shown at its end alone
        show_progress();
    }
    if (std::isfinite(loss) && std::isfinite(max_abs(ws.dZ.back().flat()))) {
        return;
    }
    const auto divergence = failure_.empty() ? find_divergence(model, ws) : std::nullopt;
    const std::string batch_text = "batch " + std::to_string(batch_);
    if (divergence && divergence->of_step_before) {
        fail(*divergence, &rows_before_, " in the step before " + batch_text);
    } else if (divergence) {
        fail(*divergence, &rows_, " in " + batch_text);
    } else if (failure_.empty()) {
        failure_ = "training diverged in epoch " + std::to_string(epoch) +
                   ": the loss is not a number while all that it was computed from is finite";
    }
}

void Training::check_divergence(const Workspace& of, const std::string& note) {
    const auto divergence = failure_.empty() ? find_divergence(model, of, ws) : std::nullopt;
    if (divergence) {
        fail(*divergence, &of == &ws || divergence->of_step_before ? &rows_ : nullptr, note);
    }
}

void Training::fail(const Divergence& divergence, const std::vector<std::size_t>* rows, const std::string& note) {
    failure_ = "training diverged in epoch " + std::to_string(epoch) + ": " + divergence.message();
    if (divergence.sample) {
        failure_ += " for " + sample_name(rows ? (*rows)[*divergence.sample] : *divergence.sample);
    }
    failure_ += note + (divergence.grew ? "; try a smaller learning rate" : "");
}

void Training::end_epoch() {
    if (samples_ > 0 && samples_ < X_.rows()) {  // Ctrl-C came: the mean is that of what was seen
        errors_.back() *= static_cast<double>(X_.rows()) / static_cast<double>(samples_);
    }
}

void Training::aside(const std::function<void()>& work) {
    const auto before = std::chrono::steady_clock::now();
    work();
    start_ += std::chrono::steady_clock::now() - before;
}

void Training::show_progress() {
    if (progress_.due()) {
        const double seen = static_cast<double>(samples_) / static_cast<double>(X_.rows());
        progress_.show("epoch", epoch - 1 + seen,
                       text("batch %zu/%zu  error %.3g ", batch_, batches.count(), errors_.back() / seen) +
                           (details ? details() : ""));
    }
}

void Training::show_epoch() {
    if (progress_.due()) {
        progress_.show("epoch", epoch, text("error %.3g ", errors_.back()) + (details ? details() : ""));
    }
    if (chart_) {
        chart_->add(errors_.back());
    }
    if (options_.animate && is_animation_frame(epoch, options_.epochs)) {
        frames_.push_back({model.encode(inputs()), "epoch " + std::to_string(epoch), {}});
    }
}

Trained Training::finish(std::size_t more) {
    progress_.clear();
    trace_.finish(model);
    // A parameter has its value and gradient, and two moments for adam, one number for the others.
    const std::size_t of_parameter = options_.optimizer.name == "adam" ? 4 : 3;
    const std::size_t rows = std::min(options_.batch_size, X_.rows());
    const std::size_t of_data = X_.size() + (&T_ == &X_ ? 0 : T_.size()) + inputs_.size() + targets_.size();
    const TrainingMemory memory = {.parameters = sizeof(Scalar) * of_parameter * model.parameter_count(),
                                   .workspace = ws.bytes(rows) + more,
                                   .data = sizeof(Scalar) * (of_data + rows * (X_.cols() + T_.cols()))};
    const auto end = std::chrono::steady_clock::now();
    return {
        .model = options_.zero_one() ? for_signed_pixels(model) : model,
        .zero_one = options_.zero_one() ? std::optional(model) : std::nullopt,
        .seed = options_.start && options_.epochs == 0 ? options_.start->seed : options_.seed,
        .epochs_before = options_.start ? options_.start->epoch : 0,
        .errors = std::move(errors_),
        .frames = std::move(frames_),
        .seconds = std::chrono::duration<double>(end - start_).count(),
        .memory = memory,
        .stopped = failure_.empty() && ((epoch < options_.epochs && !ended_) || (epoch > 0 && samples_ < X_.rows())),
        .failure = failure_};
}

}  // namespace hourglass
