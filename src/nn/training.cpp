#include "hourglass/nn/training.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

#include "hourglass/core/error.hpp"

namespace hourglass {

Minibatches::Minibatches(const Matrix& X, const Matrix& T, std::size_t batch_size)
    : X_(X), T_(T), batch_size_(batch_size), order_(X.rows()) {
    assert(X.rows() == T.rows() && batch_size > 0);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
}

Minibatches& Minibatches::shuffled(Rng& rng) {
    rng.shuffle(std::span(order_));
    return *this;
}

std::size_t Minibatches::count() const {
    return (order_.size() + batch_size_ - 1) / batch_size_;
}

void Minibatches::fill(std::size_t first) {
    const std::size_t size = std::min(batch_size_, order_.size() - first);
    const auto indices = std::span(order_).subspan(first, size);
    gather_rows(batch_.X, X_, indices);
    gather_rows(batch_.T, T_, indices);
    const auto after = std::span(order_).subspan(first + size);
    const auto next = after.first(std::min(batch_size_, after.size()));
    prefetch_rows(X_, next);
    prefetch_rows(T_, next);
}

Minibatches::Iterator::Iterator(Minibatches& batches, std::size_t position)
    : batches_(&batches), position_(position) {
    if (position_ < batches_->order_.size()) {
        batches_->fill(position_);
    }
}

Minibatches::Iterator& Minibatches::Iterator::operator++() {
    position_ = std::min(position_ + batches_->batch_size_, batches_->order_.size());
    if (position_ < batches_->order_.size()) {
        batches_->fill(position_);
    }
    return *this;
}

double scheduled_learning_rate(const Schedule& schedule, double eta, int epoch, int epochs) {
    switch (schedule.kind) {
        case Schedule::Kind::constant: return eta;
        case Schedule::Kind::step:
            return eta * std::pow(schedule.step_factor, (epoch - 1) / schedule.step_epochs);
        case Schedule::Kind::cosine:
            return eta * (1 + std::cos(std::numbers::pi * (epoch - 1) / epochs)) / 2;
    }
    return eta;
}

Schedule::Kind schedule_from_name(std::string_view name) {
    for (const auto kind : {Schedule::Kind::constant, Schedule::Kind::step, Schedule::Kind::cosine}) {
        if (name == name_of(kind)) {
            return kind;
        }
    }
    throw Error("unknown schedule '" + std::string(name) + "': expected constant, step or cosine");
}

std::string_view name_of(Schedule::Kind kind) {
    switch (kind) {
        case Schedule::Kind::constant: return "constant";
        case Schedule::Kind::step: return "step";
        case Schedule::Kind::cosine: return "cosine";
    }
    return "";
}

}  // namespace hourglass
