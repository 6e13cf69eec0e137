#pragma once

#include <span>
#include <vector>

#include "hourglass/core/matrix.hpp"
#include "hourglass/core/random.hpp"

namespace hourglass {

/// One minibatch: inputs X (n, in) and their targets T (n, out), and which rows of the data set they are.
struct Batch {
    Matrix X;
    Matrix T;
    std::span<const std::size_t> rows;  // (n)
};

/// Deals a data set out in minibatches, in a new order each epoch:
///     for (const Batch& batch : batches.shuffled(rng)) { ... }
/// The last batch holds what is left over. Allocates only for the first batch.
class Minibatches {
public:
    /// @param X  inputs (N, in)   @param T  targets (N, out)   Both must outlive this object.
    /// @throws ShapeError  if they have different numbers of rows, or a batch has none
    Minibatches(const Matrix& X, const Matrix& T, std::size_t batch_size);

    /// Puts this object's batches into a new order from `rng`. A batch is valid until the loop moves on.
    Minibatches& shuffled(Rng& rng);

    /// Batches an epoch: ceil(N / batch_size).
    std::size_t count() const;

    /// What a range-based for needs: an input iterator that fills the one batch as it moves on.
    class Iterator {
    public:
        Iterator(Minibatches& batches, std::size_t position);
        const Batch& operator*() const { return batches_->batch_; }
        Iterator& operator++();
        bool operator!=(const Iterator& other) const { return position_ != other.position_; }

    private:
        Minibatches* batches_;
        std::size_t position_;  // of the batch's first sample in the order
    };
    Iterator begin() { return {*this, 0}; }
    Iterator end() { return {*this, order_.size()}; }

private:
    void fill(std::size_t first);

    const Matrix& X_;
    const Matrix& T_;
    std::size_t batch_size_;
    std::vector<std::size_t> order_;  // a permutation of 0 ... N - 1
    Batch batch_;
};

}  // namespace hourglass
