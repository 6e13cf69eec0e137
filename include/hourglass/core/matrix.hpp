#pragma once

#include <cassert>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "hourglass/core/aligned_allocator.hpp"
#include "hourglass/core/scalar.hpp"

namespace hourglass {

/// A vector that a layer owns, such as its biases b (out).
using Vector = std::vector<Scalar, AlignedAllocator<Scalar>>;

/// A dense matrix: row-major, contiguous, owning; a regular value type. In a batch, row i is
/// sample i. There are no arithmetic operators: the three products of backprop are in matmul.hpp.
class Matrix {
public:
    Matrix() = default;
    Matrix(std::size_t rows, std::size_t cols, Scalar value = 0)
        : rows_(rows), cols_(cols), values_(rows * cols, value) {}

    /// Written out: `Matrix X = {{1, 2}, {3, 4}};`
    /// @pre  all rows are of one length
    Matrix(std::initializer_list<std::initializer_list<Scalar>> rows);

    std::size_t rows() const { return rows_; }
    std::size_t cols() const { return cols_; }
    std::size_t size() const { return values_.size(); }
    bool empty() const { return values_.empty(); }

    Scalar& operator()(std::size_t i, std::size_t j) {
        assert(i < rows_ && j < cols_);
        return values_[i * cols_ + j];
    }
    Scalar operator()(std::size_t i, std::size_t j) const {
        assert(i < rows_ && j < cols_);
        return values_[i * cols_ + j];
    }

    /// Row i (cols).
    std::span<Scalar> row(std::size_t i) {
        assert(i < rows_);
        return {values_.data() + i * cols_, cols_};
    }
    std::span<const Scalar> row(std::size_t i) const {
        assert(i < rows_);
        return {values_.data() + i * cols_, cols_};
    }

    /// All values, row after row (rows * cols).
    std::span<Scalar> flat() { return values_; }
    std::span<const Scalar> flat() const { return values_; }

    /// Changes the shape; the values are unspecified afterwards. Allocates only to grow, which is
    /// why a training step with a workspace of its own allocates nothing.
    void resize(std::size_t rows, std::size_t cols) {
        rows_ = rows;
        cols_ = cols;
        values_.resize(rows * cols);
    }

    friend bool operator==(const Matrix&, const Matrix&) = default;

private:
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
    Vector values_;
};

/// "(32, 35)", for messages.
std::string shape_text(std::size_t rows, std::size_t cols);
inline std::string shape_text(const Matrix& V) { return shape_text(V.rows(), V.cols()); }

/// @throws ShapeError  "what: (32, 34) and (32, 35) are not of one shape", unless they are
void require_same_shape(const char* what, const Matrix& U, const Matrix& V);

}  // namespace hourglass
