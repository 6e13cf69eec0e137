#include "hourglass/nn/minibatches.hpp"

#include <algorithm>
#include <numeric>

#include "hourglass/core/error.hpp"
#include "hourglass/core/rows.hpp"

namespace hourglass {

Minibatches::Minibatches(const Matrix& X, const Matrix& T, std::size_t batch_size)
    : X_(X), T_(T), batch_size_(batch_size), order_(X.rows()) {
    if (batch_size == 0) {
        throw ShapeError("minibatches: expected at least 1 sample a batch, got 0");
    }
    if (X.rows() != T.rows()) {
        throw ShapeError("minibatches: inputs " + shape_text(X) + " and targets " + shape_text(T) +
                         " have different numbers of rows");
    }
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
    batch_.rows = indices;
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

}  // namespace hourglass
